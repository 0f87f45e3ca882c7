"""The text on one picture: lines in reading order, with the indentation they are drawn with."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipeline.errors import ScreenError
from pipeline.models import Box, ScreenLine, ScreenText
from pipeline.video.ocr.character_grid import on_grid
from pipeline.video.ocr.layout import lay_out
from pipeline.video.ocr.lines import OcrEngine, PictureReadings, TextLine, text_line
from pipeline.video.ocr.rapid import RapidEngine

if TYPE_CHECKING:
    from PIL.Image import Image

    from pipeline.video.ocr.lines import Pixels


def read_text(picture: Image, engine: OcrEngine | None = None) -> ScreenText:
    """The text on ``picture``; empty when there is none.

    Args:
        engine: rapidocr when None.

    Raises:
        MissingDependencyError: the engine is not installed.
        ScreenError: it fails on this picture.
    """
    pixels = pixels_of(picture)
    readings = read_lines(pixels, engine or RapidEngine())
    placed = ((readings.found[k], reading) for k, reading in readings.read.items())
    return screen_text(line for one in placed if (line := text_line(*one)))


def read_lines(pixels: Pixels, engine: OcrEngine) -> PictureReadings:
    """Every line that ``engine`` finds, read."""
    readings = engine.find(pixels)
    for number, found in enumerate(readings.found):
        if number not in readings.read:
            readings.read[number] = engine.read(pixels, found)
    return readings


def screen_text(lines: Iterable[TextLine]) -> ScreenText:
    """Lines, in any order, as text that runs from top to bottom, column by column.

    Leading spaces give the indentation, measured in widths of a character, so that code keeps its
    shape. Numbers in the margin (of lines, of notebook cells) are left out of the text, not of
    the lines.
    """
    found = on_grid(tuple(lines))
    ordered = sorted(found, key=lambda line: (line.top, line.left))
    return ScreenText(text=lay_out(found), lines=tuple(_screen_line(line) for line in ordered))


def pixels_of(picture: Image) -> Pixels:
    """Its pixels as OpenCV has them."""
    import numpy as np

    return np.ascontiguousarray(np.asarray(picture.convert("RGB"))[:, :, ::-1])


def decoded(picture: bytes) -> Pixels:
    """The pixels of a compressed picture.

    Raises:
        ScreenError: it is none.
    """
    from PIL import Image

    try:
        return pixels_of(Image.open(io.BytesIO(picture)))
    except OSError as error:
        raise ScreenError(f"a picture could not be read: {error}") from error


def _screen_line(line: TextLine) -> ScreenLine:
    box = Box(x=line.left, y=line.top, width=line.right - line.left, height=line.bottom - line.top)
    return ScreenLine(text=line.text, box=box, confidence=round(line.confidence, 3))
