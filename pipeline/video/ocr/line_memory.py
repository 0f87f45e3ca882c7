"""Lines that were read on an earlier picture: the same pixels are not read twice.

A line that stays while others change, or that scrolls up or down, looks the same but for the noise
of the encoder. It is the same where no spot of 3 x 3 pixels differs by more than SAME of its
contrast. That bound is below every one of 1,176 exchanges of one letter (. and ``,``, l and 1, B
and 8, ...) in three fonts of 10 to 20 pixels, dark and light, of which the least visible differs by
0.124; a line that is in doubt only costs the time to read it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from pipeline.video.ocr.lines import FoundLine, LineReading

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pipeline.video.ocr.lines import Pixels

    Grey = NDArray[np.uint8]

SAME = 0.115
# Characters of a line that are wrong by its own confidence: with more, it is read again where it is
# seen again. One wrong letter in 34 of code is read with a confidence of 0.97, the right ones with
# 0.999.
DOUBTFUL = 0.4
READ_AT_MOST = 3  # times, each on another picture
KEPT = 1_000  # lines: ten full screens, about 10 MB at 720p
_BESIDE = 6  # pixels compared left and right of a line: a dot appended to it shows there
_EDGE = 16  # pixels added around a picture, so that lines at its edge have these, too
_PLACE, _SIZE = 3, 4  # pixels by which the detector's boxes of one line differ
_SHIFT = 3  # pixels tried in each direction
_PYTHON = re.compile(
    r"\s*(?:(?:def|class|import|from|return|for|while|if|elif|else|with|assert|print)\b"
    r"|[\w.\[\]]+ =)"
)
_CLAUSE = re.compile(r"(?:elif\b|else\b|except\b|finally\b)")


@dataclass
class RememberedLine:
    """A line and the best reading of it, with words where it stood first."""

    found: FoundLine
    pixels: Grey
    contrast: float
    reading: LineReading
    times: int = 1

    @property
    def is_settled(self) -> bool:
        """Whether it need not be read again."""
        text = self.reading.text
        doubt = (1 - self.reading.confidence) * len(text)
        return self.times >= READ_AT_MOST or (doubt <= DOUBTFUL and not is_broken_code(text))

    def read_again(self, reading: LineReading) -> None:
        """Take another reading of it, words where it stood first; the better one stays."""
        self.times += 1
        self.reading = max(self.reading, reading, key=worth)


@dataclass(frozen=True)
class SeenLine:
    """A remembered line on one picture: found there, moved right by ``shift`` pixels."""

    found: FoundLine
    line: RememberedLine
    shift: int = 0


@dataclass
class LineMemory:
    """The latest lines of earlier pictures."""

    _lines: dict[int, RememberedLine] = field(default_factory=dict)

    def seen(self, pixels: Pixels, found: Sequence[FoundLine]) -> list[SeenLine | None]:
        """Each line of a picture as a remembered one; None where it looks like none of them."""
        grey = _grey(pixels)
        by_left: dict[int, list[RememberedLine]] = {}
        for line in reversed(self._lines.values()):
            by_left.setdefault(line.found.left, []).append(line)
        return [_seen(grey, one, by_left) for one in found]

    def remember(
        self, pixels: Pixels, read: Iterable[tuple[FoundLine, LineReading]]
    ) -> list[SeenLine]:
        """Keep lines that were read for the first time."""
        grey = _grey(pixels)
        new = [SeenLine(found, _remembered(grey, found, reading)) for found, reading in read]
        self.keep(new)
        return new

    def keep(self, seen: Iterable[SeenLine]) -> None:
        """Forget these last."""
        for one in seen:
            self._lines.pop(id(one.line), None)
            self._lines[id(one.line)] = one.line
        for key in list(self._lines)[:-KEPT]:
            del self._lines[key]


def _seen(
    grey: Grey, found: FoundLine, by_left: dict[int, list[RememberedLine]]
) -> SeenLine | None:
    width, height = found.right - found.left, found.bottom - found.top
    for left in range(found.left - _PLACE, found.left + _PLACE + 1):
        for line in by_left.get(left, ()):
            was = line.found
            if abs(was.right - was.left - width) > _SIZE:
                continue
            if abs(was.bottom - was.top - height) > _SIZE:
                continue
            if (shift := _shift(grey, found, line)) is not None:
                return SeenLine(found, line, shift)
    return None


def _shift(grey: Grey, found: FoundLine, line: RememberedLine) -> int | None:
    """How far right ``line`` stands where ``found`` is; None when it does not look like it."""
    import cv2
    import numpy as np

    height, width = line.pixels.shape
    top = (found.top + found.bottom - height) // 2 + _EDGE - _SHIFT
    left = line.found.left - _BESIDE + _EDGE - _SHIFT
    around = grey[top : top + height + 2 * _SHIFT, left : left + width + 2 * _SHIFT]
    if around.shape != (height + 2 * _SHIFT, width + 2 * _SHIFT):
        return None
    _, _, (x, y), _ = cv2.minMaxLoc(cv2.matchTemplate(around, line.pixels, cv2.TM_SQDIFF))
    differs = cv2.absdiff(around[y : y + height, x : x + width], line.pixels)
    if float(np.max(cv2.blur(differs, (3, 3)))) > SAME * line.contrast:
        return None
    return x - _SHIFT


def _remembered(grey: Grey, found: FoundLine, reading: LineReading) -> RememberedLine:
    import numpy as np

    left, right = found.left - _BESIDE + _EDGE, found.right + _BESIDE + _EDGE
    top, bottom = found.top + 1 + _EDGE, max(found.bottom - 1, found.top + 2) + _EDGE
    pixels = grey[top:bottom, left:right].copy()
    dark, light = np.percentile(pixels, (1, 99))
    return RememberedLine(found, pixels, float(light - dark), reading)


def _grey(pixels: Pixels) -> Grey:
    import cv2

    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    bordered: Any = cv2.copyMakeBorder(grey, _EDGE, _EDGE, _EDGE, _EDGE, cv2.BORDER_REPLICATE)
    return cast("Grey", bordered)


def worth(reading: LineReading) -> tuple[bool, float]:
    """The greater, the better the reading."""
    return not is_broken_code(reading.text), reading.confidence


def is_broken_code(text: str) -> bool:
    """Whether it looks like a line of Python and is none.

    A line of an expression that goes on below is taken for broken, too: it is read once more.
    """
    if not _PYTHON.match(text):
        return False
    line = text.strip()
    if _CLAUSE.match(line):
        line = ("try: 0\n" if line.startswith(("except", "finally")) else "if 0: 0\n") + line
    if line.endswith(":"):
        line += " 0"
    try:
        ast.parse(line)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True
    return False
