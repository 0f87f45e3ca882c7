import pytest

from pipeline.timecode import clock, parse_ms, spoken_length, srt_time, vtt_time


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("0", 0),
        ("95", 95_000),
        ("95.5", 95_500),
        ("2:03", 123_000),
        ("1:02:03", 3_723_000),
        ("01:02:03,004", 3_723_004),
        ("100:00:00", 360_000_000),
        ("1h2m3s", 3_723_000),
        ("90m", 5_400_000),
        ("3.25s", 3_250),
    ],
)
def test_every_common_way_to_write_a_time_is_understood(text: str, ms: int) -> None:
    assert parse_ms(text) == ms


@pytest.mark.parametrize("text", ["", "abc", "1:60", "1:99:00", "-5", "1:2:3:4", "٣", "h", "1:"])
def test_what_is_no_time_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match="not a time"):
        parse_ms(text)


def test_times_beyond_one_hour_keep_their_hour() -> None:
    assert clock(7_384_000) == "2:03:04"
    assert vtt_time(360_000_001) == "100:00:00.001"
    assert srt_time(3_600_000) == "01:00:00,000"


def test_printed_times_read_back_as_themselves() -> None:
    for ms in (0, 999, 59_999, 3_600_000, 8_015_123):
        assert parse_ms(vtt_time(ms)) == ms
        assert parse_ms(clock(ms)) == ms // 1000 * 1000


def test_lengths_are_written_as_people_say_them() -> None:
    assert [spoken_length(ms) for ms in (0, 202_776, 8_015_000)] == [
        "0 s",
        "3 min 22 s",
        "2 h 13 min",
    ]
