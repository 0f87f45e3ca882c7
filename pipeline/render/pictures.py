"""The pictures of a chapter: what a figure shows, a small version for the text, the whole frame."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.document.blocks import Figure
from pipeline.engine.symlink_guard import is_inside
from pipeline.errors import RenderError
from pipeline.models import Frame
from pipeline.settings.render import RenderSettings
from pipeline.video.screens.beside_camera import painted_over
from pipeline.video.screens.compression import compress

# Only bitmaps: an SVG is a document that can hold scripts.
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
_SUFFIXES = {".jpg", ".jpeg", ".png", ".gif", ".webp"}
_CROP_QUALITY = 92  # of a JPEG: the frame has been compressed once
# An id becomes a file's name; segments.json can be edited, or come from elsewhere.
_FRAME_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True)
class PagePicture:
    """A figure's picture: addresses relative to the page, sizes in pixels, and the file bytes.

    ``src`` is what the figure shows, ``whole_src`` all of its frame: the same where nothing is
    cropped. ``small_src`` is ``src`` where that is no wider than the text.
    """

    frame: Frame
    src: str
    whole_src: str
    small_src: str
    small_width: int
    small_height: int
    files: Mapping[str, bytes]


@dataclass(frozen=True)
class Drawing:
    """A picture that a cell drew: its address relative to the page, size in pixels, and bytes."""

    src: str
    width: int
    height: int
    data: bytes


def take_drawings(paths: Iterable[str], folder: Path) -> dict[str, Drawing]:
    """The drawings by their paths in ``folder`` (the check stage's); what is no bitmap is not."""
    from PIL import Image, UnidentifiedImageError

    found: dict[str, Drawing] = {}
    for path in paths:
        file = folder / path
        within = is_inside(folder, folder.parent) and is_inside(file, folder)
        if not within or not file.is_file():
            continue
        data = file.read_bytes()
        try:
            with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                width, height = image.size
                kind = (image.format or "PNG").lower()
        except (UnidentifiedImageError, OSError):
            continue
        found[path] = Drawing(f"assets/drawn-{len(found) + 1:03d}.{kind}", width, height, data)
    return found


def take_pictures(
    figures: Iterable[Figure], frames: Iterable[Frame], folder: Path, settings: RenderSettings
) -> dict[str, PagePicture]:
    """The pictures of ``figures`` by their names (``Figure.picture``), in order; none for figures
    of unknown frames. ``folder`` is the lecture's folder.

    Raises:
        RenderError: a frame's file is missing or no picture, or lies outside the pictures.
    """
    known = {frame.id: frame for frame in frames}
    shown = {one.picture: one for one in figures if one.frame in known}
    # Pillow releases the interpreter lock while it decodes, scales and encodes.
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        made = pool.map(lambda one: _take(known[one.frame], one, folder, settings), shown.values())
        return dict(zip(shown, made, strict=True))


def _take(frame: Frame, figure: Figure, folder: Path, settings: RenderSettings) -> PagePicture:
    from PIL import Image, UnidentifiedImageError

    path = folder / frame.path
    pictures = folder / "screens"
    if not is_inside(pictures, folder) or not is_inside(path, pictures):
        raise RenderError(f"frame {frame.id}: {frame.path} is outside {pictures}")
    suffix = PurePosixPath(frame.path).suffix.lower() or ".jpg"
    if suffix not in _SUFFIXES or not _FRAME_ID.fullmatch(frame.id):
        raise RenderError(
            f"frame {frame.id!r} ({frame.path!r}) has a name that no frame has",
            "make the frames again with: stage screens --force",
        )
    whole = f"assets/{frame.id}{suffix}"
    try:
        data = path.read_bytes()
        with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            part = figure.crop.part_of(*opened.size) if figure.crop else None
            if not figure.crop and opened.width <= settings.thumbnail_width:
                return PagePicture(frame, whole, whole, whole, *opened.size, {whole: data})
            image = opened.convert("RGB")
    except (OSError, UnidentifiedImageError) as error:
        raise RenderError(
            f"frame {frame.id}: {path} cannot be read as a picture: {error}",
            "make the frames again with: stage screens --force",
        ) from error
    files, src = {whole: data}, whole
    painted = painted_over(image, frame.inset) if figure.crop and frame.inset else None
    if part or painted:
        image = (painted or image).crop(part)
        cropped = compress(image, _CROP_QUALITY)
        src = f"assets/{figure.picture}{cropped.suffix}"
        files[src] = cropped.data
    small_src = src
    if image.width > settings.thumbnail_width:
        height = round(image.height * settings.thumbnail_width / image.width)
        size = (settings.thumbnail_width, height)
        image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
        buffer = io.BytesIO()
        image.save(buffer, "WEBP", quality=settings.picture_quality, method=2)
        small_src = f"assets/{PurePosixPath(src).stem}-small.webp"
        files[small_src] = buffer.getvalue()
    return PagePicture(frame, src, whole, small_src, *image.size, files)
