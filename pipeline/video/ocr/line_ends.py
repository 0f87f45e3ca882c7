"""Where a found line really ends: the detector overlooks single marks beside it.

Of ``sep = ', '`` it finds ``sep =``, of ``(',', ':')`` what follows the last quote: marks set apart
by a space are too small for it. The ink left and right of a line tells where the line goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from pipeline.video.ocr.lines import FoundLine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pipeline.video.ocr.lines import Pixels

    Grey = NDArray[np.uint8]
    Edges = tuple[int, int, int, int]

# In heights of the line; a character of a fixed-pitch font is 0.4 wide. Between the marks of ', '
# stands 0.7 of nothing; a margin or another column is further away.
_GAP = 0.85
_FURTHEST = 4.0  # what goes on beyond that is no overlooked mark
_LEVEL = 0.15  # corners further apart belong to a slanted line
_NARROW = 0.4  # a single letter or sign
# Left out above, and half as much below: the lines there reach into the box. An underscore stands
# right above the lower edge.
_INNER = 0.15
_INK = 0.4  # of the contrast of the line
_FRAME = 0.9  # of the rows: ink on so many of them is a frame or another ground
_PAD = 0.5  # of nothing at its new end: a mark at the very edge is not read
_SAMPLED = 3  # every third column tells the colours of a line


def with_ends(pixels: Pixels, lines: Sequence[FoundLine]) -> list[FoundLine]:
    """The lines, each with the marks that stand beside it; slanted ones as they are."""
    import cv2

    grey = cast("Grey", cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY))
    boxes = [(line.left, line.top, line.right, line.bottom) for line in lines]
    return [_with_ends(grey, *pair, boxes) for pair in zip(lines, boxes, strict=True)]


def _with_ends(grey: Grey, line: FoundLine, box: Edges, boxes: Sequence[Edges]) -> FoundLine:
    import numpy as np

    (_, a), (_, b), (_, c), (_, d) = line.corners
    left, top, right, bottom = box
    height = bottom - top
    if max(abs(a - b), abs(c - d)) > _LEVEL * height or right - left < _NARROW * height:
        return line
    inner = round(_INNER * height)
    rows = grey[top + inner : bottom - inner // 2]
    here = np.sort(rows[:, left:right:_SAMPLED], axis=None)
    if not here.size:
        return line
    dark, ground, light = (int(here[round(part * (here.size - 1))]) for part in (0.01, 0.5, 0.99))
    least = _INK * max(ground - dark, light - ground)
    first, last = _room(box, boxes, grey.shape[1], round(_FURTHEST * height))

    def reach(strip: Grey) -> int:
        """How many columns, from the first on, hold marks of the line."""
        ink = np.abs(strip.astype(np.int16) - ground) > least
        framed = np.flatnonzero(ink.mean(axis=0) > _FRAME)
        columns = np.flatnonzero(ink[:, : framed[0] if framed.size else None].any(axis=0))
        end = 0
        for column in columns:
            if column - end > _GAP * height:
                break
            end = int(column) + 1
        return 0 if end >= _FURTHEST * height - 1 else end

    before = reach(rows[:, first:left][:, ::-1])
    behind = reach(rows[:, right:last])
    if not before and not behind:
        return line
    pad = round(_PAD * height)
    start = max(first, left - before - pad) if before else left
    end = min(last, right + behind + pad) if behind else right
    return FoundLine(((start, top), (end, top), (end, bottom), (start, bottom)))


def _room(box: Edges, boxes: Sequence[Edges], width: int, furthest: int) -> tuple[int, int]:
    """The columns between the lines left and right of ``box``, at most so far from it."""
    left, top, right, bottom = box
    first, last = max(0, left - furthest), min(width, right + furthest)
    for other_left, other_top, other_right, other_bottom in boxes:
        shared = min(bottom, other_bottom) - max(top, other_top)
        if shared < (bottom - top) / 3 or other_right < first or other_left > last:
            continue
        if other_left + other_right > left + right:
            last = max(right, min(last, other_left))
        elif other_left + other_right < left + right:
            first = min(left, max(first, other_right))
    return first, last
