"""The content of a screen: what is left without the window around it and without empty margins.

A cut is made only where the picture itself shows a border: a rule across the window below its
address or menu bar, above its status or task bar, beside a list of files; or ground of one colour.
No line of text and nothing drawn is ever cut; where that is not sure, nothing is cut at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.models import Box, ScreenLine
from pipeline.video.screens.beside_camera import beside_camera, painted_over
from pipeline.video.screens.window_bars import without_bars

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    Pixels = NDArray[np.int16]
    Flags = NDArray[np.bool_]

INK = 14  # levels of 255 off the ground: noise of a poor encoding stays below
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
    """The part of ``picture`` (RGB) that is worth showing; None for all of it, also in doubt, where
    no camera picture lies over it.

    Args:
        picture: a state of the screen.
        lines: the text on it, with boxes in its pixels.
        inset: where a webcam picture moves.
    """
    import numpy as np

    whole = Box(x=0, y=0, width=picture.width, height=picture.height)
    camera = _padded(inset, round(RIM * picture.width), whole) if inset else None
    if camera:
        lines = [line for line in lines if not camera.contains(line.box)]
    gray = np.asarray(picture.convert("L"), dtype=np.int16)
    inside = without_bars(gray, lines, camera)
    painted = painted_over(picture, inset) if inset else None  # as its figure will be
    shown = np.asarray(painted or picture, dtype=np.int16)
    trimmed = _without_margins(shown, lines, inside, None if painted else camera)
    chosen = trimmed if _area(trimmed) <= WORTH * _area(inside) else inside
    if camera and camera.overlaps(chosen):
        chosen = beside_camera(gray, lines, chosen, camera)
    if not _is_view(chosen, whole):
        return None
    return None if chosen == whole and not camera else chosen


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


def _without_margins(
    pixels: Pixels, lines: Sequence[ScreenLine], inside: Box, camera: Box | None
) -> Box:
    """What is written and drawn within ``inside``, with a little ground around it."""
    import numpy as np

    height, width = pixels.shape[:2]
    ink = _ink(pixels[inside.y : inside.bottom, inside.x : inside.right])
    if camera and any(line.box.overlaps(camera) for line in lines):
        camera = None
    if camera:
        rows = slice(max(0, camera.y - inside.y), max(0, camera.bottom - inside.y))
        ink[rows, max(0, camera.x - inside.x) : max(0, camera.right - inside.x)] = False
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
