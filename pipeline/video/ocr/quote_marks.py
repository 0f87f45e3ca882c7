"""Three quotes, alone on a line or before its first word, which a reader takes for letters or
overlooks: told by their strokes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.video.ocr.lines import FoundLine, LineReading, OcrWord

if TYPE_CHECKING:
    from pipeline.video.ocr.lines import Pixels

_INK = 0.5  # of the contrast
_LEAST_CONTRAST = 40  # of 255: noise of the encoder has less
_ALIKE = 0.35  # of the height: by so much the strokes of one line differ, at most
_HIGH = (0.2, 0.43)  # of the height of a line: dots are lower, letters higher
# What stands upright is no dot: 4 pixels of 24 in a notebook at 1080p.
_LEAST_STROKE = 0.12
_UPRIGHT = 1.5  # times higher than wide: a single stroke
_LONG = 12  # letters: such a line tells how wide a letter is
# Letters before the first one: where three quotes stand, and where it begins itself; and how far
# from the edge of the line it stands at most without them.
_BEFORE, _NEXT, _ROOM = 4.0, 0.7, 2.2
_WIDEST = 3.0  # heights of a line: three quotes take half of it


def quote_marks(crop: Pixels) -> str | None:
    """Three double or single quotes where the picture of a line shows nothing else, else None.

    A double quote is two upright strokes side by side; on small pictures they run together, and it
    is as wide as high.
    """
    import cv2
    import numpy as np

    height, width = crop.shape[:2]
    if not 0 < width < _WIDEST * height:
        return None
    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY).astype(np.int16)
    away = np.abs(grey - np.median(grey))
    if away.max() < _LEAST_CONTRAST:
        return None
    ink = (away > _INK * away.max()).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    # What reaches the upper or lower edge belongs to another line.
    marks = [one for one in stats[1:] if one[1] > 0 and one[1] + one[3] < height]
    if len(marks) not in (3, 6):
        return None
    tops, widths, heights = (np.array([one[side] for one in marks]) for side in (1, 2, 3))
    upright = float(np.median(heights / widths))
    least = _LEAST_STROKE if len(marks) == 6 or upright > _UPRIGHT else _HIGH[0]
    if not least * height <= float(heights.max()) <= _HIGH[1] * height:
        return None
    near = _ALIKE * float(heights.max())
    if np.ptp(tops) > max(1, near) or np.ptp(heights) > max(1, near):
        return None
    if len(marks) == 6:
        return '"""' if upright > 1.2 else None
    return "'''" if upright > _UPRIGHT else '"""' if upright > 0.8 else None


def with_opening_quotes(pixels: Pixels, found: FoundLine, reading: LineReading) -> LineReading:
    """The reading of a line, with the three quotes before its first word where the picture shows
    them and fewer were read."""
    bare = reading.text.lstrip("'\" ")
    lost = 3 - (len(reading.text) - len(bare))
    letters = [place for place, char in enumerate(reading.text) if not char.isspace()]
    # Blanks between letters tell no width: a line of another script may be read as "A" and blanks.
    told = len("".join(bare.split())) >= _LONG
    if lost <= 0 or not told or len(letters) != len(reading.places):
        return reading
    step = (reading.places[-1] - reading.places[0]) / (letters[-1] - letters[0])
    first = reading.places[letters.index(len(reading.text) - len(bare))]
    if bare == reading.text and first - found.left < _ROOM * step:
        return reading
    left, right = max(0, round(first - _BEFORE * step)), round(first - _NEXT * step)
    quotes = quote_marks(pixels[found.top : found.bottom, left:right])
    if quotes is None:
        return reading
    places = tuple(round(first - one * step) for one in (3, 2, 1))
    after = tuple(place for place in reading.places if place >= first)
    words = tuple(one for one in reading.words if one.right > first)
    marks = OcrWord(left, right, quotes)
    return replace(reading, text=quotes + bare, words=(marks, *words), places=places + after)
