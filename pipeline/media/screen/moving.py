"""Regions that always move (a webcam inset, a clip that plays): they say nothing of the slides."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.media.screen.tiles import Tiles, changed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

Rectangle = tuple[int, int, int, int]  # top, left, bottom, right; the last two exclusive

WINDOW = 4  # pairs of key frames on each side
LEAST = 4  # so many pairs at least must show the movement
OFTEN = 0.5  # of the pairs: a tile that changed in more of them is moving
MOVING = 0.35  # of an inset's tiles change between two pictures while it is there
SMALLEST, LARGEST = 0.004, 0.3  # of the picture
FILLED = 0.6  # of its own rectangle: text that is replaced is ragged, an inset is not
FLATTEST = 0.45  # height by width or the reverse: panes of text are flatter than cameras
EDGE = 0.12  # of the width: an inset stands this near to the left or right edge


def moving_tiles(tiles: Sequence[Tiles]) -> list[Mask]:
    """For each picture the tiles that belong to a moving inset; all False where there is none.

    Args:
        tiles: of the key frames, in order of time.
    """
    import numpy as np

    pairs = [changed(a, b) for a, b in pairwise(tiles)]
    masks = [np.zeros(one.ink.shape, dtype=np.bool_) for one in tiles]
    for rectangle in _insets(pairs):
        top, left, bottom, right = rectangle
        moves = [_moves(pair, rectangle) for pair in pairs]
        for i, mask in enumerate(masks):
            if any(moves[max(0, i - 1) : i + 1]):
                # The rim of an inset changes less often than its middle.
                mask[max(0, top - 1) : bottom + 1, max(0, left - 1) : right + 1] = True
    return masks


def _insets(pairs: Sequence[Mask]) -> list[Rectangle]:
    """The places where an inset moves for a while, each once."""
    import numpy as np

    found: list[Rectangle] = []
    for i in range(len(pairs)):
        # The pair at the very change of a screen differs everywhere and proves nothing.
        calm = [pair for pair in pairs[max(0, i - WINDOW) : i + WINDOW] if pair.mean() < LARGEST]
        if len(calm) >= LEAST:
            for rectangle in _rectangles(np.mean(calm, axis=0) > OFTEN):
                if not any(_overlap(rectangle, known) > 0.5 for known in found):
                    found.append(rectangle)
    return found


def _moves(pair: Mask, rectangle: Rectangle) -> bool:
    """Whether the inset moved between two pictures, and not the whole screen."""
    top, left, bottom, right = rectangle
    return bool(pair.mean() < LARGEST and pair[top:bottom, left:right].mean() > MOVING)


def _overlap(one: Rectangle, other: Rectangle) -> float:
    """The area that two rectangles share, as a share of what they cover together."""
    height = min(one[2], other[2]) - max(one[0], other[0])
    width = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(0, height) * max(0, width)
    areas = [(r[2] - r[0]) * (r[3] - r[1]) for r in (one, other)]
    return shared / (sum(areas) - shared)


def _rectangles(mask: Mask) -> list[Rectangle]:
    """The compact connected regions."""
    found = []
    left_over = {(int(row), int(column)) for row, column in zip(*mask.nonzero(), strict=True)}
    while left_over:
        region = _flood(left_over)
        rows = [row for row, _ in region]
        columns = [column for _, column in region]
        top, bottom = min(rows), max(rows) + 1
        left, right = min(columns), max(columns) + 1
        if _is_inset(
            bottom - top, right - left, min(left, mask.shape[1] - right), len(region), mask
        ):
            found.append((top, left, bottom, right))
    return found


def _is_inset(height: int, width: int, to_edge: int, filled: int, mask: Mask) -> bool:
    """Whether a region has the size, the shape and the place of a camera picture."""
    area = height * width
    return (
        SMALLEST <= area / mask.size <= LARGEST
        and filled >= FILLED * area
        and min(height, width) >= FLATTEST * max(height, width)
        and to_edge <= EDGE * mask.shape[1]
    )


def _flood(left_over: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """One connected region, taken out of ``left_over``; gaps of one tile are bridged."""
    region = [left_over.pop()]
    for row, column in region:
        for down in range(-2, 3):
            for across in range(-2, 3):
                neighbour = (row + down, column + across)
                if neighbour in left_over:
                    left_over.remove(neighbour)
                    region.append(neighbour)
    return region
