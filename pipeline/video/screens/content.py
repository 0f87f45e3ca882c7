"""The content of a screen: what is left without the window around it and without empty margins.

A cut is made only where the picture itself shows a border: a rule across the window below its
address or menu bar, above its status or task bar, beside a list of files; or ground of one colour.
No line of text and nothing drawn is ever cut; where that is not sure, nothing is cut at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from pipeline.models import Box, ScreenLine
from pipeline.text.window_lines import (
    is_address,
    is_clock,
    is_menu,
    is_side_bar,
    is_status_bar,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    Pixels = NDArray[np.int16]
    Flags = NDArray[np.bool_]

HEAD, FOOT, SIDE = 0.2, 0.08, 0.35  # of the picture: where bars and lists of files stand
BAR = 0.08  # of the height: a rule is not further from the bar that it ends
STRIP = 0.06  # of the height: a strip of icons below a menu is not higher
TABS = 3  # texts side by side below the address
STEP = 4  # gray levels of 255: dark themes set their bars off by 7
STRAIGHT = 0.9  # of its length, a rule is seen
BLOCK = 8  # rows: what encoders quantise together
INK = 14  # levels of 255 off the ground: noise of a poor encoding stays below
LETTERS = 0.05  # of its columns, a line of text holds ink at any height
PAD = 0.02  # of the width: left around what is trimmed
CORNER = 0.008  # of the width: windows have round corners
RIM = 0.0125  # of the width: a webcam picture moves less at its rim, a tile wide
SCROLL_BAR = 0.015  # of the width
LEAST_WIDTH, LEAST_HEIGHT = 0.4, 0.3  # of the picture: less is no view of it any more
AROUND = 0.05  # of the width: shown around a menu
MOST_AROUND = 0.6  # of the picture
NARROWEST, WIDEST = 1.2, 3.0  # width by height
WORTH = 0.85  # of the area at most is left: else margins stay


def content_box(
    picture: Image, lines: Sequence[ScreenLine], inset: Box | None = None
) -> Box | None:
    """The part of ``picture`` (RGB) that is worth showing; None for all of it, also in doubt.

    Args:
        picture: a state of the screen.
        lines: the text on it, with boxes in its pixels.
        inset: where a webcam picture moves.
    """
    import numpy as np

    whole = Box(x=0, y=0, width=picture.width, height=picture.height)
    inside = _without_window(np.asarray(picture.convert("L"), dtype=np.int16), lines)
    trimmed = _without_margins(np.asarray(picture, dtype=np.int16), lines, inside, inset)
    chosen = trimmed if _area(trimmed) <= WORTH * _area(inside) else inside
    return None if chosen == whole or not _is_view(chosen, whole) else chosen


def overlay_box(overlay: Box, size: tuple[int, int], lines: Sequence[ScreenLine]) -> Box | None:
    """A menu or dialog with what is around it; None where that is most of the picture.

    Args:
        overlay: where it lies over the screen before.
        size: width and height of the picture.
        lines: the text on it; no line is cut.
    """
    width, height = size
    whole = Box(x=0, y=0, width=width, height=height)
    found = _grown(_padded(overlay, round(AROUND * width), whole), whole, width, height)
    cut = [line.box for line in lines]
    while cut:
        cut = [box for box in cut if box.overlaps(found) and not found.contains(box)]
        for box in cut:
            found = _around(found, box, whole)
    return found if _area(found) <= MOST_AROUND * _area(whole) else None


def _is_view(chosen: Box, whole: Box) -> bool:
    return (
        chosen.width >= LEAST_WIDTH * whole.width
        and chosen.height >= LEAST_HEIGHT * whole.height
        and chosen.width <= WIDEST * chosen.height
    )


def _without_window(gray: Pixels, lines: Sequence[ScreenLine]) -> Box:
    """The picture without the bars of the window and its list of files."""
    height, width = gray.shape
    across = [row for row in _rules(gray) if not _is_crossed(lines, gray, row)]
    top, bottom = _head(across, lines, height), _foot(across, lines, height, width)
    between = [line for line in lines if top <= line.box.y < bottom]
    left = _side(_rules(gray[top:bottom].T), between, width)
    return _box(left, top, width, bottom)


def _rules(gray: Pixels) -> list[int]:
    """The rows at which a rule or another ground begins, along the whole row."""
    import numpy as np

    steps = np.abs(gray[2:] - gray[:-2]) >= STEP  # encoders blur a step over two rows
    return [int(row) + 2 for row in np.nonzero(steps.mean(axis=1) >= STRAIGHT)[0]]


def _head(rules: Sequence[int], lines: Sequence[ScreenLine], height: int) -> int:
    """Where the window's head ends: below its address and menu bars; 0 where it has none."""
    above = [line for line in lines if line.box.bottom <= HEAD * height]
    addresses = [line.box.bottom for line in above if is_address(line.text)]
    bars = addresses + [row[0].box.bottom for row in _rows(above) if is_menu(_text(row))]
    ends = [next((row for row in rules if low <= row <= low + BAR * height), 0) for low in bars]
    cut = max(ends, default=0)
    if cut == 0:
        return 0
    for row in rules:  # icons without a word between two rules belong to the head, and tabs
        strip = cut < row <= cut + STRIP * height
        is_free = not any(cut <= line.box.y < row for line in lines)
        if strip and (is_free or (addresses and _is_tab_bar(lines, cut, row))):
            cut = row
    return cut


