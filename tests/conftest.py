"""Fixtures that many tests use: small media made with ffmpeg, once per session."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pipeline.media.tools import ffmpeg_path


def make_media(target: Path, *arguments: str) -> Path:
    """Run ffmpeg with ``arguments`` and return ``target``, the file it writes."""
    command = [ffmpeg_path(), "-nostdin", "-v", "error", "-y", *arguments, str(target)]
    subprocess.run(command, check=True, capture_output=True)
    return target


@pytest.fixture(scope="session")
def tiny_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An 8 s H.264/AAC mp4: a moving test picture of 160x120 at 10 fps with a key frame every 2 s,
    and a 440 Hz tone. Copy it before changing anything beside it."""
    return make_media(
        tmp_path_factory.mktemp("tiny") / "tiny.mp4",
        *("-f", "lavfi", "-i", "testsrc=size=160x120:rate=10:duration=8"),
        *("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=16000:duration=8"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"),
        *("-g", "20", "-keyint_min", "20", "-sc_threshold", "0"),
        *("-c:a", "aac", "-b:a", "32k", "-movflags", "+faststart"),
    )
