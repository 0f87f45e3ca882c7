"""From aligned tokens to words with believable times."""

from __future__ import annotations

from itertools import pairwise

from pipeline.transcript.asr.engines.engine import RecognisedWord
from pipeline.transcript.asr.word_timing import evenly_timed, merged, snapped


def word(start: float, end: float, text: str) -> RecognisedWord:
    return RecognisedWord(start, end, text, 0.9)


def spans(words: tuple[RecognisedWord, ...]) -> list[tuple[float, float]]:
    return [(round(w.start_s, 2), round(w.end_s, 2)) for w in words]


def test_punctuation_and_word_pieces_join_their_word() -> None:
    pieces = [
        word(0, 1, " GPT"),
        word(1, 1.5, "-2"),
        word(1.5, 1.6, ","),
        word(1.6, 1.7, " ("),
        word(1.7, 2, "yes"),
        word(2, 2.1, ")."),
    ]
    assert [w.text for w in merged(pieces[:3], "en")] == ["GPT-2,"]
    assert merged(pieces[:3], "en")[0].end_s == 1.5


def test_languages_without_spaces_keep_their_pieces() -> None:
    pieces = [word(0, 1, "你"), word(1, 2, "好"), word(2, 2.2, "。")]
    assert [w.text for w in merged(pieces, "zh")] == ["你", "好。"]


def test_a_word_after_a_pause_starts_when_speech_does() -> None:
    words = (word(1.0, 2.0, "end."), word(2.0, 4.0, "Start"))
    assert spans(snapped(words, [(2.1, 3.5)])) == [(1.0, 2.1), (3.5, 4.0)]


def test_a_word_wholly_in_a_pause_goes_to_the_speech_after_it() -> None:
    words = (word(1.0, 2.0, "end."), word(2.5, 3.4, "It"), word(3.5, 4.0, "starts"))
    moved = snapped(words, [(2.0, 3.5)])
    assert moved[1].start_s == 3.5
    assert moved[1].end_s > moved[1].start_s
    assert moved[2].start_s >= moved[1].end_s


def test_the_last_word_before_a_pause_lasts_as_long_as_its_sound() -> None:
    assert spans(snapped((word(1.0, 1.4, "end."),), [(1.9, 3.0)])) == [(1.0, 1.9)]
    assert spans(snapped((word(1.0, 1.4, "end."),), [(2.9, 3.0)])) == [(1.0, 1.4)]


def test_words_given_the_same_moment_share_it() -> None:
    words = (word(1.0, 1.0, "to"), word(1.0, 1.0, "this"), word(1.0, 1.9, "lecture"))
    moved = snapped(words, [])
    assert all(a.end_s <= b.start_s + 1e-9 for a, b in pairwise(moved))
    assert all(w.end_s - w.start_s > 0.1 for w in moved)
    assert moved[-1].end_s == 1.9


def test_a_text_is_evenly_timed_by_length() -> None:
    assert spans(evenly_timed("a bcd", 0, 6)) == [(0, 2), (2, 6)]
    assert evenly_timed(" ", 0, 6) == ()