def _is_tab_bar(lines: Sequence[ScreenLine], top: int, bottom: int) -> bool:
    """Whether a single row of several texts stands between two rules; some browsers have their
    tabs below the address."""
    inside = [line for line in lines if top <= line.box.y + line.box.height // 2 < bottom]
    return len(inside) >= TABS and len(_rows(inside)) == 1


def _foot(rules: Sequence[int], lines: Sequence[ScreenLine], height: int, width: int) -> int:
    """Where the status or task bar begins; the picture's height where there is none."""
    bars = [
        line.box.y
        for line in lines
        if line.box.y >= (1 - FOOT) * height
        and (is_status_bar(line.text) or (is_clock(line.text) and line.box.x >= 0.8 * width))
    ]
    if not bars:
        return height
    high = min(bars)
    above = [row - 2 for row in rules if high - BAR * height <= row - 2 <= high]
    if not above:
        return height
    cut = above[-1]
    for row in reversed(above):  # an encoder may have spread the rule over a block
        if cut - row <= BLOCK:
            cut = row
    return cut


def _side(rules: Sequence[int], lines: Sequence[ScreenLine], width: int) -> int:
    """Where the list of files at the left ends; 0 where there is none."""
    heads = [
        line.box.right for line in lines if line.box.x < 0.15 * width and is_side_bar(line.text)
    ]
    right = max(heads, default=width)
    for column in rules:
        crossed = any(line.box.x < column - 2 and line.box.right > column + 2 for line in lines)
        if right <= column <= SIDE * width and not crossed:
            return column
    return 0


def _rows(lines: Sequence[ScreenLine]) -> list[list[ScreenLine]]:
    """The lines side by side: the words of a menu bar are read as lines of their own."""
    rows: list[list[ScreenLine]] = []
    for line in sorted(lines, key=lambda line: line.box.y + line.box.height // 2):
        middle = line.box.y + line.box.height // 2
        if rows and middle < rows[-1][0].box.bottom:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _text(row: Sequence[ScreenLine]) -> str:
    return " ".join(line.text for line in sorted(row, key=lambda line: line.box.x))


def _is_crossed(lines: Iterable[ScreenLine], gray: Pixels, row: int) -> bool:
    """Whether letters go through the rule; a line that is scrolled below a bar ends at it."""
    above, below = gray[max(0, row - 6) : max(0, row - 3)], gray[row + 1 : row + 4]
    if not above.size or not below.size:
        return False
    sides = [_letters(above), _letters(below)]
    return any(
        all(side[line.box.x : line.box.right].mean() > LETTERS for side in sides)
        for line in lines
        if line.box.y + 2 < row < line.box.bottom - 2 and line.box.width > 0
    )


def _letters(rows: Pixels) -> Flags:
    """In which columns a few rows of a bar hold more than its ground."""
    import numpy as np

    found: Flags = (np.abs(rows - np.median(rows, axis=1, keepdims=True)) > 2 * INK).any(axis=0)
    return found


def _without_margins(
    pixels: Pixels, lines: Sequence[ScreenLine], inside: Box, inset: Box | None
) -> Box:
    """What is written and drawn within ``inside``, with a little ground around it."""
    import numpy as np

    height, width = pixels.shape[:2]
    ink = _ink(pixels[inside.y : inside.bottom, inside.x : inside.right])
    camera = _padded(inset, round(RIM * width), inside) if inset else None
    if camera and any(line.box.overlaps(camera) for line in lines):
        camera = None
    if camera:
        rows = slice(camera.y - inside.y, camera.bottom - inside.y)
        ink[rows, camera.x - inside.x : camera.right - inside.x] = False
    bar = round(SCROLL_BAR * width)
    if inside.y and not any(line.box.right > inside.right - bar for line in lines):
        ink[:, -bar:] = False  # a page in a window may have a scroll bar
    _wipe_corners(ink, round(CORNER * width))
    down, across = np.nonzero(ink.sum(axis=1) > 1)[0], np.nonzero(ink.sum(axis=0) > 1)[0]
    if not len(down) or not len(across):
        return inside
    found = _box(int(across[0]), int(down[0]), int(across[-1]) + 1, int(down[-1]) + 1)
    found = found.model_copy(update={"x": found.x + inside.x, "y": found.y + inside.y})
    for line in lines:
        if line.box.overlaps(found):
            found = _around(found, line.box, inside)
    found = _grown(_padded(found, round(PAD * width), inside), inside, width, height)
    if camera and camera.overlaps(found):
        found = _around(found, camera, inside)
    return found


def _ink(part: Pixels) -> Flags:
    """Which pixels are not of the ground that the rim of ``part`` has."""
    import numpy as np

    rim = [part[:2], part[-2:], part[:, :2], part[:, -2:]]
    ground = np.median(np.concatenate([side.reshape(-1, 3) for side in rim]), axis=0)
    ink: Flags = (np.abs(part - ground.astype(np.int16)) > INK).any(axis=2)
    return ink


def _wipe_corners(ink: Flags, size: int) -> None:
    for rows in (slice(size), slice(-size, None)):
        for columns in (slice(size), slice(-size, None)):
            ink[rows, columns] = False


def _grown(found: Box, inside: Box, width: int, height: int) -> Box:
    """``found``, grown within ``inside`` to the least size and to a usual shape."""
    wide = max(found.width, round(LEAST_WIDTH * width))
    high = max(found.height, round(LEAST_HEIGHT * height), round(wide / WIDEST))
    wide = max(wide, round(NARROWEST * high))
    left, right = _stretched(found.x, found.right, wide, inside.x, inside.right)
    top, bottom = _stretched(found.y, found.bottom, high, inside.y, inside.bottom)
    return _box(left, top, right, bottom)


def _stretched(begin: int, end: int, length: int, least: int, most: int) -> tuple[int, int]:
    """``begin`` and ``end``, ``length`` apart where ``least`` and ``most`` leave the room."""
    length = min(max(length, end - begin), most - least)
    begin = min(max(least, begin - (length - (end - begin)) // 2), most - length)
    return begin, begin + length


def _padded(box: Box, by: int, inside: Box) -> Box:
    wider = _box(box.x - by, box.y - by, box.right + by, box.bottom + by)
    return _box(
        max(inside.x, wider.x),
        max(inside.y, wider.y),
        min(inside.right, wider.right),
        min(inside.bottom, wider.bottom),
    )


def _around(one: Box, other: Box, inside: Box) -> Box:
    """The smallest box with both, as far as it is ``inside``."""
    both = _box(
        min(one.x, other.x),
        min(one.y, other.y),
        max(one.right, other.right),
        max(one.bottom, other.bottom),
    )
    return _padded(both, 0, inside)


def _area(box: Box) -> int:
    return box.width * box.height


def _box(left: int, top: int, right: int, bottom: int) -> Box:
    return Box(x=left, y=top, width=right - left, height=bottom - top)
