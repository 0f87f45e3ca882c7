"""Code of which a statement was not read: the smallest one that does not parse is left out.

Where it stood stands ``...``, so that what is around it keeps its place and its meaning. Code with
such a gap is shown beside its picture, and never run.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.writing.transcript_edition.screen_code.indentation import FURTHEST_OFF, Shaped
from pipeline.writing.transcript_edition.screen_code.repair import (
    MOST_LINES,
    MOST_SHARE,
    broken_line,
    repaired_line,
)

GAP = "..."
_LEAST_LINES = 5  # of a statement: less says nothing without the line that is missing
_MOST_LOST = 0.4  # of its lines: with more missing it is text, or was read too badly


@dataclass(frozen=True)
class ReadLine:
    """A line of a statement: what it says, its level, and the number of the line it was read from.

    ``continues`` is true within brackets or strings that began above; ``gap`` for one that stands
    for what was not read.
    """

    text: str
    level: int
    continues: bool
    number: int
    gap: bool = False


def read_lines(
    statement: Sequence[Shaped], is_code: Callable[[ast.stmt], bool]
) -> list[ReadLine] | None:
    """The lines of one statement of a program, with gaps where a statement within it was not read.

    None where it does not parse and cannot be saved so.

    Args:
        is_code: whether a node is a statement, and not plain words that parse as one.
    """
    lines = [
        ReadLine(one.source, one.level, one.continues, number)
        for number, one in enumerate(statement)
    ]
    unsure = [
        number
        for number, one in enumerate(statement)
        if abs(one.off) > FURTHEST_OFF and not one.text.startswith("#")
    ]
    for number in reversed(unsure):
        lines = _left_out(lines, *_logical(lines, min(number, len(lines) - 1), whole=True))
    repairs, most = 0, max(MOST_LINES, int(MOST_SHARE * len(lines)))
    while (at := _broken(lines, is_code)) is not None:
        better = repaired_line([one.text for one in lines], at) if repairs < most else None
        if better is not None:
            repairs += 1
            lines = [
                ReadLine(text, one.level, one.continues, one.number, one.gap)
                for text, one in zip(better, lines, strict=True)
            ]
            continue
        found = (_left_out(lines, *span) for span in _spans(lines, at))
        further = next((one for one in found if _goes_further(one, at, lines, is_code)), None)
        if further is None:
            return None
        lines = further
    return _joined(lines) if _is_enough(lines, len(statement)) else None


def _joined(lines: Sequence[ReadLine]) -> list[ReadLine]:
    """The lines, gaps that follow each other as one."""
    found: list[ReadLine] = []
    for one in lines:
        if not (one.gap and found and found[-1].gap and found[-1].level == one.level):
            found.append(one)
    return found


def _is_enough(lines: Sequence[ReadLine], count: int) -> bool:
    if not any(one.gap for one in lines):
        return True
    kept = sum(not one.gap for one in lines)
    return kept >= _LEAST_LINES and kept >= (1 - _MOST_LOST) * count


def _broken(lines: Sequence[ReadLine], is_code: Callable[[ast.stmt], bool]) -> int | None:
    """The index of the line at which the code breaks, or that is no statement; None if it is
    sound."""
    texts = [one.text for one in lines]
    at = broken_line(texts)
    if at is not None:
        # Python tells of a string or bracket that is never closed before what breaks above it.
        while (above := broken_line(texts[:at])) is not None and above < at - 1:
            at = above
        return at
    tree = ast.parse("\n".join(texts) + "\n")
    inner = [
        node.lineno - 1
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and node not in tree.body and not is_code(node)
    ]
    return min(inner, default=None)


def _goes_further(
    lines: Sequence[ReadLine],
    before: int,
    former: Sequence[ReadLine],
    is_code: Callable[[ast.stmt], bool],
) -> bool:
    at = _broken(lines, is_code)
    return at is None or lines[at].number > former[before].number


def _spans(lines: Sequence[ReadLine], at: int) -> Iterator[tuple[int, int]]:
    """What may be left out for the code to go on behind line ``at``, the smallest first."""
    start, end = _logical(lines, at)
    spans = [(start, end), _logical(lines, at, whole=True)]
    if start > 0:
        before, _ = _logical(lines, start - 1)
        spans += [(before, start), (before, end)]
    level = lines[start].level
    for place in range(start - 1, -1, -1):
        if not lines[place].continues and lines[place].level < level:
            level = lines[place].level
            head, body = _logical(lines, place)
            whole = _logical(lines, place, whole=True)[1]
            spans += [(body, whole), (head, whole)]
    # The first line says what it is.
    yield from sorted({s for s in spans if 0 < s[0] < s[1]}, key=lambda s: (s[1] - s[0], s))


def _logical(lines: Sequence[ReadLine], at: int, whole: bool = False) -> tuple[int, int]:
    """The lines of the statement in which line ``at`` stands; with ``whole`` its block, too."""
    start = at
    while start > 0 and lines[start].continues:
        start -= 1
    end = start + 1
    while end < len(lines) and (
        lines[end].continues or (whole and lines[end].level > lines[start].level)
    ):
        end += 1
    return start, end


def _left_out(lines: Sequence[ReadLine], start: int, end: int) -> list[ReadLine]:
    first = lines[start]
    indent = len(first.text) - len(first.text.lstrip())
    gap = ReadLine(" " * indent + GAP, first.level, False, first.number, gap=True)
    return [*lines[:start], gap, *lines[end:]]
