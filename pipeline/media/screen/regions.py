"""Regions of the picture, as shares of its sides: what is ever lit, what moves, what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.media.screen.tiles import Tiles

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    Mask = NDArray[np.bool_]

BLACK = 24  # of 255: a border is not brighter
LEAST = 0.3  # of the picture must be left when borders are cut off


@dataclass(frozen=True)
class Region:
    """A rectangle; all four from 0 (left, top) to 1 (right, bottom)."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def share(self) -> float:
        """Its area as a share of the picture's."""
        return (self.right - self.left) * (self.bottom - self.top)

    def within(self, outer: Region) -> Region:
        """The same rectangle in a picture cut down to ``outer``."""
        width, height = outer.right - outer.left, outer.bottom - outer.top
        return Region(
            left=min(1.0, max(0.0, (self.left - outer.left) / width)),
            top=min(1.0, max(0.0, (self.top - outer.top) / height)),
            right=min(1.0, max(0.0, (self.right - outer.left) / width)),
            bottom=min(1.0, max(0.0, (self.bottom - outer.top) / height)),
        )

    def pixels(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Left, top, right and bottom in a picture of this size."""
        return (
            round(self.left * width),
            round(self.top * height),
            round(self.right * width),
            round(self.bottom * height),
        )


FULL = Region(0.0, 0.0, 1.0, 1.0)


def around(mask: Mask) -> Region | None:
    """The smallest rectangle around the marked tiles; None when none is marked."""
    import numpy as np

    rows, columns = np.nonzero(mask.any(axis=1))[0], np.nonzero(mask.any(axis=0))[0]
    if len(rows) == 0:
        return None
    height, width = mask.shape
    return Region(
        left=int(columns[0]) / width,
        top=int(rows[0]) / height,
        right=(int(columns[-1]) + 1) / width,
        bottom=(int(rows[-1]) + 1) / height,
    )


def lit_region(tiles: Sequence[Tiles]) -> Region:
    """What is not black in at least one of the pictures; the whole picture when in doubt."""
    import numpy as np

    if not tiles:
        return FULL
    brightest = np.max([one.brightness for one in tiles], axis=0)
    region = around(brightest > BLACK)
    return region if region is not None and region.share >= LEAST else FULL


def cut(image: Image, region: Region) -> tuple[Image, Region]:
    """``image`` cut to ``region``, to the pixel, and the region that it became.

    Tiles are coarse: a rim that is black in this picture is taken off too, at most a tile wide.
    """
    if region == FULL:
        return image, FULL
    left, top, right, bottom = region.pixels(image.width, image.height)
    bright = image.convert("L").point(lambda level: 255 if level > BLACK else 0).getbbox()
    if bright is not None:
        tile = image.width // 80 + 1
        left, right = _nearer(left, bright[0], tile), right - _nearer(0, right - bright[2], tile)
        top, bottom = _nearer(top, bright[1], tile), bottom - _nearer(0, bottom - bright[3], tile)
    became = Region(
        left / image.width, top / image.height, right / image.width, bottom / image.height
    )
    return image.crop((left, top, right, bottom)), became


def _nearer(edge: int, wanted: int, most: int) -> int:
    """``edge`` moved inwards to ``wanted``, if that is at most ``most`` away."""
    return wanted if 0 <= wanted - edge <= most else edge
