"""Screens as OCR gives them: lines with their boxes."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.models import Box, Frame, ScreenLine
from tests.writing.transcript_edition.lectures import frame

WIDTH, HEIGHT = 10, 20  # pixels of a character, and of a row

Place = tuple[float, float, str]  # row, column, text


def screen(number: int, places: Sequence[Place], confidence: float = 1.0) -> Frame:
    """The ``number``-th frame of a lecture, ten seconds long, with a line at each place."""
    lines = tuple(
        ScreenLine(
            text=text,
            box=Box(
                x=round(column * WIDTH), y=round(row * HEIGHT), width=len(text) * WIDTH, height=16
            ),
            confidence=confidence,
        )
        for row, column, text in places
    )
    text = "\n".join(line.text for line in lines)
    name, start = f"f{number:04d}", number * 10_000
    made = frame(name, start, start + 10_000, text, kind="code")
    return made.model_copy(update={"lines": lines})


def written(text: str, row: float = 0, column: float = 0) -> list[Place]:
    """The places of the lines of ``text``, from a row and a column on."""
    return [
        (row + number, column + len(line) - len(line.lstrip()), line.strip())
        for number, line in enumerate(text.splitlines())
        if line.strip()
    ]
