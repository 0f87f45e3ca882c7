"""Where a found line really ends: the detector overlooks single marks beside it.

Of ``sep = ', '`` it finds ``sep =``, of ``(',', ':')`` what follows the last quote: marks set apart
by a space are too small for it. The ink left and right of a line tells where the line goes on.
Where two lines go on to the same ink, as ``def`` and ``getitem`` on both sides of underscores, they
are one line that the detector cut in two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
_LEVEL_SHARE = 0.6  # of the higher of two lines: so much of them is side by side in one row
_NARROW = 0.4  # a single letter or sign
# Left out above, and half as much below: the lines there reach into the box. An underscore stands
# right above the lower edge.
_INNER = 0.15
_INK = 0.4  # of the contrast of the line
_FRAME = 0.9  # of the rows: ink on so many of them is a frame or another ground
_PAD = 0.5  # of nothing at its new end: a mark at the very edge is not read
_SAMPLED = 3  # every third column tells the colours of a line


@dataclass(frozen=True)
class _Reach:
    """A line, and how many columns its ink goes on to the left and to the right of it; it is not
    wider than from ``first`` to ``last``."""

    line: FoundLine
    before: int
    behind: int
    first: int
    last: int


def with_ends(pixels: Pixels, lines: Sequence[FoundLine]) -> list[FoundLine]:
    """The lines, each with the marks that stand beside it; slanted ones as they are.

    Lines that share such marks are one.
    """
    import cv2

    grey = cast("Grey", cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY))
    boxes = [(line.left, line.top, line.right, line.bottom) for line in lines]
    reaches = [_reach(grey, *pair, boxes) for pair in zip(lines, boxes, strict=True)]
    return [_widened(group) for group in _sharing(reaches)]


def _sharing(reaches: Sequence[_Reach]) -> list[list[_Reach]]:
    """Those that go on to the same ink together, from left to right."""
    groups: list[list[_Reach]] = []
    for one in sorted(reaches, key=lambda one: one.line.left):
        for group in groups:
            if _share(group[-1], one):
                group.append(one)
                break
        else:
            groups.append([one])
    return groups


def _share(left: _Reach, right: _Reach) -> bool:
    """Whether they reach into each other, side by side in one row."""
    end, start = left.line.right + left.behind, right.line.left - right.before
    shared = min(left.line.bottom, right.line.bottom) - max(left.line.top, right.line.top)
    highest = max(one.line.bottom - one.line.top for one in (left, right))
    level = _is_level(left.line) and _is_level(right.line)
    return level and start < end and shared >= _LEVEL_SHARE * highest


def _is_level(line: FoundLine) -> bool:
    (_, a), (_, b), (_, c), (_, d) = line.corners
    return max(abs(a - b), abs(c - d)) <= _LEVEL * (line.bottom - line.top)


def _widened(group: Sequence[_Reach]) -> FoundLine:
    """The lines of a group as one, with the marks on both sides of it."""
    begin, finish = group[0], max(group, key=lambda one: one.line.right)
    if len(group) == 1 and not begin.before and not begin.behind:
        return begin.line
    top = min(one.line.top for one in group)
    bottom = max(one.line.bottom for one in group)
    pad = round(_PAD * (bottom - top))
    left, right = begin.line.left, finish.line.right
    if begin.before:
        left = max(begin.first, left - begin.before - pad)
    if finish.behind:
        right = min(finish.last, right + finish.behind + pad)
    return FoundLine(((left, top), (right, top), (right, bottom), (left, bottom)))


def _reach(grey: Grey, line: FoundLine, box: Edges, boxes: Sequence[Edges]) -> _Reach:
    import numpy as np

    left, top, right, bottom = box
    height = bottom - top
    alone = _Reach(line, 0, 0, left, right)
    if not _is_level(line) or right - left < _NARROW * height:
        return alone
    inner = round(_INNER * height)
    rows = grey[top + inner : bottom - inner // 2]
    if (colours := ground_and_contrast(rows[:, left:right:_SAMPLED])) is None:
        return alone
    ground, contrast = colours
    least = _INK * contrast
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
    return _Reach(line, before, reach(rows[:, right:last]), first, last)


def ground_and_contrast(grey: Grey) -> tuple[int, int] | None:
    """The grey behind a line of text, and how far its letters are from that; None for no pixels."""
    import numpy as np

    if not grey.size:
        return None
    here = np.sort(grey, axis=None)
    dark, ground, light = (int(here[round(part * (here.size - 1))]) for part in (0.01, 0.5, 0.99))
    return ground, max(ground - dark, light - ground)


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
