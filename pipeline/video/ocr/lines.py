"""Lines of text on a picture: where they were found, what was read there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeAlias

from pydantic import BaseModel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Pixels: TypeAlias = "NDArray[np.uint8]"  # height x width x 3, blue first, as OpenCV has it

Point = tuple[int, int]


@dataclass(frozen=True)
class OcrWord:
    """One word of a line: its left and right edge in pixels."""

    left: int
    right: int
    text: str


@dataclass(frozen=True)
class TextLine:
    """A piece of text on one line, its rectangle in pixels, its words and the middles of its
    letters (may be unknown, see ``LineReading``).

    ``confidence`` is how sure OCR is of the text, 0 to 1.
    """

    left: int
    top: int
    right: int
    bottom: int
    text: str
    words: tuple[OcrWord, ...] = ()
    confidence: float = 1.0
    places: tuple[int, ...] = ()


@dataclass(frozen=True)
class FoundLine:
    """Where a line of text is: its corners in pixels, clockwise from the upper left one."""

    corners: tuple[Point, Point, Point, Point]

    @cached_property
    def left(self) -> int:
        return min(x for x, _ in self.corners)

    @cached_property
    def top(self) -> int:
        return min(y for _, y in self.corners)

    @cached_property
    def right(self) -> int:
        return max(x for x, _ in self.corners)

    @cached_property
    def bottom(self) -> int:
        return max(y for _, y in self.corners)


@dataclass(frozen=True)
class LineReading:
    """What was read on a line: its text ("" for none), how sure (0 to 1), its words in pixels.

    ``places`` is the middle of each letter that is no space, in pixels; empty when not known.
    """

    text: str
    confidence: float
    words: tuple[OcrWord, ...] = ()
    places: tuple[int, ...] = ()

    def moved(self, by: int) -> LineReading:
        """The same, ``by`` pixels further right."""
        words = tuple(replace(w, left=w.left + by, right=w.right + by) for w in self.words)
        return replace(self, words=words, places=tuple(place + by for place in self.places))


class PictureReadings(BaseModel):
    """The lines found on a picture, and what was read on some of them, by number from 0."""

    found: tuple[FoundLine, ...] = ()
    read: dict[int, LineReading] = {}


class OcrEngine(Protocol):
    """Finds lines of text on a picture, and reads one."""

    def find(self, pixels: Pixels) -> PictureReadings:
        """Where text is, in no particular order, and what was read while searching, if anything.

        Raises:
            ScreenError: the engine fails on this picture.
        """
        ...

    def read(self, pixels: Pixels, found: FoundLine) -> LineReading:
        """What stands there.

        Raises:
            ScreenError: the engine fails on this line.
        """
        ...


LEAST_CONFIDENCE = 0.5  # rapidocr's own bound: below it a reading is more noise than text


def text_line(found: FoundLine, reading: LineReading) -> TextLine | None:
    """The two as one line; None where nothing was read that counts as text."""
    text = reading.text.strip()
    if not text or reading.confidence < LEAST_CONFIDENCE:
        return None
    box = (found.left, found.top, found.right, found.bottom)
    return TextLine(*box, text, reading.words, reading.confidence, reading.places)
