"""The pictures of a chapter: the frame as it is, and a small version for the text."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.errors import RenderError
from pipeline.model import Frame
from pipeline.settings.render import RenderSettings


@dataclass(frozen=True)
class Picture:
    """A frame on the page: addresses relative to the page, sizes in pixels, and the file bytes.

    ``small_src`` is ``src`` where the frame is no wider than the text.
    """

    frame: Frame
    src: str
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
    """The drawings by their paths in ``folder`` (the check stage's); what is no picture is not.

    Only bitmaps are taken: an SVG is a document that can hold scripts.
    """
    from PIL import Image, UnidentifiedImageError

    found: dict[str, Drawing] = {}
    for path in paths:
        file = (folder / path).resolve()
        if not file.is_relative_to(folder.resolve()) or not file.is_file():
            continue
        data = file.read_bytes()
        try:
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "GIF", "WEBP")) as image:
                width, height = image.size
                kind = (image.format or "PNG").lower()
        except (UnidentifiedImageError, OSError):
            continue
        found[path] = Drawing(f"assets/drawn-{len(found) + 1:03d}.{kind}", width, height, data)
    return found


def take_pictures(
    frames: Iterable[Frame], folder: Path, settings: RenderSettings
) -> dict[str, Picture]:
    """The pictures of ``frames`` by frame id; ``folder`` is the segment stage's folder.

    Raises:
        RenderError: a frame's file is missing or no picture, or its path leaves the folder.
    """
    ordered = list(frames)
    # Pillow releases the interpreter lock while it decodes, scales and encodes.
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        made = pool.map(lambda frame: _take(frame, folder, settings), ordered)
        return {frame.id: picture for frame, picture in zip(ordered, made, strict=True)}


def _take(frame: Frame, folder: Path, settings: RenderSettings) -> Picture:
    from PIL import Image, UnidentifiedImageError

    path = (folder / frame.path).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise RenderError(f"frame {frame.id}: {frame.path} is outside {folder}")
    suffix = PurePosixPath(frame.path).suffix.lower() or ".jpg"
    name = f"assets/{frame.id}{suffix}"
    try:
        data = path.read_bytes()
        with Image.open(io.BytesIO(data)) as image:
            width, height = image.size
            if width <= settings.thumbnail_width:
                return Picture(frame, name, name, width, height, {name: data})
            size = (settings.thumbnail_width, round(height * settings.thumbnail_width / width))
            small = image.convert("RGB").resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    except (OSError, UnidentifiedImageError) as error:
        raise RenderError(
            f"frame {frame.id}: {path} cannot be read as a picture: {error}",
            "make the frames again with: stage segment --force",
        ) from error
    buffer = io.BytesIO()
    small.save(buffer, "WEBP", quality=settings.picture_quality, method=2)
    small_name = f"assets/{frame.id}-small.webp"
    return Picture(
        frame, name, small_name, size[0], size[1], {name: data, small_name: buffer.getvalue()}
    )
