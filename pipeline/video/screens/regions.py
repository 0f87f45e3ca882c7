"""Regions of the picture, as shares of its sides: what is ever lit, what moves, what changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.video.screens.tiles import Levels

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    Grid = NDArray[np.uint8]
    Mask = NDArray[np.bool_]

BLACK = 24  # of 255: a border is not brighter
LEAST = 0.3  # of the picture must be left when borders are cut off
STRAIGHT = 0.6  # of the edge of a border must be lit beyond it


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


class Brightest:
    """The brightest that every tile ever was: what stays black in all pictures is a border."""

    def __init__(self) -> None:
        self._levels: Grid | None = None

    def add(self, tiles: Levels) -> None:
        """One more picture."""
        import numpy as np

        if self._levels is None:
            self._levels = tiles.brightness.copy()
        else:
            np.maximum(self._levels, tiles.brightness, out=self._levels)

    @property
    def reaches_every_side(self) -> bool:
        """Whether something was lit at every edge, so that no later picture can bring a border."""
        return self._levels is not None and around(self._levels > BLACK) == FULL

    @property
    def region(self) -> Region:
        """The picture without its borders; the whole picture when in doubt.

        A border ends in a straight edge, lit along most of its length. The dark margin of a black
        slide ends in letters, and stays.
        """
        lit = None if self._levels is None else around(self._levels > BLACK)
        if lit is None or self._levels is None or lit.share < LEAST:
            return FULL
        rows, columns = self._levels.shape
        left, top, right, bottom = lit.pixels(columns, rows)
        inside = (self._levels > BLACK)[top:bottom, left:right]
        return Region(
            left=lit.left if inside[:, 0].mean() >= STRAIGHT else 0.0,
            top=lit.top if inside[0].mean() >= STRAIGHT else 0.0,
            right=lit.right if inside[:, -1].mean() >= STRAIGHT else 1.0,
            bottom=lit.bottom if inside[-1].mean() >= STRAIGHT else 1.0,
        )


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
