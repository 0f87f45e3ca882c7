"""What a frame is taken for."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from pipeline.video.screens.frame_kind import frame_kind

PAPER = Image.new("RGB", (320, 180), "#fbfaf7")
CAMERA = Image.fromarray(
    np.random.default_rng(3).integers(0, 255, (180, 320, 3), dtype=np.uint8), "RGB"
)
BARS = Image.fromarray(np.tile(np.repeat(np.arange(0, 256, 16, dtype=np.uint8), 20), (180, 1)))
TERMINAL = Image.new("RGB", (320, 180), "#222222")


@pytest.mark.parametrize(
    ("text", "picture", "kind"),
    [
        ("Why not bytes?\nUTF-8 text is a stream of bytes\n256 tokens: very small", PAPER, "slide"),
        ("def f(x):\n    y = x + 1\n    return y\nprint(f(2))", PAPER, "code"),
        ("\n".join(["Bisecting: 0 revisions left to test after this"] * 9), TERMINAL, "code"),
        (
            "Three merges\nstart  a  a  b  d  a\nZ = aa  Z  a  b  d\nY = Za  Y  b  d  Y",
            PAPER,
            "diagram",
        ),
        ("MIT", CAMERA, "talking head"),
        ("", PAPER, "other"),
        ("S", PAPER, "talking head"),
        ("7", PAPER, "other"),
        ("pH", BARS, "other"),
    ],
)
def test_the_kind_follows_from_text_and_picture(text: str, picture: Image.Image, kind: str) -> None:
    assert frame_kind(text, picture) == kind
