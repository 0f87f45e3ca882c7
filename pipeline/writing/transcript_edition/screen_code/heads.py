"""Code cut at the heads of definitions: a view may begin in the middle of one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.writing.transcript_edition.screen_code.documents import SeenRow
from pipeline.writing.transcript_edition.screen_code.indentation import STEPS

_HEAD = re.compile(r"\s*(?:def|class|async def)\s")
_IN_DEFINITION = re.compile(r"(?:return|yield)\b|self\.")


@dataclass(frozen=True)
class Line:
    """A line of code: its text, and the row it was read from."""

    text: str
    row: SeenRow


def parts_at_heads(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """The lines cut where a definition stands left of all above it, which is code of its own; or
    the rest of another definition, whose head is out of view: that is left out."""
    begin = 0
    least = float("inf")
    for place, line in enumerate(lines):
        column = column_of(line.text)
        if _HEAD.match(line.text) and column + STEPS[-1] <= least < float("inf"):
            end = place
            while column_of(lines[end - 1].text) == column:
                end -= 1  # comments and decorators
            if not _is_rest(lines[begin:end]):
                yield lines[begin:end]
            begin = end
        if not line.text.lstrip().startswith(("#", "@")):
            least = min(least, column)
    yield lines[begin:]


def _is_rest(lines: Sequence[Line]) -> bool:
    """Whether it stands in a definition: at its margin it returns, or sets what ``self`` has."""
    least = min(column_of(line.text) for line in lines)
    return any(
        _IN_DEFINITION.match(line.text.lstrip()) and column_of(line.text) < least + STEPS[-1]
        for line in lines
    )


def column_of(text: str) -> int:
    """The column in which the text begins."""
    return len(text) - len(text.lstrip())
