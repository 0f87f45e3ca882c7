"""Pictures of the chapter: compressed as well as they can be, with a small version."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

THUMBNAIL_WIDTH = 640  # pixels: a figure on the page; the full picture opens on a click


@dataclass(frozen=True)
class CompressedPicture:
    """A compressed picture and its file suffix (``.jpg`` or ``.webp``)."""

    data: bytes
    suffix: str
    width: int
    height: int


def compress(image: Image, quality: int = 85) -> CompressedPicture:
    """``image`` as JPEG or WebP, whichever is smaller at like quality."""
    # WebP's scale is stricter: its 80 looks like JPEG's 85 on text.
    jpeg, webp = io.BytesIO(), io.BytesIO()
    image.save(jpeg, "JPEG", quality=quality, optimize=True)
    image.save(webp, "WEBP", quality=max(1, quality - 5), method=4)
    if len(webp.getvalue()) < len(jpeg.getvalue()):
        return CompressedPicture(webp.getvalue(), ".webp", image.width, image.height)
    return CompressedPicture(jpeg.getvalue(), ".jpg", image.width, image.height)


def small(image: Image) -> Image:
    """``image`` at most ``THUMBNAIL_WIDTH`` wide."""
    if image.width <= THUMBNAIL_WIDTH:
        return image
    height = max(1, round(image.height * THUMBNAIL_WIDTH / image.width))
    return image.resize((THUMBNAIL_WIDTH, height), resample=3)
