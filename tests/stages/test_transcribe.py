"""The transcribe stage: its files, and what makes it stale."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline import demo
from pipeline.artifacts import TRANSCRIPT
from pipeline.config import Config, load_config
from pipeline.model import CaptionTrack, Screens, Transcript, Video
from pipeline.stages.base import Context, Request
from pipeline.stages.transcribe import STAGE
from pipeline.transcript.captions.parse import parse_captions
from pipeline.workspace import Workspace
from tests.recording import RecordingProgress

MICRO = Path(__file__).parents[1] / "data" / "micro-whisper" / "micro-en.pt"


def transcribed(root: Path, config: Config, captions: bool, end_ms: int) -> Workspace:
    """A workspace in which the stage has run on the start of the demo lecture."""
    workspace = Workspace(root / "demo")
    track = CaptionTrack(path=str(demo.video().with_suffix(".en.vtt")), language="en", kind="human")
    video = Video(
        video_id="demo", title="Byte Pair Encoding", url=None, path=str(demo.video()),
        duration_ms=202_776, width=1280, height=720, fps=30, has_audio=True, language="en",
        captions=(track,) if captions else (), sha256="0", start_ms=0, end_ms=end_ms,
    )  # fmt: skip
    workspace.folder("download").write_json("video.json", video)
    folder = workspace.folder("transcribe")
    workspace.folder("screens").write_json("screens.json", Screens(frames=()))
    STAGE.run(Context(workspace, folder, RecordingProgress(), Request("demo")), config)
    return workspace


def test_the_transcript_is_written_in_four_forms_and_a_report(tmp_path: Path) -> None:
    workspace = transcribed(tmp_path, Config(), captions=True, end_ms=202_776)
    folder = workspace.root / "transcribe"
    transcript = workspace.read(TRANSCRIPT)
    assert transcript.engine == "captions"
    assert transcript.cues[0].text.startswith("Hello, and welcome")
    for name in ("transcript.vtt", "transcript.srt"):
        again = parse_captions((folder / name).read_text(encoding="utf-8")).cues
        assert [(c.start_ms, c.end_ms, " ".join(c.lines)) for c in again] == [
            (c.start_ms, c.end_ms, c.text) for c in transcript.cues
        ]
    text = (folder / "transcript.txt").read_text(encoding="utf-8")
    assert text.split() == [word for cue in transcript.cues for word in cue.text.split()]
    assert json.loads((folder / "report.json").read_text())["engine"] == "captions"


def test_a_recogniser_gives_the_same_kind_of_files_and_the_same_bytes_again(
    tmp_path: Path,
) -> None:
    pytest.importorskip("whisper")
    pytest.importorskip("faster_whisper", reason="the voice detector comes with it")
    config = load_config(
        overrides=[
            f"transcribe.model={MICRO}",
            "transcribe.engine=whisper",
            "transcribe.threads=1",
        ]
    )
    first = transcribed(tmp_path / "one", config, captions=False, end_ms=17_000).root / "transcribe"
    other = transcribed(tmp_path / "two", config, captions=False, end_ms=17_000).root / "transcribe"
    names = sorted(path.name for path in first.iterdir() if path.is_file())
    assert {"report.json", "transcript.json", "transcript.srt", "transcript.txt"} < set(names)
    for name in names:
        if not name.startswith("."):
            assert (first / name).read_bytes() == (other / name).read_bytes()
    transcript = Transcript.model_validate_json((first / "transcript.json").read_bytes())
    assert (transcript.engine, transcript.model, transcript.language) == (
        "whisper",
        "micro-en.pt",
        "en",
    )
    assert transcript.cues[0].text.startswith("Hello, and welcome to this short lecture")


def test_another_model_or_engine_makes_it_stale_and_more_threads_do_not(tmp_path: Path) -> None:
    model = tmp_path / "mine.pt"
    model.write_bytes(b"one")
    base = STAGE.depends(load_config(overrides=[f"transcribe.model={model}"]))
    assert base["model mine.pt"].startswith("sha256")
    model.write_bytes(b"two")
    assert STAGE.depends(load_config(overrides=[f"transcribe.model={model}"])) != base
    assert STAGE.depends(load_config(overrides=["transcribe.threads=3"])) == STAGE.depends(Config())
    assert STAGE.depends(load_config(overrides=["transcribe.engine=whisper"])) != STAGE.depends(
        Config()
    )
