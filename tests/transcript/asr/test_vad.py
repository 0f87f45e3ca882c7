"""Digital silence costs the detector nothing, and changes nothing that is found around it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pipeline import demo
from pipeline.transcript.asr.vad import FRAME, SileroDetector, best_detector, speech_runs
from pipeline.video.audio import SAMPLE_RATE, pcm_blocks

BLOCK = 10 * SAMPLE_RATE


class CountingSession:
    """The model of a detector; counts the frames that it hears."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self.frames = 0

    def run(self, names: None, inputs: dict[str, Any]) -> Any:
        self.frames += len(inputs["input"])
        return self._session.run(names, inputs)


@pytest.fixture
def detector() -> SileroDetector:
    found = best_detector()
    if not isinstance(found, SileroDetector):
        pytest.skip("the voice detector comes with faster-whisper")
    return found


def test_the_model_hears_only_the_first_seconds_of_a_track_without_sound(
    detector: SileroDetector,
) -> None:
    session = CountingSession(detector._session)
    detector._session = session
    silence = np.zeros(BLOCK, np.float32)
    assert list(speech_runs([silence] * 60, detector)) == []
    assert session.frames <= 2 * BLOCK / FRAME


def test_speech_after_a_long_silence_is_found_as_if_the_model_had_heard_all_of_it(
    detector: SileroDetector,
) -> None:
    spoken = np.concatenate(list(pcm_blocks(demo.video(), 0, 9_000)))
    sound = np.concatenate([spoken, np.zeros(45 * SAMPLE_RATE, np.float32), spoken])
    blocks = [sound[start : start + BLOCK] for start in range(0, len(sound), BLOCK)]
    in_blocks = list(speech_runs(blocks, detector))
    at_once = list(speech_runs([sound], best_detector()))
    assert len(in_blocks) >= 2
    assert [(run.source, len(run.samples)) for run in in_blocks] == [
        (run.source, len(run.samples)) for run in at_once
    ]
