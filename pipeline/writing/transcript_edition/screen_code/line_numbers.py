"""The line numbers in an editor's margin."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from pipeline.video.ocr.layout import character_width
from pipeline.video.ocr.lines import TextLine

NUMBER = re.compile(r"(\d{1,4})(?=[|:]?\s|$)[|:]?\s*")
LEAST_NUMBERS = 5


def cut_at_numbers(block: list[TextLine]) -> list[list[TextLine]]:
    """The block cut left of an editor's line numbers: what stands there is a list beside code."""
    width = character_width(block)
    numbers = [line for line in block if line.text.isdigit()]
    if len(numbers) < LEAST_NUMBERS:
        return [block]
    right = median(line.right for line in numbers)
    numbers = [line for line in numbers if abs(line.right - right) <= width]
    numbers.sort(key=lambda line: line.top)
    rising = sum(int(a.text) < int(b.text) for a, b in pairwise(numbers))
    if len(numbers) < LEAST_NUMBERS or rising < 0.9 * (len(numbers) - 1):
        return [block]
    edge = min(line.left for line in numbers)
    beside = [line for line in block if line.right <= edge]
    rest = [line for line in block if line.right > edge]
    return [beside, rest] if beside else [block]


def without_line_numbers(
    rows: Sequence[Sequence[TextLine]],
) -> list[tuple[list[TextLine], int | None]]:
    """The rows without the rising numbers of an editor's margin, where most have one, and these
    numbers; None for a row without one, or with one that was misread."""
    matches = [NUMBER.match(row[0].text) for row in rows]
    found = [int(match[1]) for match in matches if match]
    rising = sum(0 < b - a <= 5 for a, b in pairwise(found))
    if len(found) < 3 or len(found) < 0.7 * len(rows) or rising < 0.8 * (len(found) - 1):
        return [(list(row), None) for row in rows]
    out: list[tuple[list[TextLine], int | None]] = []
    for row, match, number in zip(rows, matches, _in_order(matches), strict=True):
        first = row[0]
        rest = first.text[match.end() :] if match else first.text
        if match and rest:
            step = (first.right - first.left) / len(first.text)
            first = replace(first, text=rest, left=round(first.left + match.end() * step))
        if kept := [first, *row[1:]] if rest else list(row[1:]):
            out.append((kept, number))
    return out


def _in_order(matches: Sequence[re.Match[str] | None]) -> list[int | None]:
    """The numbers of lines without those that are out of order: they were misread."""
    numbers = [int(match[1]) if match else None for match in matches]
    known = [(place, number) for place, number in enumerate(numbers) if number is not None]
    for (_, before), (place, number), (_, after) in zip(known, known[1:], known[2:], strict=False):
        if not before < number < after:
            numbers[place] = None
    return numbers
