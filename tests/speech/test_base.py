"""The demo lecture with the real weights of Whisper base, where they are on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import demo
from pipeline.speech.models import LocalEngine
from tests.shared import whisper_base
from tests.speech.test_micro import errors, hear, truth, words_of

END_MS = 40_000


@pytest.mark.parametrize(("engine", "weights"), [("faster-whisper", "ct2"), ("whisper", "base.pt")])
def test_the_real_model_hears_the_lecture(
    engine: LocalEngine, weights: str, tmp_path: Path
) -> None:
    model = whisper_base(weights)
    if engine == "whisper":
        pytest.importorskip("whisper", reason="openai-whisper is not installed (extra whisper)")
    heard = hear(demo.video(), model, engine, tmp_path, end_ms=END_MS)
    said = words_of([cue for cue in truth() if cue.end_ms <= END_MS])
    # The voice is synthetic: about one word in eight is misheard.
    assert errors(said, words_of(heard.transcript.cues)) <= 0.2 * len(said)
