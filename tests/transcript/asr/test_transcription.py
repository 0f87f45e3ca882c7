"""From sound to transcript with an engine that says what it is told: resumed, and told of."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from pipeline.models import Video
from pipeline.settings.transcribe import TranscribeSettings
from pipeline.transcript.asr import transcription
from pipeline.transcript.asr.engines.engine import Decoding, Recognition
from pipeline.transcript.asr.transcription import SpeechSource, Transcribed
from tests.recording import RecordingProgress
from tests.shared import ROOT
from tests.transcript.asr.fakes import LoudDetector, ScriptedRecogniser, heard, silence, speech

if TYPE_CHECKING:
    from numpy.typing import NDArray

NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
RUN = """
import sys
from pathlib import Path
from tests.transcript.asr.test_transcription import Engine, transcribed
done = transcribed(Path(sys.argv[1]), Engine(dies_at=int(sys.argv[2])))
"""


class Engine(ScriptedRecogniser):
    """Says other words in every window; ends its process at the window of a number."""

    languages: frozenset[str] | None = frozenset({"en", "de"})

    def __init__(self, dies_at: int = 0, sounds_like: str = "en") -> None:
        super().__init__(lambda size, how: heard(_words(size), pace=size / 16_000 / 80))
        self._dies_at = dies_at
        self._sounds_like = sounds_like

    def recognise(self, windows: Sequence[NDArray[np.float32]], how: Decoding) -> list[Recognition]:
        found = super().recognise(windows, how)
        if self._dies_at and len(self.asked) >= self._dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return [
            replace(one, language=self._sounds_like, language_probability=0.95) for one in found
        ]


def _words(size: int) -> str:
    """80 words, by the size of a window."""
    letters = np.random.default_rng(size).integers(97, 123, (80, 5))
    return " ".join("".join(map(chr, word)) for word in letters)


def transcribed(
    work: Path,
    engine: Engine,
    progress: RecordingProgress | None = None,
    language: str | None = None,
) -> Transcribed:
    """What ``engine`` makes of five minutes of noise with pauses."""
    parts = [part for k in range(12) for part in (speech(20 + k, seed=k), silence(2))]
    sound = np.concatenate(parts)
    length_ms = len(sound) // 16
    video = Video(
        video_id="v", title="", url=None, path="v", duration_ms=length_ms, width=0, height=0,
        fps=0, has_audio=True, sha256="", start_ms=0, end_ms=length_ms,
    )  # fmt: skip
    source = SpeechSource(video, lambda track: work, lambda start, end: iter([sound]))
    settings = TranscribeSettings(language=language)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transcription, "load_engine", lambda *_: engine)
        patch.setattr(transcription, "best_detector", LoudDetector)
        return transcription.transcribe_speech(
            source, settings, "whisper", work, progress or RecordingProgress()
        )


def test_a_killed_run_goes_on_to_the_very_transcript(tmp_path: Path) -> None:
    whole = transcribed(tmp_path / "whole", Engine())
    assert whole.report.windows > 8
    work = tmp_path / "killed"
    for dies_at in (3, 5):
        ended = subprocess.run([sys.executable, "-c", RUN, str(work), str(dies_at)], cwd=ROOT)
        assert ended.returncode == -signal.SIGKILL
    engine, progress = Engine(), RecordingProgress()
    resumed = transcribed(work, engine, progress)
    assert resumed.transcript.model_dump_json() == whole.transcript.model_dump_json()
    assert resumed.report.model_dump_json() == whole.report.model_dump_json()
    # The windows before the ones it died at are not decoded again, and that is told.
    kept = whole.report.windows - len(engine.asked)
    assert kept == 5
    assert f"kept from an earlier run: {80 * kept} words in {kept} of" in " ".join(progress.notes)


def test_an_undisturbed_run_speaks_of_no_earlier_one(tmp_path: Path) -> None:
    progress = RecordingProgress()
    transcribed(tmp_path, Engine(), progress)
    assert not any("earlier" in note for note in progress.notes)


def test_speech_that_sounds_like_another_language_than_the_one_set_is_warned_of(
    tmp_path: Path,
) -> None:
    progress = RecordingProgress()
    done = transcribed(tmp_path, Engine(sounds_like="de"), progress, language="en")
    (warning,) = progress.warnings
    assert done.transcript.language == "en"
    assert "sound like the language 'de', but were transcribed as 'en'" in warning
