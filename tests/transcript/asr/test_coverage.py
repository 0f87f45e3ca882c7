"""Voiced sound without words is found, however the words that are there were spread over it."""

from __future__ import annotations

from dataclasses import replace

from pipeline.transcript.asr.coverage import gaps, wordless
from pipeline.transcript.asr.engines.engine import RecognisedWord, Recognition
from tests.transcript.asr.fakes import heard


def words(*timed: tuple[float, float, str]) -> Recognition:
    return Recognition(tuple(RecognisedWord(start, end, text, 0.9) for start, end, text in timed))


def test_speech_at_a_usual_pace_has_no_gap() -> None:
    assert gaps(heard("so this is the point", pace=0.3), [], 1.5) == []


def test_a_decode_that_stops_early_leaves_the_rest_uncovered() -> None:
    assert gaps(heard("so this is", pace=0.5), [], 10.0) == [(1.5, 10.0)]


def test_a_decode_that_begins_late_leaves_the_start_uncovered() -> None:
    late = words((3.0, 3.4, "point."))
    assert gaps(late, [], 3.4) == [(0.0, 3.0)]


def test_silence_is_no_gap() -> None:
    assert gaps(heard("so this is", pace=0.5), [(1.5, 9.4)], 10.0) == []


def test_a_word_spread_over_words_that_are_missing_is_a_gap() -> None:
    stretched = words((0, 0.4, "usually"), (0.4, 2.4, "trained."), (2.4, 2.8, "afterwards"))
    assert gaps(stretched, [], 2.8) == [(0.4, 2.4)]
    assert gaps(stretched, [(0.9, 1.9)], 2.8) == []


def test_a_short_word_is_allowed_less_time_than_a_number() -> None:
    assert gaps(words((0, 1.0, "is")), [], 1.0) == [(0, 1.0)]
    assert gaps(words((0, 2.2, "30,642")), [], 2.2) == []


def test_few_words_spread_evenly_over_a_lost_sentence_are_a_gap() -> None:
    slow = words((0, 0.9, "of"), (0.9, 1.8, "so"), (1.8, 2.7, "it"), (2.7, 3.6, "is"))
    assert gaps(slow, [], 3.6) == [(0, 3.6)]


def test_of_approximate_times_only_a_window_without_words_can_be_told() -> None:
    unsure = replace(heard("so this is"), approximate=True)
    assert gaps(unsure, [], 20.0) == []
    assert gaps(Recognition(()), [], 20.0) == [(0.0, 20.0)]


def test_a_voiced_stretch_under_a_second_needs_no_word() -> None:
    assert wordless(heard("yes", pace=0.5).words, [(0.7, 2.0)], 2.5) == []
    # The word lasts until the pause.
    assert wordless(heard("yes", pace=0.5).words, [(0.7, 2.0)], 3.5) == [(0.7, 3.5)]
