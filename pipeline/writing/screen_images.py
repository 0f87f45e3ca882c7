"""Frames as pictures for a model: scaled down to what it can use, and no larger."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from pipeline.engine.symlink_guard import is_inside
from pipeline.errors import MediaError
from pipeline.llm.chat import MessagePicture
from pipeline.models import Frame
from pipeline.writing.context_screens import ContextScreen

_QUALITY = 80
# A drawing cannot be told in text, and code has to be copied without a reading error.
_WORTH = {"diagram": 0, "code": 1, "slide": 2, "other": 3, "talking head": 4}


def picture_of(folder: Path, frame: Frame, width: int) -> MessagePicture:
    """The content of ``frame`` (its crop) as a JPEG at most ``width`` pixels wide; ``folder`` is
    the one that the paths of frames are relative to.

    Raises:
        MediaError: it cannot be read, or lies outside of its pictures: it would leave this machine.
    """
    from PIL import Image, UnidentifiedImageError  # only a run with pictures needs it

    path = folder / frame.path
    pictures = folder / "screens"
    if not is_inside(pictures, folder) or not is_inside(path, pictures):
        raise MediaError(f"frame {frame.id}: {frame.path} is outside {pictures}")
    try:
        with Image.open(path, formats=("PNG", "JPEG", "GIF", "WEBP")) as opened:
            image = opened.convert("RGB")
            if part := frame.crop and frame.crop.part_of(*image.size):
                image = image.crop(part)
    except (OSError, UnidentifiedImageError) as error:
        raise MediaError(f"picture {path} cannot be read: {error}") from error
    if image.width > width:
        height = max(1, round(image.height * width / image.width))
        image = image.resize((width, height), Image.Resampling.LANCZOS)
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=_QUALITY)
    return MessagePicture(f"screen {frame.id}", buffer.getvalue(), image.width, image.height)


def worth_showing(screens: Sequence[ContextScreen], most: int) -> list[ContextScreen]:
    """The at most ``most`` screens that a writer needs to see, in order.

    Those that may be figures go first, drawings before code before slides; among equals those that
    were on screen longest.
    """
    fresh = [screen for screen in screens if screen.usable]
    ranked = sorted(
        fresh,
        key=lambda screen: (
            _WORTH[screen.frame.kind],
            screen.frame.start_ms - screen.frame.end_ms,
            screen.frame.id,
        ),
    )
    chosen = {screen.frame.id for screen in ranked[:most]}
    return [screen for screen in fresh if screen.frame.id in chosen]
