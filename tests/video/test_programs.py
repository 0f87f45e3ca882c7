"""ffmpeg is found, or missed in words."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import MissingDependencyError
from pipeline.video.programs import ffmpeg_path


@pytest.fixture(autouse=True)
def _ask_anew() -> Iterator[None]:
    ffmpeg_path.cache_clear()
    yield
    ffmpeg_path.cache_clear()


def test_the_found_ffmpeg_runs() -> None:
    done = subprocess.run([ffmpeg_path(), "-version"], capture_output=True, check=True)
    assert done.stdout.startswith(b"ffmpeg version")


def test_the_one_on_path_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "ffmpeg"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ffmpeg_path() == str(own)


def test_without_any_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tmp_path / "nothing"))
    with pytest.raises(MissingDependencyError, match="imageio-ffmpeg"):
        ffmpeg_path()
