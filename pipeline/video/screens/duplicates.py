"""Which earlier screens a screen shows again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.video.screens.candidates import Sample, alike
from pipeline.video.screens.overlays import is_overlay
from pipeline.video.screens.tiles import Levels

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Grids = NDArray[np.uint8]

BLOCK = 64  # screens compared at once


class DuplicateIndex:
    """All screens so far; about 10 kB for each."""

    def __init__(self) -> None:
        self._count = 0
        self._blocks: list[tuple[Grids, Grids, Grids]] = []

    def add(self, screen: Sample) -> tuple[int, ...]:
        """The next screen: the numbers of the earlier ones that show the same, from 0, in order."""
        import numpy as np

        found: list[int] = []
        for number, (brightness, ink, mask) in enumerate(self._blocks):
            same = alike(Levels(brightness, ink), mask.view(np.bool_), screen.tiles, screen.mask)
            known = self._count - number * BLOCK
            found += [
                number * BLOCK + int(k)
                for k in same[:known].nonzero()[0]
                if not is_overlay(
                    Levels(brightness[k], ink[k]),
                    screen.tiles,
                    mask[k].view(np.bool_) & screen.mask,
                )
            ]
        self._keep(screen)
        return tuple(found)

    def _keep(self, screen: Sample) -> None:
        import numpy as np

        place = self._count % BLOCK
        parts = (screen.tiles.brightness, screen.tiles.ink, screen.mask)
        if place == 0:
            shape = (BLOCK, *screen.mask.shape)
            self._blocks.append(
                (np.zeros(shape, np.uint8), np.zeros(shape, np.uint8), np.zeros(shape, np.uint8))
            )
        for grids, part in zip(self._blocks[-1], parts, strict=True):
            grids[place] = part
        self._count += 1
