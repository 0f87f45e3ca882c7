"""Captions on the clock of a broadcast come to the clock of the video."""

from __future__ import annotations

import pytest

from pipeline.models import Cue, Word
from pipeline.transcript.captions.clock import on_clock

HOUR = 3_600_000


def cues(*starts_ms: int) -> list[Cue]:
    return [
        Cue(
            start_ms=start,
            end_ms=start + 2000,
            text="word",
            words=(Word(start_ms=start, end_ms=start + 2000, text="word"),),
        )
        for start in starts_ms
    ]


@pytest.mark.parametrize("hours", [1, 10, 23, 100])
def test_captions_from_a_full_hour_are_shifted_with_their_words(hours: int) -> None:
    first = hours * HOUR + 1500
    placed = on_clock(cues(first, first + 20_000), 30_000)
    assert placed.shift_ms == hours * HOUR
    assert [cue.start_ms for cue in placed.cues] == [1500, 21_500]
    assert [cue.words[0].end_ms for cue in placed.cues] == [3500, 23_500]
    assert not placed.outside


def test_a_video_longer_than_the_hour_is_known_by_most_captions_outside_it() -> None:
    placed = on_clock(cues(*range(HOUR, 2 * HOUR + 600_000, 60_000)), HOUR + 900_000)
    assert placed.shift_ms == HOUR


def test_captions_that_fit_are_left_as_they_are() -> None:
    given = cues(0, 5000)
    assert on_clock(given, 30_000).cues == tuple(given)
    assert on_clock(cues(HOUR), 0).cues == tuple(cues(HOUR))


def test_captions_that_would_not_fit_are_counted_outside() -> None:
    placed = on_clock(cues(1000, 10 * HOUR, 10 * HOUR + 60_000), 30_000)
    assert placed.shift_ms == 0
    assert [cue.start_ms for cue in placed.cues] == [1000]
    assert [cue.start_ms for cue in placed.outside] == [10 * HOUR, 10 * HOUR + 60_000]
