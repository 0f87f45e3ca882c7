"""Caption files as they are found in the wild."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import CaptionError
from pipeline.transcript.captions.parse import RawCue, parse_captions, read_caption_file

HI = RawCue(1000, 2500, ("Hi there",))
BYE = RawCue(3000, 4000, ("Good", "bye"))


def test_webvtt_with_header_notes_styles_regions_names_and_settings() -> None:
    text = """WEBVTT - a title
Kind: captions
Language: en-GB

STYLE
::cue { color: red }

REGION
id:fred

NOTE a comment
of two lines

intro
00:01.000 --> 00:02.500 align:start position:0%
Hi there

NOTE another

2
00:00:03.000 --> 00:00:04.000
Good
bye
"""
    parsed = parse_captions(text)
    assert parsed.cues == (HI, BYE)
    assert parsed.language == "en-GB"


@pytest.mark.parametrize(
    "text",
    [
        "1\n00:00:01,000 --> 00:00:02,500\nHi there\n\n2\n00:00:03,000 --> 00:00:04,000\nGood\nbye",
        "1\n0:0:1.0 --> 0:0:2.5\nHi there\n2\n00:00:03,000 -> 00:00:04,000\nGood\nbye\n\n\n",
        "00:00:01,000-->00:00:02,500\nHi there\n\n\n00:00:03,000 --> 00:00:04,000\nGood\n\nbye",
    ],
    ids=["as specified", "no blank lines, dots, short numbers", "no numbers, a blank line inside"],
)
def test_subrip_in_all_its_spellings(text: str) -> None:
    assert parse_captions(text).cues == (HI, BYE)


def test_sbv() -> None:
    text = "0:00:01.000,0:00:02.500\nHi there\n\n0:00:03.000,0:00:04.000\nGood\nbye\n"
    assert parse_captions(text).cues == (HI, BYE)


def test_a_text_that_is_only_a_number_stays_when_a_blank_line_follows() -> None:
    cues = parse_captions("1\n00:01.000 --> 00:02.000\n256\n\n2\n00:03.000 --> 00:04.000\nx").cues
    assert [cue.lines for cue in cues] == [("256",), ("x",)]


def test_cues_with_unreadable_times_are_counted_by_line_and_left_out() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,500\nHi there\n\n2\n00:99:xx --> 4\nlost\n"
    parsed = parse_captions(text)
    assert parsed.cues == (HI,)
    assert parsed.unreadable == (6,)


def test_a_file_without_cues_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "talk.srt"
    path.write_text("These are my notes.\n")
    with pytest.raises(CaptionError, match=r"talk\.srt, line 1: no caption times"):
        read_caption_file(path)


def test_an_empty_caption_file_has_no_cues(tmp_path: Path) -> None:
    path = tmp_path / "talk.vtt"
    path.write_text("WEBVTT\n")
    assert read_caption_file(path).cues == ()


def joined_segments(*offsets: int) -> str:
    return "\n".join(
        f"WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:{offset},LOCAL:00:00:00.000\n\n"
        f"00:00:01.000 --> 00:00:04.000\nSegment {n}.\n"
        for n, offset in enumerate(offsets)
    )


def test_headers_of_joined_segments_are_no_speech_and_set_the_clock() -> None:
    cues = parse_captions(joined_segments(900_000, 900_000 + 6 * 90_000)).cues
    assert cues == (
        RawCue(1000, 4000, ("Segment 0.",)),
        RawCue(7000, 10_000, ("Segment 1.",)),
    )


def test_the_clock_of_a_stream_that_begins_again_goes_on() -> None:
    cues = parse_captions(joined_segments(2**33 - 90_000, 2 * 90_000)).cues
    assert [cue.start_ms for cue in cues] == [1000, 4000]


def test_a_cue_that_two_segments_share_is_taken_once() -> None:
    segment = "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\nAt the joint.\n\n"
    assert len(parse_captions(segment * 2).cues) == 1


def segments_from_zero(count: int) -> str:
    return "\n".join(
        f"WEBVTT\n\n00:00.500 --> 00:02.000\nSegment {n}.\n\n"
        f"00:03.000 --> 00:06.000\nIts end {n}.\n"
        for n in range(count)
    )


def test_segments_that_begin_again_at_zero_follow_one_another_and_are_counted() -> None:
    parsed = parse_captions(segments_from_zero(3))
    assert parsed.restarts == 2
    assert [(cue.start_ms, cue.lines[0]) for cue in parsed.cues] == [
        (500, "Segment 0."),
        (3000, "Its end 0."),
        (6500, "Segment 1."),
        (9000, "Its end 1."),
        (12_500, "Segment 2."),
        (15_000, "Its end 2."),
    ]


def test_subrip_files_put_end_to_end_follow_one_another() -> None:
    disc = "1\n00:00:01,000 --> 00:00:02,000\n{0} a\n\n2\n00:00:03,000 --> 00:00:05,000\n{0} b\n\n"
    parsed = parse_captions(disc.format("one") + disc.format("two"))
    assert parsed.restarts == 1
    assert [(cue.start_ms, cue.lines[0]) for cue in parsed.cues] == [
        (1000, "one a"),
        (3000, "one b"),
        (6000, "two a"),
        (8000, "two b"),
    ]


def test_segments_that_all_claim_the_same_moment_follow_one_another() -> None:
    parsed = parse_captions(joined_segments(900_000, 900_000, 900_000))
    assert parsed.restarts == 2
    assert [cue.start_ms for cue in parsed.cues] == [1000, 5000, 9000]


def test_captions_out_of_order_are_no_restart() -> None:
    text = "2\n00:00:05,000 --> 00:00:06,000\nB\n\n1\n00:00:01,000 --> 00:00:02,000\nA\n"
    assert [cue.start_ms for cue in parse_captions(text).cues] == [5000, 1000]


def test_segments_on_one_clock_are_left_as_they_are() -> None:
    first = "WEBVTT\n\n00:01.000 --> 00:04.000\nOne.\n\n00:04.000 --> 00:08.000\nTwo.\n\n"
    second = first.replace("00:01.000 --> 00:04.000\nOne", "00:08.000 --> 00:09.000\nThree")
    for text in (first + second, first + first + second):
        parsed = parse_captions(text)
        assert parsed.restarts == 0
        assert [cue.start_ms for cue in parsed.cues] == [1000, 4000, 8000]


def test_webvtt_said_in_a_line_of_its_own_is_speech() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:04.000\nThe format is called\nWEBVTT\nfor short.\n"
    assert parse_captions(text).cues[0].lines == ("The format is called", "WEBVTT", "for short.")


def test_a_note_is_a_comment_in_webvtt_and_speech_in_subrip() -> None:
    body = "00:00:01.000 --> 00:00:04.000\nOne.\n\nNOTE that this is meant.\n"
    assert parse_captions(f"WEBVTT\n\n{body}").cues[0].lines == ("One.",)
    assert parse_captions(body).cues[0].lines == ("One.", "NOTE that this is meant.")


def test_times_before_zero_begin_at_zero_or_are_counted() -> None:
    parsed = parse_captions("-00:00:01,000 --> 00:00:02,000\nA\n-00:00:05,000 --> -00:00:03,000\nB")
    assert parsed.cues == (RawCue(0, 2000, ("A",)),)
    assert parsed.unreadable == (3,)
