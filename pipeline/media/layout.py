"""From pieces of text with rectangles to lines with indentation: pure geometry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import Protocol

# The number of a notebook cell or of a line, standing in the margin before the code.
_MARGIN = re.compile(r"(?:In ?)?\[[ \d*]{0,4}\]:?(?=\s|$)\s*")


class Piece(Protocol):
    """What is laid out: a rectangle in pixels, and its text."""

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


def lay_out(pieces: Iterable[Piece]) -> str:
    """The pieces as text: rows from top to bottom, each from left to right.

    Leading spaces are measured from the leftmost text of the column of rows, in widths of a
    character; wide gaps within a row become two spaces or more.
    """
    rows = _rows(sorted(pieces, key=lambda piece: (piece.top + piece.bottom, piece.left)))
    lines = [_line(row) for row in rows]
    if not lines:
        return ""
    margin = min(left for left, _, _ in lines)
    out = []
    for left, width, text in lines:
        indent = round((left - margin) / width) if width else 0
        out.append(" " * max(0, indent) + text)
    return "\n".join(out)


def _rows(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces whose middles lie within each other's height share a row."""
    rows: list[list[Piece]] = []
    for piece in pieces:
        middle = (piece.top + piece.bottom) / 2
        if rows and rows[-1][0].top < middle < rows[-1][0].bottom:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.left) for row in rows]


def _line(row: Sequence[Piece]) -> tuple[float, float, str]:
    """A row's left edge, the width of its characters, and its text without the cell number."""
    width = median((piece.right - piece.left) / max(len(piece.text), 1) for piece in row)
    left = float(row[0].left)
    text = row[0].text
    if match := _MARGIN.match(text):
        text = text[match.end() :]
        left += match.end() * width
    for before, piece in pairwise(row):
        gap = (piece.left - before.right) / width if width else 1
        text += (" " * max(1, round(gap)) if gap < 8 else "    ") + piece.text
    return left, width, text
