"""What the tests of hostile files share: a small good video, and a room to convert bad ones in."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import make_media
from tests.hostile.chamber import Ears, Outcome, attempt

CAPTIONS = "WEBVTT\n\n" + "".join(
    f"00:00:0{second}.000 --> 00:00:0{second}.900\nSentence number {second} is here.\n\n"
    for second in range(8)
)
# What a hostile file may cost, measured at most a quarter of it for all but the largest.
MOST_CPU_S = 15.0
MOST_MB = 700

VIDEO = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "10")
SOUND = ("-c:a", "aac", "-b:a", "32k")

Convert = Callable[[Path], Outcome]


def small_video(target: Path, *options: str, codecs: tuple[str, ...] = VIDEO + SOUND) -> Path:
    """Four seconds of a moving test picture, 96x64 at 5 fps, and a tone."""
    return make_media(
        target,
        *("-f", "lavfi", "-i", "testsrc=size=96x64:rate=5:duration=4"),
        *("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=16000:duration=4"),
        *codecs,
        *options,
    )


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good mp4; copy it before changing anything beside it."""
    return small_video(tmp_path_factory.mktemp("good") / "good.mp4")


@pytest.fixture
def convert(tmp_path: Path) -> Convert:
    """Download, transcribe and segment a file as the program does, and decode its sound.

    Captions are put beside it where there are none, so that nobody has to listen. What is found
    outside the output folder afterwards counts as left behind.
    """

    def to_segments(path: Path) -> Outcome:
        output = tmp_path / "output"
        shutil.rmtree(output, ignore_errors=True)
        captions = path.with_suffix(".vtt")
        if not captions.exists():
            captions.write_text(CAPTIONS)
        before = _listing(path.parent, output)
        outcome = attempt(partial(_segments, path, output), tmp_path / "temporary")
        new = _listing(path.parent, output) - before - {str(tmp_path / "temporary")}
        assert not new, f"written outside the output: {new}"
        return outcome

    return to_segments


def well_behaved(outcome: Outcome) -> bool:
    """Whether a file was converted or refused in one line, at a bounded cost."""
    cheap = outcome.cpu_s <= MOST_CPU_S and outcome.peak_mb <= MOST_MB
    return outcome.civil and cheap


def _listing(folder: Path, output: Path) -> set[str]:
    return {str(path) for path in folder.rglob("*") if not path.is_relative_to(output)}


def _segments(path: Path, output: Path, ears: Ears) -> dict[str, Any]:
    from pipeline.artifacts import SEGMENTS, VIDEO
    from pipeline.engine.stage import Request
    from pipeline.runner import run_stages
    from pipeline.settings.config import load_config
    from pipeline.sources.resolve import open_source
    from pipeline.video.audio import pcm_blocks

    settings = load_config(None, ["screens.ocr=false", "transcribe.engine=captions"])
    request = Request(str(path))
    workspace = open_source(output, request)
    run_stages(workspace, settings, request, ears, until="segment")
    video = workspace.read(VIDEO)
    segments = workspace.read(SEGMENTS)
    for frame in segments.frames:
        assert 0 <= frame.start_ms <= frame.at_ms < frame.end_ms <= video.duration_ms
        assert (workspace.root / frame.path).stat().st_size > 0
    for artifact in output.rglob("*.json"):
        json.loads(artifact.read_text(encoding="utf-8"))
    heard = sum(map(len, pcm_blocks(path, 0, video.end_ms))) if video.has_audio else 0
    return {
        "duration_ms": video.duration_ms,
        "size": [video.width, video.height],
        "fps": video.fps,
        "title": video.title,
        "frames": len(segments.frames),
        "segments": len(segments.segments),
        "sound_s": heard / 16_000,
        "captions": [track.kind for track in video.captions],
        "chapters": [chapter.title for chapter in video.chapters],
    }
