"""From samples to states of the screen: pure comparison of tiles, no decoding.

A state lasts as long as what it shows is kept. Writing more (a bullet, a line of code, an output)
continues it; losing a good part of what was written ends it. So a slide built up bullet by bullet
is one state whose fullest sample is its last, and live coding gives a state for every screenful.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.media.screen.sampling import Sample
from pipeline.media.screen.tiles import Tiles, changed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

LOST = 0.2  # of the written tiles: losing more than this ends a state
FLOOR = 24  # tiles: a nearly empty screen does not end because a cursor left it
REPAINTED = 0.5  # of all tiles changed: another screen, whatever is written on it
SAME = 0.03  # of the written tiles may differ between two visits to one screen


@dataclass(frozen=True)
class Page:
    """A state: its first and last sample, and the fullest one, as indices."""

    first: int
    last: int
    best: int


def find_pages(samples: Sequence[Sample], still: Sequence[Mask]) -> list[Page]:
    """The states in order, covering all samples; empty when there are none.

    Args:
        samples: in order of time.
        still: for each sample, the tiles that may be compared (not part of a moving inset).
    """
    pages: list[Page] = []
    first = best = 0
    for i in range(1, len(samples)):
        mask = still[i] & still[best]
        if another_screen(samples[best].tiles, samples[i].tiles, mask):
            pages.append(Page(first, i - 1, best))
            first = best = i
        elif fullness(samples[i].tiles, mask) >= fullness(samples[best].tiles, mask):
            best = i
    if samples:
        pages.append(Page(first, len(samples) - 1, best))
    return pages


def another_screen(before: Tiles, after: Tiles, mask: Mask) -> bool:
    """Whether so much of ``before`` is gone in ``after`` that they are two states."""
    differs = changed(before, after) & mask
    if differs.sum() > REPAINTED * mask.sum():
        return True
    written = before.inked & mask
    lost = differs & written & (after.ink < before.ink)
    return bool(lost.sum() > LOST * max(int(written.sum()), FLOOR))


def same_screen(one: Tiles, other: Tiles, mask: Mask) -> bool:
    """Whether two states show the same, up to noise."""
    differs = changed(one, other) & mask
    written = (one.inked | other.inked) & mask
    return bool(differs.sum() <= SAME * max(int(written.sum()), FLOOR))


def fullness(tiles: Tiles, mask: Mask) -> float:
    """How much is written, and how sharply: the sum of ink over the tiles of ``mask``."""
    return float(tiles.ink[mask].sum())
