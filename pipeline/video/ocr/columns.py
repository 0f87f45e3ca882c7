"""Columns of text on a screen: which lines belong together before they are read downwards."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from statistics import median
from typing import Protocol, TypeVar

GUTTER = 0.5  # of the height of a line: the empty space between two columns at least
LEAST_ROWS = 3  # in each column
SHORT = 12  # characters: cells of a table are shorter on average, lines of a column longer
EDGE_ROWS = 5  # a heading above or a footer below the columns has at most so many rows


class PlacedLine(Protocol):
    """A piece of text: its rectangle in pixels."""

    @property
    def left(self) -> int: ...
    @property
    def top(self) -> int: ...
    @property
    def right(self) -> int: ...
    @property
    def bottom(self) -> int: ...
    @property
    def text(self) -> str: ...


L = TypeVar("L", bound=PlacedLine)


def blocks(lines: Sequence[L]) -> list[list[L]]:
    """The columns in reading order, with what stands above and below them.

    A table or a diagram, whose cells stand side by side row for row, is one block.
    """
    rows = rows_of(lines)
    for above in range(min(EDGE_ROWS, len(rows)) + 1):
        for below in range(min(EDGE_ROWS, len(rows) - above) + 1):
            end = len(rows) - below
            if split := _split(_flat(rows[above:end])):
                gutter = _middle_of_gutter(*split)
                above -= _leaving_free(rows[:above][::-1], gutter)
                end += _leaving_free(rows[end:], gutter)
                columns = _flat(rows[above:end])
                left = [line for line in columns if line.right <= gutter]
                right = [line for line in columns if line.right > gutter]
                parts = [_flat(rows[:above]), *blocks(left), *blocks(right), _flat(rows[end:])]
                return [part for part in parts if part]
    return [_flat(rows)] if rows else []


def _middle_of_gutter(left: Sequence[L], right: Sequence[L]) -> float:
    return (max(line.right for line in left) + min(line.left for line in right)) / 2


def _leaving_free(rows: Sequence[Sequence[L]], gutter: float) -> int:
    """How many of the first rows do not cross the gutter: they go on in the columns."""
    free = (all(line.right <= gutter or line.left >= gutter for line in row) for row in rows)
    return sum(1 for _ in takewhile(bool, free))


def rows_of(lines: Sequence[L]) -> list[list[L]]:
    """The lines whose middles lie within each other's height, each row from left to right."""
    rows: list[list[L]] = []
    for line in sorted(lines, key=lambda line: (line.top + line.bottom, line.left)):
        middle = (line.top + line.bottom) / 2
        if rows and rows[-1][0].top < middle < rows[-1][0].bottom:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.left) for row in rows]


def _flat(rows: Sequence[Sequence[L]]) -> list[L]:
    return [line for row in rows for line in row]


def _split(lines: Sequence[L]) -> tuple[list[L], list[L]] | None:
    """The lines left and right of the widest gutter that runs through all of them, or None."""
    if len(lines) < 2 * LEAST_ROWS:
        return None
    height = median(line.bottom - line.top for line in lines)
    best: tuple[float, int] | None = None
    reach = 0
    by_left = sorted(lines, key=lambda line: line.left)
    for k, line in enumerate(by_left):
        gutter = line.left - reach
        if k and gutter >= GUTTER * height and (best is None or gutter > best[0]):
            left, right = by_left[:k], by_left[k:]
            if _are_columns(left, right):
                best = (gutter, k)
        reach = max(reach, line.right)
    if best is None:
        return None
    return by_left[: best[1]], by_left[best[1] :]


def _are_columns(left: Sequence[L], right: Sequence[L]) -> bool:
    if len(rows_of(left)) < LEAST_ROWS or len(rows_of(right)) < LEAST_ROWS:
        return False
    shared = min(_bottom(left), _bottom(right)) - max(_top(left), _top(right))
    if shared < 0.5 * min(_bottom(left) - _top(left), _bottom(right) - _top(right)):
        return False
    short = min(_length(left), _length(right)) < SHORT
    return not (short and _side_by_side(left, right))


def _side_by_side(left: Sequence[L], right: Sequence[L]) -> bool:
    """Whether nearly every line of the shorter side has one of the other side beside it."""
    few, many = sorted((left, right), key=len)
    beside = 0
    for line in few:
        middle = (line.top + line.bottom) / 2
        tolerance = (line.bottom - line.top) / 4
        beside += any(abs((one.top + one.bottom) / 2 - middle) <= tolerance for one in many)
    return beside >= 0.7 * len(few)


def _top(lines: Sequence[L]) -> int:
    return min(line.top for line in lines)


def _bottom(lines: Sequence[L]) -> int:
    return max(line.bottom for line in lines)


def _length(lines: Sequence[L]) -> float:
    return sum(len(line.text) for line in lines) / len(lines)
