"""Lines of one to three marks that the detector overlooked: three quotes, a closing bracket.

Between two lines of a column where there is room for another one, ink that is as small as a few
marks, and stands apart from everything else, is a line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, cast

from pipeline.video.ocr.line_ends import ground_and_contrast
from pipeline.video.ocr.lines import FoundLine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pipeline.video.ocr.lines import Pixels

    Grey = NDArray[np.uint8]
    Flags = NDArray[np.bool_]

# In heights of a line; a character of a fixed-pitch font is 0.4 wide.
_ROOM = 0.6  # between two lines that a line is missing between
_MOST_ROOM = 4.0
_LEFT_OF = 3.5  # a closing bracket stands as far left of its neighbours as two levels are wide
_WIDEST, _HIGHEST, _LEAST = 2.2, 1.0, 0.08
_APART = 0.85  # empty columns between two pieces
_DOTS_APART = 0.45  # empty rows within a mark, as in a colon
_INK = 0.4  # of the contrast of the line above
_PAD = 0.4  # of nothing around the marks: at the very edge they are not read
_MOST = 3  # pieces of ink between two lines: more is a drawing


def overlooked_marks(pixels: Pixels, lines: Sequence[FoundLine]) -> list[FoundLine]:
    """The lines that were overlooked between two of ``lines``; none where there are none."""
    import cv2

    grey = cast("Grey", cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY))
    found = [_between(grey, above, below, lines) for above, below in _neighbours(lines)]
    return [line for between in found for line in between]


def _neighbours(lines: Sequence[FoundLine]) -> Iterator[tuple[FoundLine, FoundLine]]:
    """Each line with the next one below it, where there is room for another between them."""
    ordered = sorted(lines, key=lambda line: line.top)
    for place, above in enumerate(ordered):
        height = above.bottom - above.top
        for below in ordered[place + 1 :]:
            if below.top < above.bottom - height / 2 or not _is_under(above, below):
                continue
            like = 0.6 * height <= below.bottom - below.top <= 1.6 * height
            if like and _ROOM * height <= below.top - above.bottom <= _MOST_ROOM * height:
                yield above, below
            break


def _is_under(above: FoundLine, below: FoundLine) -> bool:
    return below.left < above.right and above.left < below.right


def _between(
    grey: Grey, above: FoundLine, below: FoundLine, lines: Sequence[FoundLine]
) -> list[FoundLine]:
    import numpy as np

    height = above.bottom - above.top
    left = min(above.left, below.left)
    first = max(0, left - round(_LEFT_OF * height))
    last = min(grey.shape[1], max(above.right, below.right))
    for line in lines:
        if line.top < below.top and line.bottom > above.bottom:
            if line.right <= left:
                first = max(first, line.right)
            elif line is not above and line is not below:
                return []  # it is no empty row
    strip = grey[above.bottom : below.top, first:last]
    colours = ground_and_contrast(grey[above.top : above.bottom, above.left : above.right])
    if not strip.size or colours is None:
        return []
    ground, contrast = colours
    ink: Flags = np.abs(strip.astype(np.int16) - ground) > _INK * contrast
    marks = []
    for top, bottom in _runs(_along(ink, 1), _DOTS_APART * height):
        for start, end in _runs(_along(ink[top:bottom], 0), _APART * height):
            marks.append((first + start, above.bottom + top, first + end, above.bottom + bottom))
    if len(marks) > _MOST or any(
        not _is_small(mark, height) or mark[1] == above.bottom or mark[3] == below.top
        for mark in marks
    ):
        return []
    return [_line(mark, height, grey.shape) for mark in marks]


def _along(ink: Flags, axis: int) -> Flags:
    return cast("Flags", ink.any(axis=axis))


def _runs(flags: Flags, gap: float) -> list[tuple[int, int]]:
    """The stretches in which flags stand no further than ``gap`` from each other."""
    found: list[tuple[int, int]] = []
    for place in flags.nonzero()[0]:
        if found and place - found[-1][1] <= gap:
            found[-1] = (found[-1][0], int(place) + 1)
        else:
            found.append((int(place), int(place) + 1))
    return found


def _is_small(mark: tuple[int, int, int, int], height: int) -> bool:
    left, top, right, bottom = mark
    wide, high = right - left, bottom - top
    return wide <= _WIDEST * height and _LEAST * height <= high <= _HIGHEST * height


def _line(mark: tuple[int, int, int, int], height: int, shape: tuple[int, ...]) -> FoundLine:
    """The mark with the height of a line, and a little of nothing on both sides."""
    left, top, right, bottom = mark
    pad = round(_PAD * height)
    start, end = max(0, left - pad), min(shape[1], right + pad)
    upper = max(0, (top + bottom - height) // 2)
    lower = min(shape[0], upper + height)
    return FoundLine(((start, upper), (end, upper), (end, lower), (start, lower)))
