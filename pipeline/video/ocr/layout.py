"""From lines of text with their places to text in reading order: pure geometry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from pipeline.video.ocr.columns import blocks, rows_of
from pipeline.video.ocr.lines import OcrWord, TextLine

# The number of a notebook cell, standing in the margin: [1], In [12]:, Out[3]:
_CELL = re.compile(r"(?:In|Out)?\s?\[[ \d*]{0,4}\]:?(?=\s|$)\s*")
_NUMBER = re.compile(r"\d{1,4}(?=\s|$)\s*")
WIDEST_GAP = 4  # spaces: wider gaps between pieces of one line say no more


@dataclass(frozen=True)
class _Row:
    left: float
    text: str


def lay_out(lines: Iterable[TextLine]) -> str:
    """The lines as text: columns from left to right, rows from top to bottom.

    Leading spaces are measured from the leftmost row of the column, in widths of a character.
    Cell numbers and line numbers in the margin are left out.
    """
    return "\n".join(_block(block) for block in blocks(tuple(lines)))


def _block(lines: Sequence[TextLine]) -> str:
    width = character_width(lines)
    rows = [_row(row, width) for row in rows_of(lines)]
    rows = [row for row in _without_line_numbers(rows, width) if row.text]
    if not rows:
        return ""
    least = min(row.left for row in rows)
    margin = median(row.left for row in rows if row.left - least < 0.7 * width)
    indents = snapped([(row.left - margin) / width for row in rows])
    pairs = zip(indents, rows, strict=True)
    return "\n".join(" " * indent + row.text for indent, row in pairs)


def snapped(indents: Sequence[float]) -> list[int]:
    """Measured indents, in characters, as whole ones; none is less than 0.

    Where nearly all stand a multiple of one step from the most usual one, as in code, they become
    multiples of 2, 4 or 8, whichever is nearest to the step: the width of a character is measured
    a little wrong, and a line a character too far left or right now and then.
    """
    base = _most_usual(indents)
    away = [indent - base for indent in indents]
    step = _step([indent for indent in away if indent > 1])
    if step is None:
        return [
            max(0, round(base if abs(from_base) < 1.2 else indent))
            for indent, from_base in zip(indents, away, strict=True)
        ]
    whole = min((2, 4, 8), key=lambda size: abs(size - step))
    return [
        max(0, round(base) + whole * round(from_base / step))
        if _off(from_base, step) < 0.35 * step
        else max(0, round(indent))
        for indent, from_base in zip(indents, away, strict=True)
    ]


def _step(indents: Sequence[float]) -> float | None:
    """The largest step of which nearly all of at least three indents are multiples."""
    if len(indents) < 3:
        return None
    for tenths in range(90, 17, -1):
        step = tenths / 10
        if sum(_off(indent, step) < 0.14 * step for indent in indents) >= 0.8 * len(indents):
            return step
    return None


def _off(indent: float, step: float) -> float:
    """How far ``indent`` is from the nearest multiple of ``step``."""
    return abs(indent - step * round(indent / step))


def _most_usual(indents: Sequence[float]) -> float:
    """The middle of the largest group of indents that differ by less than a character."""
    if not indents:
        return 0.0
    near = [[one for one in indents if abs(one - indent) < 0.8] for indent in indents]
    sizes = [len(group) for group in near]
    return median(near[sizes.index(max(sizes))])


def character_width(lines: Sequence[TextLine]) -> float:
    """The usual width of a character, pixels; long words decide, short ones are badly measured."""
    widths: list[float] = []
    for line in lines:
        for word in line.words or (OcrWord(line.left, line.right, line.text),):
            widths += [(word.right - word.left) / len(word.text)] * len(word.text)
    return max(1.0, median(widths)) if widths else 1.0


def _row(row: Sequence[TextLine], width: float) -> _Row:
    """One row without its cell number; pieces are set apart by as many spaces as they stand."""
    first = row[0]
    left = float(first.words[0].left if first.words else first.left)
    text = first.text
    pieces = list(row)
    if match := _CELL.match(text):
        rest = text[match.end() :]
        if not rest and len(pieces) > 1:
            pieces = pieces[1:]
            left = float(pieces[0].words[0].left if pieces[0].words else pieces[0].left)
            rest = pieces[0].text
        elif rest:
            left = _left_of(first, rest, left + match.end() * width)
        text = rest
    for before, piece in pairwise(pieces):
        gap = round((piece.left - before.right) / width)
        text += " " * min(max(gap, 1), WIDEST_GAP) + piece.text
    return _Row(left, text)


def _left_of(line: TextLine, rest: str, otherwise: float) -> float:
    """Where the part ``rest`` at the end of ``line`` begins, pixels."""
    start = rest.split()[0]
    for word in line.words:
        if word.text and start.startswith(word.text):
            return float(word.left)
    return otherwise


def _without_line_numbers(rows: Sequence[_Row], width: float) -> list[_Row]:
    """``rows`` without the numbers of an editor's margin, when most rows have rising ones."""
    numbers = [int(m.group()) if (m := _NUMBER.match(row.text)) else None for row in rows]
    found = [number for number in numbers if number is not None]
    rising = sum(b == a + 1 for a, b in pairwise(found))
    if len(found) < 4 or len(found) < 0.7 * len(rows) or rising < 0.8 * (len(found) - 1):
        return list(rows)
    out = []
    for row, number in zip(rows, numbers, strict=True):
        match = _NUMBER.match(row.text) if number is not None else None
        end = match.end() if match else 0
        out.append(_Row(row.left + end * width, row.text[end:]))
    return out
