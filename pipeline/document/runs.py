"""Runs: the text of a block as stretches of one kind in one style."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import regex

from pipeline.document.characters import clean_prose

Kind = Literal["text", "code", "formula", "citation", "note", "break"]
Style = Literal["strong", "emphasis", "deleted", "subscript", "superscript", "keyboard"]

STYLES: tuple[Style, ...] = (
    "strong",
    "emphasis",
    "deleted",
    "subscript",
    "superscript",
    "keyboard",
)
# A line of Chinese or Japanese that was broken goes on without a space.
_EAST_ASIAN = r"[\p{Han}\p{Hiragana}\p{Katakana}\u3000-\u303f\uff00-\uffef]"
_BROKEN = regex.compile(rf"(?<={_EAST_ASIAN}) *\n *(?={_EAST_ASIAN})")
_SPACES = re.compile(r"[ \t\n]+")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of one kind in one style.

    ``text`` is what a reader sees (text, code), LaTeX (formula), ids (citation: ``s0012-s0015``),
    a footnote's label (note), or a newline (break). ``link`` is where it leads, "" for nowhere.
    """

    kind: Kind
    text: str
    styles: frozenset[Style] = frozenset()
    link: str = ""


def tidied(found: Iterable[Run]) -> tuple[Run, ...]:
    """The runs in the one form that looks the same.

    Spaces are single, none at the ends or beside a break; a style begins and ends at something
    visible; no two runs in a row could be one.
    """
    made = _without_outer_spaces(_parted_formulas(_merged(_clean(one) for one in found)))
    for style in STYLES:
        if any(style in one.styles for one in made):
            made = _trimmed(made, style)
    return tuple(_merged(made))


def words_in(found: Iterable[Run]) -> str:
    """What a reader reads: code and LaTeX as they stand, no citations, no labels of footnotes."""
    shown = {"citation": "", "note": "", "break": " "}
    return " ".join("".join(shown.get(one.kind, one.text) for one in found).split())


def _clean(one: Run) -> Run:
    if one.kind == "text":
        return _with_text(one, clean_prose(one.text))
    if one.kind == "code":
        return replace(one, text=re.sub(r"[\t\n]", " ", clean_prose(one.text)))
    if one.kind == "formula":
        latex = " ".join(clean_prose(one.text).split())
        # A formula within a formula: "\(...\)" could not hold it.
        return replace(one, kind="code" if "\\)" in latex else "formula", text=latex)
    if one.kind == "break":
        return one
    return Run(one.kind, one.text)


def _merged(found: Iterable[Run]) -> list[Run]:
    made: list[Run] = []
    for one in found:
        last = made[-1] if made else None
        if not one.text:
            continue
        if last and one.kind in ("text", "code") and _look_alike(one, last):
            made[-1] = replace(last, text=last.text + one.text)
        elif not (last and last.kind == one.kind == "break"):
            made.append(one)
    return [
        _with_text(one, _single_spaced(one.text)) if one.kind == "text" else one for one in made
    ]


def _look_alike(one: Run, other: Run) -> bool:
    return (one.kind, one.styles, one.link) == (other.kind, other.styles, other.link)


def _single_spaced(text: str) -> str:
    return _SPACES.sub(" ", _BROKEN.sub("", text) if "\n" in text else text)


def _with_text(one: Run, text: str) -> Run:
    return one if text == one.text else replace(one, text=text)


def _parted_formulas(found: Sequence[Run]) -> list[Run]:
    """A space between two formulas that touch, so that their marks do not."""
    made = list(found[:1])
    for before, one in pairwise(found):
        if before.kind == one.kind == "formula":
            made.append(Run("text", " "))
        made.append(one)
    return made


def _without_outer_spaces(found: Sequence[Run]) -> list[Run]:
    """No space at the ends and beside breaks, and only one space where two runs meet."""
    made: list[Run] = []
    open_end = True  # nothing visible since the start or the last break
    for one in found:
        if one.kind == "text" and (open_end or _ends_in_space(made)):
            one = _with_text(one, one.text.lstrip() if open_end else one.text.lstrip(" "))
        if one.kind == "break":
            _strip_end(made)
            if not made or made[-1].kind == "break":
                continue
        if one.text:
            made.append(one)
            open_end = one.kind == "break"
    _strip_end(made)
    if made and made[-1].kind == "break":
        made.pop()
        _strip_end(made)
    return made


def _ends_in_space(made: Sequence[Run]) -> bool:
    return bool(made) and made[-1].kind == "text" and made[-1].text.endswith(" ")


def _strip_end(made: list[Run]) -> None:
    while made and made[-1].kind == "text":
        text = made[-1].text.rstrip()
        if text:
            made[-1] = _with_text(made[-1], text)
            return
        made.pop()


def _trimmed(found: Sequence[Run], style: Style) -> list[Run]:
    """The style taken from spaces and breaks at both ends of each stretch that has it."""
    made: list[Run] = []
    stretch: list[Run] = []
    for one in [*found, None]:
        if one is not None and style in one.styles:
            stretch.append(one)
            continue
        made += _trimmed_stretch(stretch, style)
        stretch = []
        if one is not None:
            made.append(one)
    return made


def _trimmed_stretch(stretch: Sequence[Run], style: Style) -> list[Run]:
    before, inside = _split_spaces(stretch, style, at_end=False)
    inside, after = _split_spaces(inside, style, at_end=True)
    return [*before, *inside, *after]


def _split_spaces(
    stretch: Sequence[Run], style: Style, at_end: bool
) -> tuple[list[Run], list[Run]]:
    """The stretch in two parts, where the outer one is blank and has lost the style."""
    rest = list(stretch)
    outer: list[Run] = []
    while rest:
        one = rest[-1 if at_end else 0]
        bare = one.styles - {style}
        if one.kind == "break":
            rest.pop(-1 if at_end else 0)
            outer.append(replace(one, styles=bare))
            continue
        if one.kind != "text":
            break
        text = one.text.rstrip() if at_end else one.text.lstrip()
        blank = one.text[len(text) :] if at_end else one.text[: len(one.text) - len(text)]
        if blank:
            outer.append(replace(one, text=blank, styles=bare))
        if text:
            rest[-1 if at_end else 0] = replace(one, text=text)
            break
        rest.pop(-1 if at_end else 0)
    return (rest, outer[::-1]) if at_end else (outer, rest)
