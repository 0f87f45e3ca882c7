"""A camera picture in the corner of what a figure shows: cut off where nothing goes with it, else
painted over with the ground around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pipeline.models import Box, ScreenLine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    Pixels = NDArray[np.int16]
    Flags = NDArray[np.bool_]

DRAWN = 14  # levels of 255 from pixel to pixel: noise of a poor encoding stays below
STRAIGHT = 0.03  # of the width: no stroke of a letter is as long, the border of a box is
SPECKS = 0.001  # of what is cut off may be drawn: a mouse pointer, where borders meet
RIM = 3  # pixels: how exactly the place of a camera picture is known
DEPTHS = (3 * RIM, RIM, -RIM)  # pixels within the camera picture; the last is beside it
STEP = 8  # gray levels of 255: by so much it differs from what lies beside it
SHARP = 1.5  # times as much as within it
SEEN = 0.5  # of its sides, its rim is seen: what lies beside it may be as bright


def beside_camera(gray: Pixels, lines: Sequence[ScreenLine], shown: Box, camera: Box) -> Box:
    """``shown`` cut at that side of ``camera`` that leaves most of it; as it is, where every cut
    would take a line of text or something drawn with it, other than straight borders of boxes.

    Args:
        gray: the whole picture, shape (height, width).
        lines: the text on it, without that on the camera picture.
        shown: the part of the picture that is to be shown.
        camera: where the camera picture is; it overlaps ``shown``.
    """
    best = shown.model_copy(update={"width": 0})
    for kept, lost in _cuts(shown, camera):
        if kept.width * kept.height <= best.width * best.height:
            continue
        taken = any(len(line.text.strip()) > 1 and line.box.overlaps(lost) for line in lines)
        if not taken and _is_bare(gray, lost, camera):
            best = kept
    return best if best.width else shown


def painted_over(picture: Image, camera: Box) -> Image | None:
    """A copy of ``picture`` (RGB) with the ground beside ``camera`` in its place; None where its
    rim is not seen there, so that its place is not sure."""
    import numpy as np
    from PIL import ImageDraw

    pixels = np.asarray(picture, dtype=np.int16)
    sides = list(_sides(pixels, camera))
    if not sides or not all(_is_rim(*side) for side in sides):
        return None
    around = np.concatenate([beside for *_, beside in sides])
    red, green, blue = (round(float(level)) for level in np.median(around, axis=0))
    painted = picture.copy()
    left, top, right, bottom = camera.x, camera.y, camera.right, camera.bottom
    place = (left - RIM, top - RIM, right + RIM - 1, bottom + RIM - 1)
    ImageDraw.Draw(painted).rectangle(place, fill=(red, green, blue))
    return painted


def _is_rim(inner: Pixels, within: Pixels, beside: Pixels) -> bool:
    """Whether brightness steps at the side, by more than it does from one column of the camera
    picture to the next."""
    import numpy as np

    inner, within, beside = (colours.mean(axis=1) for colours in (inner, within, beside))
    rim, usual = np.abs(within - beside), np.abs(within - inner)
    return bool((rim >= STEP).mean() >= SEEN and rim.mean() >= SHARP * usual.mean())


def _sides(pixels: Pixels, camera: Box) -> Iterator[tuple[Pixels, ...]]:
    """For each side of the camera picture that is not at the edge of ``pixels``, the colours
    within it, close to the side, and just beside it, shape (length, 3) each."""
    height, width = pixels.shape[:2]
    left, top, right, bottom = camera.x, camera.y, camera.right - 1, camera.bottom - 1
    rows, columns = slice(top, bottom + 1), slice(left, right + 1)
    near = 2 * RIM  # at the edge: nothing can be seen beside it
    if min(camera.width, camera.height) <= 2 * near:
        return
    for at, way, is_seen in ((left, 1, left >= near), (right, -1, right < width - near)):
        if is_seen:
            yield tuple(pixels[rows, at + way * off] for off in DEPTHS)
    for at, way, is_seen in ((top, 1, top >= near), (bottom, -1, bottom < height - near)):
        if is_seen:
            yield tuple(pixels[at + way * off, columns] for off in DEPTHS)


def _cuts(shown: Box, camera: Box) -> Iterator[tuple[Box, Box]]:
    """What is kept and what is lost by each cut along a side of the camera picture."""
    left, top, right, bottom = shown.x, shown.y, shown.right, shown.bottom
    x, y, end, foot = camera.x, camera.y, camera.right, camera.bottom
    yield _box(left, top, x, bottom), _box(x, top, right, bottom)
    yield _box(end, top, right, bottom), _box(left, top, end, bottom)
    yield _box(left, top, right, y), _box(left, y, right, bottom)
    yield _box(left, foot, right, bottom), _box(left, top, right, foot)


def _is_bare(gray: Pixels, lost: Box, camera: Box) -> bool:
    """Whether nothing but straight borders is drawn in ``lost``, outside of the camera picture."""
    import numpy as np

    part = gray[lost.y : lost.bottom, lost.x : lost.right]
    run = round(STRAIGHT * gray.shape[1])
    down = np.abs(np.diff(part, axis=0, append=part[-1:])) > DRAWN
    across = np.abs(np.diff(part, axis=1, append=part[:, -1:])) > DRAWN
    drawn = (down & ~_in_runs(down, run)) | (across & ~_in_runs(across.T, run).T)
    drawn[
        max(0, camera.y - lost.y) : max(0, camera.bottom - lost.y),
        max(0, camera.x - lost.x) : max(0, camera.right - lost.x),
    ] = False
    return bool(drawn.mean() <= SPECKS)


def _in_runs(flags: Flags, length: int) -> Flags:
    """Which flags belong to a run of at least so many in their row."""
    import numpy as np

    if flags.shape[1] < length:
        return np.zeros_like(flags)
    sums = np.pad(flags.cumsum(axis=1), ((0, 0), (1, 0)))
    starts = sums[:, length:] - sums[:, :-length] == length
    marks = np.pad(starts, ((0, 0), (length - 1, length - 1))).cumsum(axis=1)
    marks = np.pad(marks, ((0, 0), (1, 0)))
    within: Flags = marks[:, length:] - marks[:, :-length] > 0
    return within


def _box(left: int, top: int, right: int, bottom: int) -> Box:
    return Box(x=left, y=top, width=max(0, right - left), height=max(0, bottom - top))
