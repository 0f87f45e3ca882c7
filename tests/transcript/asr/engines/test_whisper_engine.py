"""openai-whisper as a recogniser."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.transcript.asr.engines.engine import Decoding
from pipeline.transcript.asr.engines.whisper_engine import Whisper

pytest.importorskip("whisper", reason="openai-whisper is an extra")
MICRO = Path(__file__).parents[3] / "data" / "micro-whisper" / "micro-en.pt"


def test_nothing_is_kept_for_training() -> None:
    engine = Whisper(str(MICRO), "micro", device="cpu", threads=1, beam=1)
    sound = np.zeros(8_000, np.float32)
    engine.recognise([sound], Decoding("en"))
    # The encoder's output is kept for another decode; with it, all that led to it would be.
    assert not engine._encoded([sound]).requires_grad
