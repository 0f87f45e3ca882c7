"""CueTiming lines as people and programs write them."""

from __future__ import annotations

import pytest

from pipeline.transcript.captions.times import CueTiming, is_timing, read_timings


@pytest.mark.parametrize(
    ("line", "start_ms", "end_ms"),
    [
        ("00:00:01,000 --> 00:00:04,000", 1000, 4000),
        ("00:01.000 --> 00:04.000 align:start position:0%", 1000, 4000),
        ("00:00:01,000 --> 00:00:04,000 X1:10 X2:20 Y1:5 Y2:9", 1000, 4000),
        ("0:0:1.5 --> 0:0:4", 1500, 4000),
        ("00: 00: 05,000 -> 00: 00: 08,000", 5000, 8000),
        ("00:00:05, 000 --> 00:00:08 ,000", 5000, 8000),
        ("00：00：13，000 --> 00：00：16，000", 13000, 16000),
        ("００:００:０１,０００ --> ００:００:０４,０００", 1000, 4000),
        ("٠٠:٠٠:٠١,٠٠٠ --> ٠٠:٠٠:٠٤,٠٠٠", 1000, 4000),
        ("00:00:09,000 —> 00:00:12,000", 9000, 12000),
        ("00:00:09,000 –> 00:00:12,000", 9000, 12000),
        ("00:00:09,000 → 00:00:12,000", 9000, 12000),
        ("00:00:09,000 ==> 00:00:12,000", 9000, 12000),
        ("00:00:09,000 - 00:00:12,000", 9000, 12000),
        ("00:00:01.000000 --> 00:00:04.500000", 1000, 4500),
        ("100:00:01,000 --> 100:00:04,000", 360_001_000, 360_004_000),
        ("-00:00:01,000 --> 00:00:02,000", -1000, 2000),
        ("00:00:59,000 --> 00:00:60,000", 59_000, 60_000),
        ("75:30.000 --> 75:32.000", 4_530_000, 4_532_000),
        ("00.00.01,000 --> 00.00.04,000", 1000, 4000),
        ("00:00:01:500 --> 00:00:04:000", 1500, 4000),
        ("0:00:01.000,0:00:04.000", 1000, 4000),
        ("[00:01.000 --> 00:04.000]", 1000, 4000),
    ],
)
def test_a_time_is_read_however_it_is_written(line: str, start_ms: int, end_ms: int) -> None:
    assert read_timings([line]) == {0: CueTiming(start_ms, end_ms)}


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("[00:00.000 --> 00:04.000]  Hello there.", "Hello there."),
        ("00:00.000 --> 00:04.000 Hello： all.", "Hello： all."),
    ],
)
def test_text_behind_the_times_is_kept(line: str, text: str) -> None:
    assert read_timings([line]) == {0: CueTiming(0, 4000, text)}


@pytest.mark.parametrize(
    "line", ["00:99:xx --> 4", "00:00:75,000 --> 00:00:80,000", "1.30 --> 1.45", "00:0:1 --> x"]
)
def test_a_damaged_time_is_known_for_one(line: str) -> None:
    assert read_timings([line]) == {0: None}


@pytest.mark.parametrize(
    "line",
    ["0 --> 1", "<!-- a -->", "10:30 - 11:00", "we go from 1:00 -> 2:00 today", "a -> b", "to"],
)
def test_arrows_and_hours_that_are_said_are_no_times(line: str) -> None:
    assert not read_timings([line])
    assert not is_timing(line)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("12.345 --> 15.0", ""),
        ("12.345s --> 15.0s", ""),
        ("[12.345s -> 15.0s] Hello.", "Hello."),
        ("[12,345 --> 15,0]  Hello.", "Hello."),
    ],
)
def test_plain_seconds_are_read(line: str, text: str) -> None:
    assert read_timings([line]) == {0: CueTiming(12_345, 15_000, text)}


def test_plain_seconds_in_brackets_need_no_third_digit() -> None:
    assert read_timings(["[12.34 --> 15.00] So."]) == {0: CueTiming(12_340, 15_000, "So.")}


def test_numbers_that_may_be_minutes_and_seconds_are_not_taken_for_seconds() -> None:
    lines = ["1.30 --> 1.45", "1.50 --> 2.10"]
    assert read_timings(lines) == {0: None, 1: None}
    assert read_timings([*lines, "2.75 --> 3.10"])[0] == CueTiming(1300, 1450)
    assert read_timings(["5.0 --> 6.0", "1.0 --> 2.0"]) == {0: None, 1: None}  # they go back


def test_numbers_with_an_arrow_are_no_seconds_in_a_file_with_other_times() -> None:
    assert read_timings(["00:01.000 --> 00:02.000", "1.5 -> 2.5"]).get(1) is None


def test_two_times_with_a_comma_are_speech_in_a_file_with_arrows() -> None:
    assert list(read_timings(["00:01.000 --> 00:02.000", "0:00:01,0:00:02"])) == [0]


@pytest.mark.parametrize(
    ("last", "fps", "start_ms"),
    [(12, None, 500), (24, None, 480), (29, None, 400), (59, None, 200), (12, 29.97, 400)],
)
def test_frames_are_counted_by_the_video_or_by_the_highest_one(
    last: int, fps: float | None, start_ms: int
) -> None:
    lines = ["00:00:00:12 --> 00:00:02:00", f"00:00:03:{last} --> 00:00:05:00"]
    timing = read_timings(lines, fps)[0]
    assert timing is not None
    assert timing.start_ms == start_ms
