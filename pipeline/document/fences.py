"""Fenced blocks of Markdown, by the rules of CommonMark: length, indent, and unclosed ones."""

from __future__ import annotations

import re
from dataclasses import dataclass

_OPEN = re.compile(r"^(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)$")


@dataclass(frozen=True)
class Fence:
    """One fenced block.

    Args:
        start: the index of its opening line.
        end: the index after its closing line.
        indent: what stands before the fence (in a list, for instance).
        info: the words after the opening fence, as they are.
        body: the text between, without the indent; ends with a newline unless empty.
        closed: False when the text ended before it did.
    """

    start: int
    end: int
    indent: str
    info: str
    body: str
    closed: bool

    @property
    def language(self) -> str:
        """The first word of the info, in lower case; empty when there is none.

        >>> Fence(0, 2, "", " Python raises-exception", "", True).language
        'python'
        """
        words = self.info.replace("{", " ").replace("}", " ").split()
        return words[0].lower().lstrip(".") if words else ""

    @property
    def tags(self) -> tuple[str, ...]:
        """The words after the language."""
        words = self.info.replace("{", " ").replace("}", " ").replace(",", " ").split()
        return tuple(words[1:])


def fences(markdown: str) -> list[Fence]:
    """All fenced blocks of ``markdown``, in order; those inside another are part of its body."""
    lines = markdown.split("\n")
    found = []
    at = 0
    while at < len(lines):
        opening = _opening(lines[at])
        if opening is None:
            at += 1
            continue
        fence = _read(lines, at, opening)
        found.append(fence)
        at = fence.end
    return found


def _opening(line: str) -> re.Match[str] | None:
    match = _OPEN.match(line)
    # Backticks in the info mean that this is inline code.
    if match and match["fence"].startswith("`") and "`" in match["info"]:
        return None
    return match


def _read(lines: list[str], start: int, opening: re.Match[str]) -> Fence:
    mark, indent = opening["fence"], opening["indent"]
    closing = re.compile(rf"^[ \t]*{re.escape(mark[0])}{{{len(mark)},}}[ \t]*$")
    end = start + 1
    while end < len(lines) and not closing.match(lines[end]):
        end += 1
    body = [_without(indent, line) for line in lines[start + 1 : end]]
    closed = end < len(lines)
    text = "".join(f"{line}\n" for line in body)
    return Fence(start, end + 1 if closed else end, indent, opening["info"].strip(), text, closed)


def _without(indent: str, line: str) -> str:
    kept = 0
    while kept < len(indent) and kept < len(line) and line[kept] in " \t":
        kept += 1
    return line[kept:]


def block(info: str, body: str, indent: str = "") -> list[str]:
    """The lines of a fenced block; the fence is longer than any in ``body``.

    >>> block("python", "x = 1\\n")
    ['```python', 'x = 1', '```']
    """
    sign = "~" if "`" in info else "`"
    runs = [len(run) for run in re.findall(rf"^[ \t]*({sign}{{3,}})", body, re.MULTILINE)]
    mark = sign * max([3, *(run + 1 for run in runs)])
    opening = f"{mark} {info}" if info.startswith(sign) else mark + info
    inside = body.removesuffix("\n").split("\n") if body else []
    return [
        (indent + line).rstrip() if not line else indent + line for line in [opening, *inside, mark]
    ]
