"""What waits comes back as it went in."""

from __future__ import annotations

import numpy as np
from PIL import Image

from pipeline.video.screens import disk_buffer
from pipeline.video.screens.disk_buffer import DiskBuffer, PictureBuffer, TileBuffer
from pipeline.video.screens.tiles import measure


def test_tiles_come_back_equal_and_in_order() -> None:
    rng = np.random.default_rng(3)
    pictures = [measure(rng.integers(0, 256, (48, 640), dtype=np.uint8)) for _ in range(5)]
    kept = TileBuffer()
    for tiles in pictures:
        kept.add(tiles)
    for before, after in zip(pictures, kept, strict=True):
        for name in ("brightness", "ink", "strips"):
            assert np.array_equal(getattr(before, name), getattr(after, name))


def test_pictures_come_back_equal_and_missing_ones_missing() -> None:
    picture = Image.effect_noise((30, 20), 90).convert("RGB")
    kept = PictureBuffer()
    for one in (None, picture, None):
        kept.add(one)
    first, second, third = kept
    assert first is None
    assert third is None
    assert second is not None
    assert second.tobytes() == picture.tobytes()


def test_what_is_large_goes_to_the_disk() -> None:
    kept = DiskBuffer()
    for _ in range(2):
        kept.add(np.random.default_rng(1).bytes(disk_buffer.IN_MEMORY))
    assert kept._file._rolled  # type: ignore[attr-defined]
    assert [len(piece) for piece in kept] == [disk_buffer.IN_MEMORY] * 2
