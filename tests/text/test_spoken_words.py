"""The words of a lecture as one stream."""

from __future__ import annotations

from pipeline.models import Cue, Segment, Segments, Transcript, Word
from pipeline.text.spoken_words import spoken_words, tokens_of
from pipeline.text.words import joined
from tests.writing.transcript_edition.lectures import lecture


def test_every_word_of_every_segment_is_there_once_and_in_order() -> None:
    texts = ["first we count", "then we merge the pairs"]
    segments, transcript = lecture(texts)
    words = spoken_words(segments, transcript)
    assert [word.text for word in words] == " ".join(texts).split()
    assert [word.segment for word in words] == [0, 0, 0, 1, 1, 1, 1, 1]


def test_words_have_the_times_that_the_recogniser_measured() -> None:
    words = (
        Word(start_ms=100, end_ms=300, text="one"),
        Word(start_ms=2100, end_ms=2400, text="two"),
    )
    cue = Cue(start_ms=100, end_ms=2400, text="one two", words=words)
    transcript = Transcript(language="en", engine="whisper", model="base", cues=(cue,))
    segments = Segments(
        segments=(
            Segment(
                id="s0001",
                start_ms=0,
                end_ms=3000,
                text="one two",
                first_word=0,
                last_word=1,
            ),
        ),
        frames=(),
    )
    one, two = spoken_words(segments, transcript)
    assert (one.start_ms, two.start_ms) == (100, 2100)
    assert two.pause_ms == 1800


def test_a_pause_hidden_in_an_overlong_word_is_found() -> None:
    words = (Word(start_ms=0, end_ms=3000, text="so"), Word(start_ms=3000, end_ms=3300, text="we"))
    cue = Cue(start_ms=0, end_ms=3300, text="so we", words=words)
    transcript = Transcript(language="en", engine="captions", model=None, cues=(cue,))
    segments = Segments(
        segments=(
            Segment(
                id="s0001",
                start_ms=0,
                end_ms=3300,
                text="so we",
                first_word=0,
                last_word=1,
            ),
        ),
        frames=(),
    )
    assert spoken_words(segments, transcript)[1].pause_ms > 2000


def test_a_word_said_twice_has_each_time_its_own_moment() -> None:
    segments, transcript = lecture(["again and again", "and again"])
    starts = [word.start_ms for word in spoken_words(segments, transcript)]
    assert starts == [word.start_ms for word in transcript.words]


def test_chinese_is_cut_at_its_full_stops_and_joined_without_spaces() -> None:
    tokens = tokens_of("你好。今天 我们讲 BPE 算法。")
    assert tokens == ["你好。", "今天", "我们讲", "BPE", "算法。"]
    assert joined(tokens) == "你好。今天我们讲 BPE 算法。"
