"""By how much the writing moved up or down between two pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.video.screens.candidates import Sample
from pipeline.video.screens.tiles import STRIP, TILE, changed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Strips = NDArray[np.int16]

UNLIKE = 0.22  # of the ink may disagree where two pictures overlap; other lines of text: 0.3
OVERLAP = 0.25  # of the height must be seen in both
DISTINCT = 0.7  # of the next best shift: all lines of text are a little alike
NEARBY = 3  # pixels: shifts this near belong to the same agreement
LEAST_SHIFT = 8  # pixels: half a line of text; lines of equal height match themselves nearby
LEAST_ROWS = 48  # pixels: lower regions are single lines, which match each other by chance


@dataclass(frozen=True)
class Scroll:
    """The writing moved up by ``rows`` pixels (down when negative) in a view ``height`` high."""

    rows: int
    height: int


def find_scroll(before: Sample, after: Sample) -> Scroll | None:
    """The scroll that leads from one picture to the other, or None when it was none."""
    differs = changed(before.tiles, after.tiles) & before.mask & after.mask
    rows = differs.sum(axis=1).nonzero()[0]
    columns = differs.sum(axis=0).nonzero()[0]
    if len(rows) == 0:
        return None
    top, bottom = int(rows[0]) * TILE, (int(rows[-1]) + 1) * TILE
    left = -(-int(columns[0]) * TILE // STRIP)
    right = max((int(columns[-1]) + 1) * TILE // STRIP, left + 1)
    if bottom - top < LEAST_ROWS:
        return None
    one = before.tiles.strips[top:bottom, left:right].astype("int16")
    other = after.tiles.strips[top:bottom, left:right].astype("int16")
    return _clear_best(one, other, bottom - top)


def _clear_best(one: Strips, other: Strips, height: int) -> Scroll | None:
    """The shift at which the two agree, if they agree nowhere else nearly as well."""
    unlike: dict[int, float] = {}
    for rows in range(LEAST_SHIFT, round(height * (1 - OVERLAP))):
        unlike[rows] = _unlike(one[rows:], other[:-rows])
        unlike[-rows] = _unlike(one[:-rows], other[rows:])
    if not unlike:
        return None
    best = min(unlike, key=lambda rows: unlike[rows])
    elsewhere = min((u for rows, u in unlike.items() if abs(rows - best) > NEARBY), default=1.0)
    if unlike[best] > UNLIKE or unlike[best] > DISTINCT * elsewhere:
        return None
    return Scroll(best, height)


def _unlike(one: Strips, other: Strips) -> float:
    """How much of the ink of two overlapping parts disagrees, from 0 to 1; 1 without ink."""
    import numpy as np

    ink = int(one.sum(dtype=np.int64) + other.sum(dtype=np.int64))
    # An overlap that is nearly empty agrees with anything.
    if ink < one.size:
        return 1.0
    return float(np.abs(one - other).sum(dtype=np.int64)) / ink
