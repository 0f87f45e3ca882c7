"""Very quiet recordings are brought to the level of speech, and nothing else is touched."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline import demo
from pipeline.transcript.asr.vad import SileroDetector, best_detector
from pipeline.transcript.asr.window_packing import windows
from pipeline.video.audio import pcm_blocks
from pipeline.video.loudness import amplified

RATE = 16_000


def tone(db: float, seconds: int = 10) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """A sine whose mean power is ``db`` below full scale."""
    wave = np.sin(np.arange(seconds * RATE) * 0.2) * 10 ** (db / 20) * np.sqrt(2)
    return np.asarray(wave, np.float32)


def level(block: np.ndarray[tuple[int], np.dtype[np.float32]]) -> float:
    return 10 * float(np.log10(np.mean(np.square(block))))


def test_a_very_quiet_recording_is_amplified_and_that_is_told_once() -> None:
    told: list[int] = []
    blocks = list(amplified([tone(-65), tone(-65)], told.append))
    assert [level(block) for block in blocks] == pytest.approx([-25, -25], abs=0.2)
    assert told == [40]


def test_ordinary_sound_and_silence_stay_as_they_are() -> None:
    told: list[int] = []
    blocks = [tone(-30), np.zeros(RATE, np.float32), tone(-40), np.zeros(0, np.float32)]
    for before, after in zip(blocks, amplified(blocks, told.append), strict=True):
        assert after is before
    assert told == []


def test_nothing_but_the_noise_of_a_recorder_is_left_alone() -> None:
    blocks = [tone(-90)]
    assert next(amplified(blocks, lambda gain: None)) is blocks[0]


def test_a_pause_in_a_loud_lecture_is_not_amplified_and_a_loud_word_never_clips() -> None:
    blocks = list(amplified([tone(-20), tone(-60)], lambda gain: None))
    assert level(blocks[1]) == pytest.approx(-60, abs=0.2)
    knock = tone(-60)
    knock[100:110] = 0.5
    (block,) = amplified([knock], lambda gain: None)
    assert np.abs(block).max() == pytest.approx(0.95)


def test_speech_too_quiet_for_the_detector_is_found_once_it_is_amplified() -> None:
    detector = best_detector()
    if not isinstance(detector, SileroDetector):
        pytest.skip("the voice detector comes with faster-whisper")
    spoken = np.concatenate(list(pcm_blocks(demo.video(), 0, 9_000)))
    quiet = spoken * np.float32(10 ** (-55 / 20))
    assert list(windows([quiet], detector)) == []
    assert list(windows(amplified([quiet], lambda gain: None), best_detector()))
