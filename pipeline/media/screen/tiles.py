"""What two pictures are compared by: brightness and ink, tile by tile.

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
    Grid = NDArray[np.float32]
    Mask = NDArray[np.bool_]

TILE = 8  # pixels of the small picture
CHANGED_BRIGHTNESS = 6.0  # gray levels of 255: three times the noise of a poor encoding
CHANGED_INK = 5.0
INKED = 4.0  # below this a tile holds nothing but background and noise


@dataclass(frozen=True)
class Tiles:
    """One picture's tiles: two grids of shape (rows, columns)."""

    brightness: Grid
    ink: Grid

    @property
    def inked(self) -> Mask:
        """Which tiles show something."""
        mask: Mask = self.ink > INKED
        return mask


def measure(gray: Gray) -> Tiles:
    """The tiles of a gray picture whose sides are multiples of ``TILE``."""
    import numpy as np

    picture = gray.astype(np.int16)
    steps = np.zeros(gray.shape, dtype=np.float32)
    steps[:, 1:] += np.abs(picture[:, 1:] - picture[:, :-1])
    steps[1:, :] += np.abs(picture[1:, :] - picture[:-1, :])
    return Tiles(_mean(picture.astype(np.float32)), _mean(steps))


def changed(before: Tiles, after: Tiles) -> Mask:
    """Which tiles differ by more than noise."""
    import numpy as np

    mask: Mask = (np.abs(after.brightness - before.brightness) > CHANGED_BRIGHTNESS) | (
        np.abs(after.ink - before.ink) > CHANGED_INK
    )
    return mask


def _mean(values: Grid) -> Grid:
    rows, columns = values.shape[0] // TILE, values.shape[1] // TILE
    blocks = values[: rows * TILE, : columns * TILE].reshape(rows, TILE, columns, TILE)
    mean: Grid = blocks.mean(axis=(1, 3))
    return mean
