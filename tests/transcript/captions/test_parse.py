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
