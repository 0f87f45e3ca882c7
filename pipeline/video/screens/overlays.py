"""Small changes that are screens of their own: a menu or dialog laid over one, a large number that
is written anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.video.screens.tiles import Levels, changed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

MENU = 0.03  # of the picture: what is laid over it is at least so large
FILLED = 0.7  # of its rectangle: a menu hides all that was there; typed and scrolled text is ragged
COVERS = 0.3  # of the changed tiles held something: else it was written on empty ground
LARGE = 3  # tiles: the height of letters that count alone; a mouse pointer has two
FEW = 24  # tiles: more that change are no single number
DWELL_MS = 4_000  # what goes sooner was opened in passing


def is_overlay(before: Levels, after: Levels, mask: Mask) -> bool:
    """Whether ``after`` is ``before`` with something laid over it, or a large number changed."""
    differs = changed(before, after) & mask
    count = int(differs.sum())
    if count >= MENU * mask.size:
        return is_menu(before, after, mask)
    return 0 < count <= FEW and _is_number(before, after, differs)


def is_menu(before: Levels, after: Levels, mask: Mask) -> bool:
    """Whether a menu or dialog is laid over ``before``, or is gone."""
    differs = changed(before, after) & mask
    count = int(differs.sum())
    if count < MENU * mask.size:
        return False
    height, width = _extent(differs)
    covered = int((differs & before.inked).sum())
    return count >= FILLED * height * width and covered >= COVERS * count


def _is_number(before: Levels, after: Levels, differs: Mask) -> bool:
    """Whether the few tiles that differ are large letters in the place of others."""
    height, width = _extent(differs)
    rewritten = differs & before.inked & after.inked
    strong = changed(before, after, times=2) & rewritten
    tall = LARGE <= height <= 2 * LARGE and width <= 2 * height
    return tall and int(rewritten.sum()) >= LARGE and int(strong.sum()) >= 2


def _extent(differs: Mask) -> tuple[int, int]:
    """Height and width in tiles of all that differs, which is something."""
    rows, columns = differs.sum(axis=1).nonzero()[0], differs.sum(axis=0).nonzero()[0]
    return int(rows[-1] - rows[0]) + 1, int(columns[-1] - columns[0]) + 1
