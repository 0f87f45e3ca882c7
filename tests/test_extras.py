"""What belongs to an extra is missed only where it is used, and then named."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.engine.progress import Silent
from pipeline.errors import MissingDependencyError
from pipeline.server.app import serve
from pipeline.settings.serve import ServeSettings
from pipeline.settings.transcribe import TranscribeSettings
from pipeline.transcript.asr.engines import models
from pipeline.transcript.asr.engines.checkpoint import convert
from pipeline.transcript.asr.transcription import load_engine
from tests.shared import ROOT

EXTRAS = ("torch", "whisper", "starlette", "uvicorn", "ray")


def without(*names: str) -> str:
    """The start of a program in which these packages cannot be imported."""
    return f"import sys\nfor name in {names!r}: sys.modules[name] = None\n"


def test_the_demo_becomes_a_chapter_without_any_extra(tmp_path: Path) -> None:
    program = (
        without(*EXTRAS) + "from pipeline.cli.main import main\n"
        f"sys.argv = ['pipeline', 'run', 'demo', '--output', {str(tmp_path)!r}, "
        "'--set', 'segment.ocr=false']\nsys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).is_file()


@pytest.mark.parametrize("stage", ["transcribe", "segment"])
def test_names_are_corrected_without_whisper(stage: str) -> None:
    program = without("torch", "whisper") + (
        "from pipeline.transcript.phonetics import common_words\n"
        f"import pipeline.stages.{stage}\nprint(len(common_words()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) == 25_000


def test_the_engine_whisper_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "installed", lambda engine: engine != "whisper")
    with pytest.raises(MissingDependencyError, match=r"lecture-chapter\[whisper\]"):
        load_engine("whisper", TranscribeSettings(engine="whisper"), Silent())


def test_a_checkpoint_to_convert_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "whisper", None)
    with pytest.raises(MissingDependencyError, match=r"lecture-chapter\[whisper\]"):
        convert(tmp_path / "mine.pt", tmp_path / "converted")


@pytest.mark.parametrize("name", ["starlette", "uvicorn"])
def test_serve_names_its_extra(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingDependencyError, match=r"lecture-chapter\[server\]"):
        serve(tmp_path, ServeSettings(), None)
