"""Pictures as files."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageChops, ImageStat

from pipeline.video.screens.compression import THUMBNAIL_WIDTH, compress, small


def test_the_smaller_of_jpeg_and_webp_is_kept_and_opens_as_its_suffix_says() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (90, 160, 3), dtype=np.uint8)
    for image in (Image.new("RGB", (640, 360), "white"), Image.fromarray(noise, "RGB")):
        picture = compress(image)
        opened = Image.open(io.BytesIO(picture.data))
        assert {".jpg": "JPEG", ".webp": "WEBP"}[picture.suffix] == opened.format
        assert opened.size == (picture.width, picture.height) == image.size


def test_compression_changes_a_slide_by_less_than_is_seen() -> None:
    image = Image.linear_gradient("L").convert("RGB")
    opened = Image.open(io.BytesIO(compress(image).data)).convert("RGB")
    assert max(ImageStat.Stat(ImageChops.difference(image, opened)).mean) < 2


def test_a_thumbnail_is_never_wider_than_the_picture() -> None:
    assert small(Image.new("RGB", (1920, 1080))).size == (THUMBNAIL_WIDTH, 360)
    assert small(Image.new("RGB", (320, 180))).size == (320, 180)
