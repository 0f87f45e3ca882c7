"""Regions that always move (a webcam inset, a clip that plays): they say nothing of the slides."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.media.screen.sampling import Sample
from pipeline.media.screen.tiles import changed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

WINDOW = 3  # pairs of samples on each side
OFTEN = 0.7  # of those pairs: a tile that changed in more of them is moving
LARGEST = 0.4  # of the picture: more than this is the screen itself, not an inset


def still_tiles(samples: Sequence[Sample]) -> list[Mask]:
    """For each sample, the tiles outside of moving regions (all of them when nothing moves)."""
    import numpy as np

    pairs = [changed(a.tiles, b.tiles) for a, b in pairwise(samples)]
    masks: list[Mask] = []
    for i, sample in enumerate(samples):
        near = pairs[max(0, i - WINDOW) : i + WINDOW]
        if len(near) < WINDOW:
            masks.append(np.ones(sample.tiles.ink.shape, dtype=np.bool_))
            continue
        moving = _grow(np.mean(near, axis=0) > OFTEN)
        if moving.mean() > LARGEST:
            moving[:] = False
        masks.append(~moving)
    return masks


def _grow(mask: Mask) -> Mask:
    """``mask`` and the tiles that touch it: the rim of an inset changes less often."""
    grown = mask.copy()
    grown[1:] |= mask[:-1]
    grown[:-1] |= mask[1:]
    grown[:, 1:] |= mask[:, :-1]
    grown[:, :-1] |= mask[:, 1:]
    return grown
