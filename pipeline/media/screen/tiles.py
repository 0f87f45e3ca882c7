"""What two pictures are compared by: brightness and ink, tile by tile, and ink row by row.

A tile is 8 by 8 pixels of the small gray picture (16 by 16 of a 720p one). Its brightness is the
mean; its ink is the mean length of the brightness steps inside it, which grows when something is
written into it and falls when it is wiped. Compression noise moves both by a level or two; a new
word moves them by tens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Gray = NDArray[np.uint8]
    Grid = NDArray[np.int16]
    Mask = NDArray[np.bool_]

TILE = 8  # pixels of the small picture
STRIP = 16  # pixels: the columns in which rows are compared to find a scroll
CHANGED_BRIGHTNESS = 6  # gray levels of 255: three times the noise of a poor encoding
CHANGED_INK = 5
INKED = 4  # below this a tile holds nothing but background and noise


@dataclass(frozen=True)
class Tiles:
    """One picture's measures.

    ``brightness`` and ``ink`` have the shape (rows, columns) of the tiles; ``strips`` has a row for
    every pixel row and a column for every ``STRIP`` pixels. All are levels from 0 to 255.
    """

    brightness: Grid
    ink: Grid
    strips: Gray

    @property
    def inked(self) -> Mask:
        """Which tiles show something."""
        mask: Mask = self.ink > INKED
        return mask


def measure(gray: Gray) -> Tiles:
    """The tiles of a gray picture whose sides are multiples of ``TILE``."""
    import numpy as np

    picture = gray.astype(np.int16)
    height, width = gray.shape
    across = np.zeros((height, width), dtype=np.int16)
    np.abs(picture[:, 1:] - picture[:, :-1], out=across[:, 1:])
    down = np.zeros((height, width), dtype=np.int16)
    np.abs(picture[1:] - picture[:-1], out=down[1:])
    strips = across.reshape(height, width // STRIP, STRIP).sum(axis=2) // (STRIP // 4)
    down += across
    return Tiles(_mean(picture), _mean(down), np.minimum(strips, 255).astype(np.uint8))


def changed(before: Tiles, after: Tiles, times: int = 1) -> Mask:
    """Which tiles differ by more than noise; with ``times``, by so many times as much."""
    import numpy as np

    mask: Mask = (np.abs(after.brightness - before.brightness) > times * CHANGED_BRIGHTNESS) | (
        np.abs(after.ink - before.ink) > times * CHANGED_INK
    )
    return mask


def lost(before: Tiles, after: Tiles, mask: Mask) -> Mask:
    """Which tiles of ``mask`` held something that is gone or written over."""
    gone: Mask = changed(before, after) & before.inked & mask & (after.ink < before.ink)
    return gone


def fullness(tiles: Tiles, mask: Mask) -> float:
    """How much is written, and how sharply: the sum of ink over the tiles of ``mask``."""
    return float(tiles.ink[mask].sum())


def _mean(values: Any) -> Grid:
    """The mean of each tile. Adding whole rows first is several times as fast as one reduction."""
    height, width = values.shape
    rows = values.reshape(height // TILE, TILE, width).sum(axis=1)
    sums = rows.reshape(height // TILE, width // TILE, TILE).sum(axis=2)
    mean: Grid = (sums // (TILE * TILE)).astype("int16")
    return mean
