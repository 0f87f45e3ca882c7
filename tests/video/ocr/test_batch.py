"""Texts of pictures are kept as soon as they are read, and read once."""

from __future__ import annotations

from pathlib import Path

from pipeline.engine.progress import Silent
from pipeline.models import ScreenText
from pipeline.video.ocr.batch import OcrBatch


def test_a_mark_left_beside_a_kept_text_is_removed_and_nothing_is_read_again(
    tmp_path: Path,
) -> None:
    read: list[bytes] = []

    def here(picture: bytes) -> ScreenText:
        read.append(picture)
        return ScreenText(text=picture.decode())

    reading = OcrBatch(tmp_path, here, apart=here, version="1", workers=1)
    assert reading.texts([lambda: b"one"], Silent()) == ([ScreenText(text="one")], {})
    (kept,) = tmp_path.iterdir()
    kept.with_suffix(".begun").touch()  # as a kill at that moment leaves it
    assert reading.texts([lambda: b"one"], Silent()) == ([ScreenText(text="one")], {})
    assert read == [b"one"]
    assert list(tmp_path.iterdir()) == [kept]
