"""The width of a letter in a column of code, and what it tells of letters that were not read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median

from pipeline.video.ocr.layout import character_width
from pipeline.video.ocr.lines import TextLine
from pipeline.writing.transcript_edition.screen_code.docstrings import open_string
from pipeline.writing.transcript_edition.screen_code.line_numbers import LEAST_NUMBERS

_LONG, _LEAST_LONG = 12, 3  # characters of a line, and lines, that tell the pitch
_WIDER = 0.24  # of the height of a line: 6 pixels of 25, measured in an editor and a terminal
# Rows of so many letters tell how wide one is, where most of them agree so well; in code in one
# font they agree by .02.
_TELLING, _SAME_WIDTH, _MOST = 4, 0.08, 0.6


def pitch_of(block: Sequence[TextLine]) -> float:
    """The width of a character, pixels, by the longer lines: a box is a little wider than what
    stands in it; the usual width where there are too few."""
    long = [_letter(line) for line in block if len(line.text) >= _LONG]
    return median(long) if len(long) >= _LEAST_LONG else character_width(block)


def lost_letters(
    rows: Sequence[Sequence[TextLine]], is_margin: Callable[[str], bool]
) -> list[float]:
    """How many letters of each row were not read, by its width: those of a script that the reader
    does not know. None where most rows have other widths, or a row is in pieces.

    Args:
        is_margin: whether a text stands in the margin of code.
    """
    whole = [row[1:] if len(row) == 2 and is_margin(row[0].text) else row for row in rows]
    alone = [row[0] for row in whole if len(row) == 1 and len(row[0].text) >= _TELLING]
    usual = median(map(_letter, alone)) if len(alone) >= LEAST_NUMBERS else 0.0
    near = sum(abs(_letter(line) - usual) <= _SAME_WIDTH * usual for line in alone)
    if not usual or near < _MOST * len(alone):
        return [0.0] * len(rows)
    return [
        (_letter(row[0]) / usual - 1) * len(row[0].text)
        if len(row) == 1 and (len(row[0].text) >= _LONG or open_string(row[0].text))
        else 0.0
        for row in whole
    ]


def _letter(line: TextLine) -> float:
    """The mean width of a letter of the line: its box is a little wider than what stands in it."""
    return (line.right - line.left - _WIDER * (line.bottom - line.top)) / len(line.text)
