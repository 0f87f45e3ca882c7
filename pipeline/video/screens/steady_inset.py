"""A camera picture that stands in one corner of most screens, whether it moves or not.

A camera that is off, or a lecturer who sits still, moves too little to be told from a slide. What
gives the picture away is its rim: a step of brightness in the same place on one screen after the
other, along both sides that face the rest of the screen, and no text inside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING

from pipeline.models import Box, ScreenLine
from pipeline.video.screens.motion_mask import FLATTEST, LARGEST, SMALLEST

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    Flags = NDArray[np.bool_]
    Shares = NDArray[np.float64]

WIDTH = 640  # pixels of the small gray picture
STEP = 8  # gray levels of 255: by so much it differs from what lies beside it
SCREENS = 5  # at least: while one slide is built up, a photograph stays too
MOST = 0.6  # of the screens have the rim
ALONG = 0.9  # of each of its two sides, the rim is seen
ONCE = 0.5  # of them on one screen: what lies beside it may be as bright


class SteadyInset:
    """Looks at the pictures of all screens, then tells where a camera picture is on each."""

    def __init__(self) -> None:
        self._steps: list[tuple[bytes, bytes]] = []  # packed flags, a bit for each small pixel
        self._shape = (0, 0)

    def add(self, picture: Image) -> None:
        """The picture of the next screen; one of another shape than the first tells nothing."""
        import numpy as np

        beside, below = _steps(picture)
        self._shape = self._shape if self._steps else beside.shape
        if beside.shape != self._shape:
            beside = below = np.zeros(self._shape, dtype=np.bool_)
        self._steps.append((np.packbits(beside).tobytes(), np.packbits(below).tobytes()))

    def boxes(
        self, sizes: Sequence[tuple[int, int]], lines: Sequence[Sequence[ScreenLine]]
    ) -> list[Box | None]:
        """Where it is on each screen, in pixels of its picture; None where it is not.

        Args:
            sizes: width and height of the pictures, in the order in which they were added.
            lines: the text on them: where most screens have some, there is no camera picture.
        """
        for place in self._corners():
            boxes: list[Box | None] = []
            written = 0
            for number, (size, text) in enumerate(zip(sizes, lines, strict=True)):
                rim = _along(*self._flags(number), place)
                box = _box(place, self._shape, size) if max(rim) >= ONCE else None
                written += box is not None and any(
                    _is_word(line) and box.contains(line.box) for line in text
                )
                boxes.append(box)
            if 2 * written < sum(box is not None for box in boxes):
                return boxes
        return [None] * len(sizes)

    def _flags(self, number: int) -> tuple[Flags, Flags]:
        import numpy as np

        rows, columns = self._shape
        beside, below = (
            np.unpackbits(np.frombuffer(packed, dtype=np.uint8), count=rows * columns)
            .reshape(self._shape)
            .astype(np.bool_)
            for packed in self._steps[number]
        )
        return beside, below

    def _corners(self) -> Iterator[tuple[slice, slice]]:
        """The rows and columns of rectangles in corners whose rims most screens have."""
        import numpy as np

        if len(self._steps) < SCREENS:
            return
        counts = [np.zeros(self._shape, dtype=np.uint16) for _ in range(2)]
        for number in range(len(self._steps)):
            for count, flags in zip(counts, self._flags(number), strict=True):
                count += flags
        beside, below = (count >= MOST * len(self._steps) for count in counts)
        rows, columns = self._shape
        for down, right in product((1, -1), repeat=2):
            found = _largest(beside[::down, ::right], below[::down, ::right])
            if found:
                top, left = found
                across = slice(left, columns) if right == 1 else slice(0, columns - left)
                yield (slice(top, rows) if down == 1 else slice(0, rows - top)), across


def _is_word(line: ScreenLine) -> bool:
    """Whether it is more than the one sign that an icon is read as."""
    return sum(char.isalnum() for char in line.text) > 1


def _steps(picture: Image) -> tuple[Flags, Flags]:
    """Where brightness steps to the next column, and to the next row, of the small picture."""
    import numpy as np
    from PIL.Image import Resampling

    height = max(2, round(WIDTH * picture.height / picture.width))
    small = picture.convert("L").resize((WIDTH, height), Resampling.BOX)
    gray = np.asarray(small, dtype=np.int16)
    beside, below = np.zeros(gray.shape, dtype=np.bool_), np.zeros(gray.shape, dtype=np.bool_)
    # Over two pixels: an encoder, and the scaling, blur a step.
    beside[:, 1:-1] = np.abs(gray[:, 2:] - gray[:, :-2]) >= STEP
    below[1:-1] = np.abs(gray[2:] - gray[:-2]) >= STEP
    return beside, below


def _largest(beside: Flags, below: Flags) -> tuple[int, int] | None:
    """The top and left of the largest rectangle in the lower right corner whose left side is a
    step in ``beside`` and whose top is one in ``below``."""
    import numpy as np

    rows, columns = beside.shape
    high, wide = np.arange(rows, 0, -1)[:, None], np.arange(columns, 0, -1)[None, :]
    left = beside[::-1].cumsum(axis=0)[::-1] / high
    top = below[:, ::-1].cumsum(axis=1)[:, ::-1] / wide
    area = high * wide / beside.size
    is_inset = (left >= ALONG) & (top >= ALONG) & (area >= SMALLEST) & (area <= LARGEST)
    is_inset &= np.minimum(high, wide) >= FLATTEST * np.maximum(high, wide)
    if not is_inset.any():
        return None
    row, column = np.unravel_index(np.argmax(np.where(is_inset, area, 0)), area.shape)
    return int(row), int(column)


def _along(beside: Flags, below: Flags, place: tuple[slice, slice]) -> tuple[float, float]:
    """How much of the two sides of ``place`` that face the screen are steps, 0 to 1 each."""
    rows, columns = place
    column = columns.start or columns.stop - 1
    row = rows.start or rows.stop - 1
    return float(beside[rows, column].mean()), float(below[row, columns].mean())


def _box(place: tuple[slice, slice], shape: tuple[int, int], size: tuple[int, int]) -> Box:
    rows, columns = place
    across, down = size[0] / shape[1], size[1] / shape[0]
    left, top = round(columns.start * across), round(rows.start * down)
    right, bottom = round(columns.stop * across), round(rows.stop * down)
    return Box(x=left, y=top, width=right - left, height=bottom - top)
