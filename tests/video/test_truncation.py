"""A file that was cut off is told by the lengths of its boxes."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from pipeline.video.truncation import missing_bytes
from tests.conftest import make_media


@pytest.mark.parametrize("missing", [0, 1, 99, 50_000])
def test_every_missing_byte_is_counted(missing: int, tiny_video: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.mp4"
    data = tiny_video.read_bytes()
    path.write_bytes(data[: len(data) - missing])
    assert missing_bytes(path) == missing


@pytest.mark.parametrize(
    "end", [b"", bytes(100), b"\0\0\0", struct.pack(">I4s", 0, b"mdat") + b"x"]
)
def test_padding_and_boxes_up_to_the_end_are_whole(
    end: bytes, tiny_video: Path, tmp_path: Path
) -> None:
    path = tmp_path / "whole.mp4"
    path.write_bytes(tiny_video.read_bytes() + end)
    assert missing_bytes(path) == 0


def test_long_boxes_are_measured(tmp_path: Path) -> None:
    path = tmp_path / "long.mp4"
    box = struct.pack(">I4sQ", 1, b"mdat", 1000)
    path.write_bytes(struct.pack(">I4sQ", 16, b"ftyp", 0) + box + bytes(900))
    assert missing_bytes(path) == 1000 - 16 - 900


def test_other_kinds_of_files_are_left_to_the_probe(tiny_video: Path, tmp_path: Path) -> None:
    other = make_media(tmp_path / "a.mkv", "-i", str(tiny_video), "-c", "copy")
    other.write_bytes(other.read_bytes()[:-500])
    assert missing_bytes(other) == 0
    empty = tmp_path / "empty"
    empty.touch()
    assert missing_bytes(empty) == 0
