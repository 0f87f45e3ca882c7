"""The bars of a window: the rules in the picture below its address and menus, above its status
bar, beside its list of files.

A window may stand on a plain desktop, and a camera picture may lie over it.
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

    Pixels = NDArray[np.int16]
    Flags = NDArray[np.bool_]

HEAD, FOOT, SIDE = 0.2, 0.08, 0.35  # of the picture: where bars and lists of files stand
BAR = 0.08  # of the height: a rule is not further from the bar that it ends
STRIP = 0.06  # of the height: a strip of icons below a menu is not higher
TABS = 3  # texts side by side below the address
STEP = 4  # gray levels of 255: dark themes set their bars off by 7
STRAIGHT = 0.9  # of its length, a rule is seen
BLOCK = 8  # rows: what encoders quantise together
LETTERS = 0.05  # of its columns, a line of text holds ink at any height
INK = 14  # levels of 255: letters differ from the ground of a bar by twice as much


def without_bars(gray: Pixels, lines: Sequence[ScreenLine], camera: Box | None = None) -> Box:
    """The picture without the bars of the window and its list of files.

    Args:
        gray: the picture, shape (height, width).
        lines: the text on it.
        camera: where a camera picture lies over it.
    """
    whole = Box(x=0, y=0, width=gray.shape[1], height=gray.shape[0])
    hidden = _hidden(gray, camera)
    window = _window(gray, hidden)
    seen = slice(window.y, window.bottom), slice(window.x, window.right)
    moved = [_moved(line, window) for line in lines if line.box.overlaps(window)]
    inside = _between_bars(gray[seen], hidden[seen], moved)
    if inside.width == window.width and inside.height == window.height:
        return whole
    return inside.model_copy(update={"x": inside.x + window.x, "y": inside.y + window.y})


def _between_bars(gray: Pixels, hidden: Flags, lines: Sequence[ScreenLine]) -> Box:
    height, width = gray.shape
    across = [row for row in _rules(gray, hidden) if not _is_crossed(lines, gray, row)]
    top, bottom = _head(across, lines, height), _foot(across, lines, height, width)
    between = [line for line in lines if top <= line.box.y < bottom]
    left = _side(_rules(gray[top:bottom].T, hidden[top:bottom].T), between, width)
    return Box(x=left, y=top, width=width - left, height=bottom - top)


def _hidden(gray: Pixels, camera: Box | None) -> Flags:
    """Which pixels the camera picture hides."""
    import numpy as np

    hidden = np.zeros(gray.shape, dtype=np.bool_)
    if camera:
        hidden[camera.y : camera.bottom, camera.x : camera.right] = True
    return hidden


def _window(gray: Pixels, hidden: Flags) -> Box:
    """What is left without a plain desktop around it: rows and columns of one level at the sides;
    the whole picture where nothing is left."""
    import numpy as np

    box = [0, 0, gray.shape[1], gray.shape[0]]
    for _ in range(2):  # the rows of a desktop are plain only without the columns beside a window
        for axis, (first, last) in enumerate(((1, 3), (0, 2))):
            part = slice(box[1], box[3]), slice(box[0], box[2])
            seen, across = ~hidden[part], 1 - axis
            high = np.where(seen, gray[part], 0).max(axis=across)
            low = np.where(seen, gray[part], 255).min(axis=across)
            busy = np.nonzero(high - low > INK)[0]
            if not len(busy):
                return Box(x=0, y=0, width=gray.shape[1], height=gray.shape[0])
            box[first], box[last] = box[first] + int(busy[0]), box[first] + int(busy[-1]) + 1
    return Box(x=box[0], y=box[1], width=box[2] - box[0], height=box[3] - box[1])


def _moved(line: ScreenLine, window: Box) -> ScreenLine:
    """The line where it is in the window, as far as it is in it."""
    left, top = max(line.box.x, window.x), max(line.box.y, window.y)
    right, bottom = min(line.box.right, window.right), min(line.box.bottom, window.bottom)
    box = Box(x=left - window.x, y=top - window.y, width=right - left, height=bottom - top)
    return line.model_copy(update={"box": box})


def _rules(gray: Pixels, hidden: Flags) -> list[int]:
    """The rows at which a rule or another ground begins, along the whole row as far as it is
    seen."""
    import numpy as np

    seen = ~(hidden[2:] | hidden[:-2])
    steps = (np.abs(gray[2:] - gray[:-2]) >= STEP) & seen  # encoders blur a step over two rows
    long = steps.sum(axis=1) >= STRAIGHT * np.maximum(seen.sum(axis=1), 0.5 * gray.shape[1])
    return [int(row) + 2 for row in np.nonzero(long)[0]]


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
