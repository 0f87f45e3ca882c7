"""Regions that always move (a webcam inset, a clip that plays): they say nothing of the slides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.video.screens.tiles import Levels, changed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

Rectangle = tuple[int, int, int, int]  # top, left, bottom, right; the last two exclusive

WINDOW = 4  # pairs of key frames on each side
LEAST = 4  # so many pairs at least must show the movement
OFTEN = 0.5  # of the pairs: a tile that changed in more of them is moving
MOVING = 0.35  # of an inset's tiles change between two pictures while it is there
SMALLEST, LARGEST = 0.004, 0.3  # of the picture
FILLED = 0.6  # of its own rectangle: text that is replaced is ragged, an inset is not
FLATTEST = 0.45  # height by width or the reverse: panes of text are flatter than cameras
EDGE = 0.12  # of the width: an inset stands this near to the left or right edge


class MotionMask:
    """Where pictures differ from the one before; a few hundred bytes for each, so that hours fit.

    Pictures are added in order of time, then ``masks`` says what may be compared in each.
    """

    def __init__(self) -> None:
        self._shape = (0, 0)
        self._before: Levels | None = None
        self._pairs: list[bytes] = []  # packed masks
        self._calm: list[bool] = []

    def add(self, tiles: Levels) -> None:
        """The next picture."""
        import numpy as np

        if self._before is not None:
            pair = changed(self._before, tiles)
            self._pairs.append(np.packbits(pair).tobytes())
            self._calm.append(bool(pair.mean() < LARGEST))
        self._shape = tiles.ink.shape
        self._before = tiles

    def masks(self) -> Iterator[Mask]:
        """For each picture the tiles outside of moving insets; all True where there is none."""
        import numpy as np

        if self._before is None:
            return
        rectangles = self._insets()
        known: dict[tuple[bool, ...], Mask] = {}
        before = moving = (False,) * len(rectangles)
        for k in range(len(self._pairs) + 1):
            before, moving = moving, (False,) * len(rectangles)
            if k < len(self._pairs) and self._calm[k]:
                pair = self._pair(k)
                moving = tuple(_moves(pair, rectangle) for rectangle in rectangles)
            there = tuple(left or right for left, right in zip(before, moving, strict=True))
            if there not in known:
                known[there] = np.ones(self._shape, dtype=np.bool_)
                for top, left, bottom, right in (
                    rectangle
                    for rectangle, is_there in zip(rectangles, there, strict=True)
                    if is_there
                ):
                    # The rim of an inset changes less often than its middle.
                    known[there][max(0, top - 1) : bottom + 1, max(0, left - 1) : right + 1] = False
            yield known[there]

    def _insets(self) -> list[Rectangle]:
        """The places where an inset moves for a while, each once."""
        import numpy as np

        found: list[Rectangle] = []
        for k in range(len(self._pairs)):
            window = range(max(0, k - WINDOW), min(len(self._pairs), k + WINDOW))
            # The pair at the very change of a screen differs everywhere and proves nothing.
            calm = [self._pair(near) for near in window if self._calm[near]]
            if len(calm) >= LEAST:
                for rectangle in _rectangles(np.mean(calm, axis=0) > OFTEN):
                    if not any(_overlap(rectangle, other) > 0.5 for other in found):
                        found.append(rectangle)
        return found

    def _pair(self, k: int) -> Mask:
        """Which tiles differ between the pictures ``k`` and ``k + 1``."""
        import numpy as np

        rows, columns = self._shape
        bits = np.unpackbits(np.frombuffer(self._pairs[k], dtype=np.uint8), count=rows * columns)
        pair: Mask = bits.reshape(self._shape).astype(np.bool_)
        return pair


def _moves(pair: Mask, rectangle: Rectangle) -> bool:
    """Whether the inset moved between two pictures."""
    top, left, bottom, right = rectangle
    return bool(pair[top:bottom, left:right].mean() > MOVING)


def _overlap(one: Rectangle, other: Rectangle) -> float:
    """The area that two rectangles share, as a share of what they cover together."""
    height = min(one[2], other[2]) - max(one[0], other[0])
    width = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(0, height) * max(0, width)
    areas = [(r[2] - r[0]) * (r[3] - r[1]) for r in (one, other)]
    return shared / (sum(areas) - shared)


def _rectangles(mask: Mask) -> list[Rectangle]:
    """The compact connected regions."""
    found = []
    left_over = {(int(row), int(column)) for row, column in zip(*mask.nonzero(), strict=True)}
    while left_over:
        region = _flood(left_over)
        rows = [row for row, _ in region]
        columns = [column for _, column in region]
        top, bottom = min(rows), max(rows) + 1
        left, right = min(columns), max(columns) + 1
        if _is_inset(
            bottom - top, right - left, min(left, mask.shape[1] - right), len(region), mask
        ):
            found.append((top, left, bottom, right))
    return found


def _is_inset(height: int, width: int, to_edge: int, filled: int, mask: Mask) -> bool:
    """Whether a region has the size, the shape and the place of a camera picture."""
    area = height * width
    return (
        SMALLEST <= area / mask.size <= LARGEST
        and filled >= FILLED * area
        and min(height, width) >= FLATTEST * max(height, width)
        and to_edge <= EDGE * mask.shape[1]
    )


def _flood(left_over: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """One connected region, taken out of ``left_over``; gaps of one tile are bridged."""
    region = [left_over.pop()]
    for row, column in region:
        for down in range(-2, 3):
            for across in range(-2, 3):
                neighbour = (row + down, column + across)
                if neighbour in left_over:
                    left_over.remove(neighbour)
                    region.append(neighbour)
    return region
