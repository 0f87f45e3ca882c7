"""Windows of speech: nothing lost, nothing silent, no word cut."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.transcript.asr.vad import MAX_SAMPLES, speech_runs
from pipeline.transcript.asr.window_packing import windows
from tests.transcript.asr.fakes import RATE, LoudDetector, cut, silence, speech

if TYPE_CHECKING:
    from numpy.typing import NDArray


def test_silence_makes_no_window() -> None:
    assert cut(silence(120)) == []
    assert cut(silence(0)) == []


def test_half_silent_sound_needs_half_the_windows() -> None:
    dense = cut(*[part for _ in range(24) for part in (speech(5), silence(0.6))])
    sparse = cut(*[part for _ in range(12) for part in (speech(5), silence(6.2))])
    assert len(sparse) <= len(dense) / 2 + 1


def test_speech_without_a_pause_is_cut_where_it_is_quietest() -> None:
    quiet = speech(0.2) * 0.4
    found = cut(speech(26), quiet, speech(20))
    first, second = found[0], found[1]
    assert len(first.samples) <= MAX_SAMPLES
    assert abs(first.end_ms - 26_100) < 150
    assert second.start_ms == first.end_ms


def test_speech_a_little_longer_than_a_window_is_cut_into_two_good_ones_in_a_pause() -> None:
    first, second = cut(*[part for _ in range(6) for part in (speech(5.2), silence(0.2))])
    assert min(first.length_s, second.length_s) > 10
    assert first.end_ms == second.start_ms
    # Every 5.4 s somebody pauses for 0.2 s.
    assert first.end_ms % 5_400 >= 5_200


pieces = st.lists(st.tuples(st.booleans(), st.floats(0.05, 40)), max_size=8)


@settings(max_examples=40, deadline=None)
@given(pieces, st.sampled_from([1_000, 16_000, 700_001]))
def test_all_speech_is_in_exactly_one_window(parts: list[tuple[bool, float]], block: int) -> None:
    sound = np.concatenate([silence(0), *(speech(s) if loud else silence(s) for loud, s in parts)])
    blocks = [sound[i : i + block] for i in range(0, len(sound), block)]
    given_out = np.zeros(len(sound), bool)
    for run in speech_runs(blocks, LoudDetector()):
        assert len(run.samples) <= MAX_SAMPLES
        end = min(run.source + len(run.samples), len(sound))
        assert not given_out[run.source : end].any()
        assert np.array_equal(run.samples[: end - run.source], sound[run.source : end])
        given_out[run.source : end] = True
    # Clicks shorter than three frames may go; everything else that is loud is there.
    lost = np.flatnonzero((np.abs(sound) > 0.1) & ~given_out)
    assert len(lost) == 0 or all(s < 0.1 for loud, s in parts if loud) or len(lost) < 0.1 * RATE


@settings(max_examples=25, deadline=None)
@given(pieces)
def test_times_of_a_window_never_go_back(parts: list[tuple[bool, float]]) -> None:
    found = cut(silence(0), *(speech(s) if loud else silence(s) for loud, s in parts))
    for window in found:
        steps = [window.source_ms(t / 4) for t in range(int(len(window.samples) / RATE * 4) + 1)]
        assert steps == sorted(steps)
        assert len(window.samples) <= MAX_SAMPLES
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(found))
    assert len(found) < 2 or all(window.length_s >= 10 for window in found)


def test_memory_does_not_grow_with_the_length() -> None:
    def peak_of(minutes: int) -> int:
        def blocks() -> Iterator[NDArray[np.float32]]:
            for _ in range(minutes):
                yield np.concatenate([speech(9), silence(1), speech(9), silence(41)])

        tracemalloc.start()
        seconds = sum(len(window.samples) for window in windows(blocks(), LoudDetector())) / RATE
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert seconds > minutes * 17
        return peak

    assert peak_of(24) < 1.2 * peak_of(6)
