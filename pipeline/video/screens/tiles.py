"""What two pictures are compared by: brightness and ink, tile by tile, and ink row by row.

A tile is 8 by 8 pixels of the small gray picture (16 by 16 of a 720p one). Its brightness is the
mean; its ink is the mean length of the brightness steps inside it, which grows when something is
written into it and falls when it is wiped. Compression noise moves both by a level or two; a new
word moves them by tens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Gray = NDArray[np.uint8]
    Grid = NDArray[np.uint8]
    Wide = NDArray[np.uint16]
    Mask = NDArray[np.bool_]

TILE = 8  # pixels of the small picture
STRIP = 16  # pixels: the columns in which rows are compared to find a scroll
CHANGED_BRIGHTNESS = 6  # gray levels of 255: three times the noise of a poor encoding
CHANGED_INK = 5
INKED = 4  # below this a tile holds nothing but background and noise


@dataclass(frozen=True)
class Levels:
    """One picture's tiles, or those of several: shape (..., rows, columns), from 0 to 255."""

    brightness: Grid
    ink: Grid

    @property
    def inked(self) -> Mask:
        """Which tiles show something."""
        mask: Mask = self.ink > INKED
        return mask


@dataclass(frozen=True)
class Tiles(Levels):
    """One picture's measures.

    ``strips`` has a row for every pixel row and a column for every ``STRIP`` pixels; its levels are
    from 0 to 255 too.
    """

    strips: Gray


def measure(gray: Gray) -> Tiles:
    """The tiles of a gray picture whose sides are multiples of ``TILE``."""
    import numpy as np

    across, down = np.zeros_like(gray), np.zeros_like(gray)
    across[:, 1:] = _apart(gray[:, 1:], gray[:, :-1])
    down[1:] = _apart(gray[1:], gray[:-1])
    wide = across.astype(np.uint16)
    strips = _pairs(_pairs(_pairs(_pairs(wide)))) // (STRIP // 4)
    return Tiles(_mean(gray.astype(np.uint16)), _mean(wide + down), _narrow(strips))


def changed(before: Levels, after: Levels, times: int = 1) -> Mask:
    """Which tiles differ by more than noise; with ``times``, by so many times as much."""
    mask: Mask = (_apart(before.brightness, after.brightness) > times * CHANGED_BRIGHTNESS) | (
        _apart(before.ink, after.ink) > times * CHANGED_INK
    )
    return mask


def lost(before: Levels, after: Levels, mask: Mask) -> Mask:
    """Which tiles of ``mask`` held something that is gone or written over."""
    gone: Mask = changed(before, after) & before.inked & mask & (after.ink < before.ink)
    return gone


def fullness(tiles: Levels, mask: Mask) -> float:
    """How much is written, and how sharply: the sum of ink over the tiles of ``mask``."""
    return float(tiles.ink.sum(where=mask))


def _apart(one: Grid, other: Grid) -> Grid:
    """By how much two pictures differ; unsigned bytes are several times as fast as wider ones."""
    import numpy as np

    apart: Grid = np.maximum(one, other) - np.minimum(one, other)
    return apart


def _mean(values: Wide) -> Grid:
    """The mean of each tile."""
    import numpy as np

    height, width = values.shape
    rows = values.reshape(height // TILE, TILE, width).sum(axis=1, dtype=np.uint16)
    return _narrow(_pairs(_pairs(_pairs(rows))) // (TILE * TILE))


def _pairs(values: Wide) -> Wide:
    """The sum of every two neighbours in a row: adding by halves beats one reduction by far."""
    return values[:, 0::2] + values[:, 1::2]


def _narrow(values: Wide) -> Grid:
    import numpy as np

    narrow: Grid = np.minimum(values, 255).astype(np.uint8)
    return narrow
