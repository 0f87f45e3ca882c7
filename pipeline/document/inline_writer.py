"""Runs as inline Markdown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pipeline.document.maths import between_dollars
from pipeline.document.runs import STYLES, Run, Style

_MARKS: dict[str, tuple[str, str]] = {
    "strong": ("**", "**"),
    "emphasis": ("*", "*"),
    "deleted": ("~~", "~~"),
    "subscript": ("<sub>", "</sub>"),
    "superscript": ("<sup>", "</sup>"),
    "keyboard": ("<kbd>", "</kbd>"),
}
_LINK = "link "
# What would be read as markup where it stands, here or by other readers of Markdown.
_NEEDED = re.compile(
    r"[\\`$]|(?<! )\*|\*(?! )|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#?\w+;)"
    r"|~(?=~)|(?<=~)~|(?<=!)\[|\[(?=[\[^])|\](?=[(\[])"
)
_WEB = re.compile(r"https?://[^\s<>]+")
_ALL = re.compile(r"[\\`*_{}\[\]<>&$~!#^|]")
# A backslash before a bracket begins a formula; before "&" not every reader takes it.
_LIGHT = {"&": "&amp;", "[": "&#91;", "]": "&#93;"}
# Python's markdown, on which MkDocs stands, knows no backslash before these; in a notebook one has
# to stand before a dollar.
FOR_NOTEBOOKS = {**_LIGHT, "<": "&lt;"}
PORTABLE = {**FOR_NOTEBOOKS, "$": "&#36;", "~": "&#126;"}
_ENTITIES = {**_LIGHT, "<": "&lt;", "\\": "&#92;", "`": "&#96;", "$": "&#36;"}


def written(
    found: Sequence[Run],
    safe: bool = False,
    hard_break: str = "\\\n",
    entities: Mapping[str, str] = _LIGHT,
) -> str:
    """The Markdown of tidied runs.

    Args:
        safe: escape all that could ever be markup, and write formulas as ``\\\\(x\\\\)``; else only
            what is markup where it stands, so that a user reads it easily.
        hard_break: what stands for a line break.
        entities: what has to be written otherwise than with a backslash.
    """
    out = ""
    open_marks: list[str] = []
    for at, one in enumerate(found):
        following = found[at + 1] if at + 1 < len(found) else None
        wanted = _marks_of(one)
        if not safe and _is_bare_address(found, at):
            wanted.discard(_LINK + one.link)
        while any(mark not in wanted for mark in open_marks):
            out += _closing(open_marks.pop())
        for mark in sorted(wanted - set(open_marks), key=lambda mark: _order(found, at, mark)):
            out += "[" if mark.startswith(_LINK) else _MARKS[mark][0]
            open_marks.append(mark)
        if one.kind == "break":
            out += hard_break
        else:
            out += _content(one, out[-1:], following, safe, entities)
    while open_marks:
        out += _closing(open_marks.pop())
    return out


def _marks_of(one: Run) -> set[str]:
    return {*one.styles, *([_LINK + one.link] if one.link else [])}


def _order(found: Sequence[Run], at: int, mark: str) -> tuple[int, int]:
    """What reaches further is opened first; else links, then styles in their order."""
    end = at
    while end < len(found) and mark in _marks_of(found[end]):
        end += 1
    return -end, 0 if mark.startswith(_LINK) else 1 + [*STYLES].index(_style(mark))


def _style(mark: str) -> Style:
    return next(style for style in STYLES if style == mark)


def _closing(mark: str) -> str:
    if not mark.startswith(_LINK):
        return _MARKS[mark][1]
    address = mark.removeprefix(_LINK)
    address = re.sub(r"&(?=#?\w+;)", "&amp;", address)
    if re.search(r"[()\\]", address):
        address = f"<{address}>"
    return f"]({address})"


def _is_bare_address(found: Sequence[Run], at: int) -> bool:
    """Whether a link is nothing but its address."""
    one = found[at]
    beside = [*found[max(0, at - 1) : at], *found[at + 1 : at + 2]]
    return (
        one.kind == "text"
        and one.text == one.link
        and bool(_WEB.fullmatch(one.link))
        and all(other.link != one.link for other in beside)
    )


def _content(
    one: Run, before: str, following: Run | None, safe: bool, entities: Mapping[str, str]
) -> str:
    if one.kind == "code":
        return _code(one.text)
    if one.kind == "citation":
        return f"[[{one.text}]]"
    if one.kind == "note":
        return f"[^{one.text}]"
    if one.kind == "formula":
        after = following.text if following and following.kind == "text" else ""
        plain = not safe and between_dollars(before, one.text, after)
        return f"${one.text}$" if plain else f"\\({one.text}\\)"
    if safe:
        return _ALL.sub(lambda found: _ENTITIES.get(found[0], "\\" + found[0]), one.text)
    if one.link == one.text and not before.endswith("["):
        return f"<{one.text}>"
    text = _NEEDED.sub(lambda found: entities.get(found[0], "\\" + found[0]), one.text)
    # Before a link, "!" would make a picture of it.
    return text[:-1] + "\\!" if text.endswith("!") and following and following.link else text


def _code(text: str) -> str:
    longest = {len(ticks) for ticks in re.findall("`+", text)}
    fence = "`" * next(count for count in range(1, len(longest) + 2) if count not in longest)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    if text.startswith(" ") and text.endswith(" ") and text.strip(" "):
        pad = " "
    return f"{fence}{pad}{text}{pad}{fence}"
