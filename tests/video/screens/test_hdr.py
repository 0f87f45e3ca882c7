"""Recordings in HDR look as they do on an HDR screen, not grey."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from pipeline.video.screens import find_states
from tests.drawn.canvas import write_text
from tests.drawn.reel import Reel, encode

GROUNDS = ("#fcfbf8", "#1e3a5f", "#2e7d32", "#c62828")
ALIKE = 24  # of 255 levels: the curves differ so much; untouched, white is 40 to 90 levels off


def slide() -> Image.Image:
    """Patches of colour with a line of text."""
    picture = Image.new("RGB", (320, 192), GROUNDS[0])
    pen = ImageDraw.Draw(picture)
    for number, ground in enumerate(GROUNDS):
        pen.rectangle((80 * number, 96, 80 * number + 79, 191), fill=ground)
    write_text(pen, (20, 30), "Goal of the study", 24, "#14213d")
    return picture


def shown(path: Path, transfer: str) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    """The picture of the only state of such a recording."""
    reel = Reel()
    reel.show(slide(), 2, "slide")
    encode(path, reel, transfer=transfer)
    pictures: list[Image.Image] = []
    find_states(path, 0, 2000, lambda _, picture: pictures.append(picture))
    return np.asarray(pictures[0]).astype(np.int16)


@pytest.mark.parametrize("transfer", ["pq", "hlg"])
def test_hdr_is_tone_mapped(tmp_path: Path, transfer: str) -> None:
    there = np.asarray(slide()).astype(np.int16)
    mapped = shown(tmp_path / f"{transfer}.mp4", transfer)
    for number in range(len(GROUNDS)):
        patch = np.s_[120:180, 80 * number + 20 : 80 * number + 60]
        assert (
            np.abs(mapped[patch].mean(axis=(0, 1)) - there[patch].mean(axis=(0, 1))).max() < ALIKE
        )


def test_sdr_stays_as_it_is(tmp_path: Path) -> None:
    there = np.asarray(slide()).astype(np.int16)
    assert np.abs(shown(tmp_path / "sdr.mp4", "") - there).mean() < 3
