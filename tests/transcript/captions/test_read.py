"""Caption files become a transcript: every word once, times in order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.models import Cue
from pipeline.transcript.captions.parse import CaptionFile, RawCue, parse_captions
from pipeline.transcript.captions.read import captions_of, read_captions
from pipeline.transcript.cues import MAX_LETTERS, MAX_MS
from tests.shared import shared

ROLLING = """WEBVTT
Kind: captions
Language: en

00:00:00.160 --> 00:00:02.389 align:start position:0%
~
hi<00:00:00.320><c> everyone</c><00:00:00.799><c> so</c>

00:00:02.389 --> 00:00:02.399 align:start position:0%
hi everyone so
~

00:00:02.399 --> 00:00:04.309 align:start position:0%
hi everyone so
no<00:00:02.560><c> no</c><00:00:02.800><c> no</c>

00:00:04.309 --> 00:00:04.319 align:start position:0%
no no no
~

00:00:04.319 --> 00:00:06.000 align:start position:0%
no no no
we<00:00:04.500><c> begin</c>
""".replace("~", " ")  # YouTube fills empty lines with a space


def cues_of(text: str) -> Sequence[Cue]:
    return captions_of(parse_captions(text)).cues


def assert_a_transcript(cues: Sequence[Cue]) -> None:
    """What every later stage relies on, whatever the cues came from."""
    for cue in cues:
        assert cue.start_ms < cue.end_ms
        assert cue.words
        assert cue.text.split() == [part for word in cue.words for part in word.text.split()]
        assert cue.words[0].start_ms >= cue.start_ms
        assert cue.words[-1].end_ms <= cue.end_ms
        assert all(a.end_ms <= b.start_ms for a, b in pairwise(cue.words))
        assert all(word.start_ms <= word.end_ms for word in cue.words)
        if len(cue.words) > 1:
            assert len(cue.text) <= MAX_LETTERS
            assert cue.end_ms - cue.start_ms <= MAX_MS
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(cues))


def test_rolling_captions_say_every_line_once_with_the_exact_word_times() -> None:
    cues = cues_of(ROLLING)
    assert [cue.text for cue in cues] == ["hi everyone so", "no no no", "we begin"]
    assert [word.start_ms for word in cues[0].words] == [160, 320, 799]
    assert not cues[0].approximate
    assert_a_transcript(cues)


def test_rolling_captions_that_lost_their_word_times_in_conversion_are_still_said_once() -> None:
    lines = ["one two", "three four", "five six", "seven eight"]
    blocks = []
    for number, line in enumerate(lines):
        before = f"{lines[number - 1]}\n" if number else ""
        blocks.append(f"00:0{number}.000 --> 00:0{number}.990\n{before}{line}\n")
        blocks.append(f"00:0{number}.990 --> 00:0{number + 1}.000\n{line}\n")
    cues = cues_of("WEBVTT\n\n" + "\n".join(blocks))
    assert [cue.text for cue in cues] == lines
    assert cues[0].approximate


def test_live_captions_that_grow_word_by_word_are_said_once() -> None:
    said = ["so", "we", "begin", "now", "with", "it"]
    text = "WEBVTT\n\n" + "\n".join(
        f"00:0{i}.000 --> 00:0{i + 1}.000\n{' '.join(said[: i + 1])}\n" for i in range(1, 6)
    )
    assert " ".join(cue.text for cue in cues_of(text)) == "so we begin now with it"


def test_a_speaker_who_says_the_same_twice_is_believed() -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\nNo.\n\n2\n00:00:02,000 --> 00:00:03,000\nNo.\n\n"
        + "\n".join(
            f"{i}\n00:01:{i:02},000 --> 00:01:{i + 1:02},000\nword{i}\n" for i in range(3, 12)
        )
    )
    assert [cue.text for cue in cues_of(text)][:2] == ["No.", "No."]


def test_words_without_times_share_the_cue_in_proportion() -> None:
    cue = cues_of("WEBVTT\n\n00:01.000 --> 00:02.000\na longer one\n")[0]
    assert cue.approximate
    assert [word.start_ms for word in cue.words] == [1000, 1153, 1692]
    assert cue.words[-1].end_ms == 2000


def test_a_caption_that_stays_on_the_screen_ends_with_its_speech() -> None:
    cues = cues_of("WEBVTT\n\n00:00.000 --> 00:20.000\nYes.\n\n00:20.000 --> 00:21.000\nNext.\n")
    assert cues[0].end_ms < 2000


def test_captions_that_begin_in_the_same_second_follow_one_another() -> None:
    cues = cues_of("1\n00:00:05 --> 00:00:06\nfirst line\n2\n00:00:05 --> 00:00:07\nthen this\n")
    assert [cue.text for cue in cues] == ["first line", "then this"]
    assert_a_transcript(cues)


def test_overlapping_and_shuffled_captions_come_out_in_order() -> None:
    cues = cues_of(
        "00:00:03.000 --> 00:00:06.000\nlast\n\n00:00:01.000 --> 00:00:04.000\nfirst words\n\n"
        "00:00:02.000 --> 00:00:02.000\nno length\n"
    )
    assert [cue.text for cue in cues] == ["first words", "no length", "last"]
    assert_a_transcript(cues)


def test_a_long_caption_is_split_at_its_sentence_end() -> None:
    text = (
        "This sentence is the first half of it all, we say. " + "And here is the second half of it."
    )
    cues = cues_of(f"WEBVTT\n\n00:00.000 --> 00:06.000\n{text}\n")
    assert [cue.text for cue in cues] == [
        "This sentence is the first half of it all, we say.",
        "And here is the second half of it.",
    ]


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 60_000),
            st.integers(-500, 9_000),
            st.lists(st.text("ab .?<>&[]-♪0:", max_size=60), min_size=1, max_size=3),
        ),
        max_size=12,
    )
)
def test_any_captions_make_a_transcript_in_order(cues: list[tuple[int, int, list[str]]]) -> None:
    raw = tuple(
        RawCue(start, max(start + length, 0), tuple(lines)) for start, length, lines in cues
    )
    assert_a_transcript(captions_of(CaptionFile(raw, (), None)).cues)


@pytest.mark.parametrize(
    ("name", "cues", "words"),
    [
        ("media/karpathy-tokenizer/zduSFxRajkE.en.vtt", 3422, 24_679),
        ("media/captions/missing-semester-2020-shell-tools.sbv", 816, 6_941),
        ("media/captions/lecture-four-youtube-auto-captions.full-lecture.srt", 983, 4_673),
    ],
)
def test_real_captions_lose_no_word(name: str, cues: int, words: int) -> None:
    captions = read_captions(shared(name))
    assert len(captions.cues) == cues
    assert sum(len(cue.words) for cue in captions.cues) == words
    assert_a_transcript(captions.cues)


def test_the_demo_lectures_captions_keep_their_times() -> None:
    demo = Path(__file__).parents[3] / "pipeline" / "demo" / "bpe-mini-lecture.en.vtt"
    captions = read_captions(demo)
    assert captions.language == "en"
    assert (captions.cues[0].start_ms, captions.cues[0].end_ms) == (600, 4998)
    assert_a_transcript(captions.cues)


def test_a_line_without_spaces_has_words_as_fine_as_its_letters() -> None:
    (cue,) = cues_of("WEBVTT\n\n00:00.000 --> 00:04.000\n今天讲分词。\n")
    assert [word.text for word in cue.words] == ["今", "天", "讲", "分", "词。"]
    starts = [word.start_ms for word in cue.words]
    assert starts == sorted(set(starts)) and cue.text == "今天讲分词。"


def test_line_breaks_that_a_program_wrote_out_are_resolved_but_not_those_that_are_spoken_of() -> (
    None
):
    def texts(*lines: str) -> list[str]:
        vtt = "".join(
            f"00:{n:02d}.000 --> 00:{n + 1:02d}.000\n{line}\n\n" for n, line in enumerate(lines)
        )
        return [cue.text for cue in cues_of(f"WEBVTT\n\n{vtt}")]

    exported = [rf"line {n} ends here,\nand goes on" for n in range(5)]
    assert texts(*exported, r"x\nabla y")[3:] == [
        "line 3 ends here, and goes on",
        "line 4 ends here, and goes on",
        r"x\nabla y",
    ]
    spoken = [f"sentence {n}." for n in range(5)]
    assert texts(*spoken, r"print it as a\nb now")[5] == r"print it as a\nb now"


def test_a_change_of_speaker_begins_a_cue_and_is_known() -> None:
    cues = cues_of(
        "WEBVTT\n\n00:01.000 --> 00:04.000\n>> Any questions?\n\n"
        "00:05.000 --> 00:08.000\nJust ask. &gt;&gt; Yes, one.\n\n"
        "00:09.000 --> 00:12.000\n1 >> 2 shifts.\n"
    )
    assert [(cue.text, cue.new_speaker) for cue in cues] == [
        ("Any questions?", True),
        ("Just ask.", False),
        ("Yes, one.", True),
        ("1 >> 2 shifts.", False),
    ]
    assert_a_transcript(cues)


def test_a_long_turn_begins_once() -> None:
    text = "We merge the most frequent pair because it shortens the text most, " * 4
    cues = cues_of(f"WEBVTT\n\n00:01.000 --> 00:21.000\n>> {text}\n")
    assert len(cues) > 1
    assert [cue.new_speaker for cue in cues] == [True] + [False] * (len(cues) - 1)
