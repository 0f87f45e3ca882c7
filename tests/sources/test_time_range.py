"""The part of a video to convert."""

from __future__ import annotations

import pytest

from pipeline.errors import UsageError
from pipeline.sources.time_range import TimeRange


def test_a_part_within_the_video_is_accepted() -> None:
    TimeRange(1000, 5000).check(8000)
    TimeRange(7999).check(8000)
    assert TimeRange(1000, 5000).end_in(8000) == 5000
    assert TimeRange(1000).end_in(8000) == 8000


def test_the_rounded_length_that_a_site_shows_is_the_end() -> None:
    part = TimeRange(0, 9000)
    part.check(8100)
    assert part.end_in(8100) == 8100


def test_an_empty_part_is_refused_before_anything_is_loaded() -> None:
    with pytest.raises(UsageError, match="--from 0:05 is not before --to 0:05"):
        TimeRange(5000, 5000).check()


def test_a_part_beyond_the_end_names_the_option_and_the_end() -> None:
    with pytest.raises(UsageError, match="--from 0:09 is beyond the end of the video at 0:08"):
        TimeRange(9000).check(8000)
    with pytest.raises(UsageError, match="--to 1:00:00 is beyond the end of the video at 0:08"):
        TimeRange(1000, 3_600_000).check(8000)
