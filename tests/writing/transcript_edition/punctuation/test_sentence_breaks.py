"""What times tell of sentence ends."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from pipeline.text.spoken_words import SpokenWord
from pipeline.writing.transcript_edition.punctuation.break_features import (
    Heard,
    Timing,
    features,
    line_odds,
    timing_of,
)
from pipeline.writing.transcript_edition.punctuation.clause_structure import ClauseStructure
from pipeline.writing.transcript_edition.punctuation.sentence_breaks import (
    MAX_WORDS,
    breaks,
    ending_score,
    is_tag,
)

TEXT = "the model reads the text and it predicts a word the weights are what it learns from it"


def said(pauses: Mapping[int, int], lines: tuple[int, ...] = ()) -> list[SpokenWord]:
    return [
        SpokenWord(word, 0, at * 300, at * 300 + 200, pauses.get(at, 0), line_start=at in lines)
        for at, word in enumerate(TEXT.split())
    ]


def test_a_pause_between_words_ends_a_sentence() -> None:
    assert breaks(said({10: 700, 4: 160})) == [0, 10]


def test_a_gap_between_captions_ends_a_sentence_a_line_alone_may_not() -> None:
    assert breaks(said({10: 500}, lines=(0, 5, 10, 15))) == [0, 10]


def test_no_sentence_ends_after_an_article_however_long_the_pause() -> None:
    assert breaks(said({4: 400, 10: 160})) in ([0], [0, 10])


def test_the_timing_is_told_from_where_the_pauses_are() -> None:
    assert timing_of(said({})) is Timing.NONE
    assert timing_of(said({4: 500})) is Timing.WORDS
    assert timing_of(said({5: 500}, lines=(0, 5))) is Timing.CUES


def test_features_say_what_is_known_of_the_gap() -> None:
    heard = Heard(start=1.5, ending=0.0, text=-0.5, lines=0.0)
    found = features(said({10: 700}), 10, heard, Timing.WORDS)
    assert found["pause"] == 0.7
    assert found["longest pause around"] == 1.0
    assert found["text"] == -0.5
    assert found["drawn out before"] == -0.54  # 200 ms where four letters and a breath take 254
    assert {"pause 150", "pause 300", "pause 450", "good start", "the"} <= found.keys()


def test_lines_tell_as_much_as_the_text_says_of_the_ends_beside_them() -> None:
    words = said({5: 500, 15: 500}, lines=(0, 5, 10, 15))
    text = [-4.0] * len(words)
    text[4] = text[14] = 2.0  # the text ends a sentence at each gap, and at no line without one
    lines = line_odds(words, text)
    assert lines[5] == lines[15] > lines[10]
    assert lines[5] > lines[1]


def ending(text: str) -> float:
    """What speaks against a sentence that ends at the bar."""
    before, after = text.split("|")
    keys = [*before.split(), *after.split()]
    return ending_score(ClauseStructure(keys), len(before.split()))


def test_a_sentence_hardly_ends_after_an_auxiliary_unless_it_answers() -> None:
    assert ending("the tokens we can | the model reads") == -8.0
    assert ending("that is where we are | the model reads") == -3.0
    assert ending("the model reads the text | the tokens are ids") == 0.0


def test_right_after_a_statement_asks_and_on_the_right_does_not() -> None:
    assert is_tag(["it", "works", "right"])
    assert not is_tag(["on", "the", "right"])
    assert not is_tag(["that", "is", "right"])
    assert not is_tag(["as", "of", "right"])


def test_speech_without_any_sign_of_an_end_is_cut_before_a_sentence_gets_too_long() -> None:
    words = [SpokenWord("token", 0, at * 300, at * 300 + 200) for at in range(3 * MAX_WORDS)]
    starts = [*breaks(words), len(words)]
    assert max(b - a for a, b in itertools.pairwise(starts)) <= MAX_WORDS
