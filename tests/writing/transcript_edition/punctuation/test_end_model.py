"""What the words around a gap tell of a sentence end."""

from __future__ import annotations

from pipeline.writing.transcript_edition.punctuation.end_model import end_model

TEXT = "the model reads the text so now we can look at the weights that it learns from it"


def test_a_sentence_ends_rather_before_a_new_beginning_than_inside_a_phrase() -> None:
    odds = dict(zip(range(1, 99), end_model().log_odds(TEXT.split()), strict=False))
    assert max(odds, key=lambda at: odds[at] if at < len(TEXT.split()) else -99) == 5
    assert odds[1] < -3  # "the | model"


def test_words_that_nobody_knows_are_judged_by_their_endings() -> None:
    odds = end_model().log_odds(["zzyzzing", "the", "blorbles", "so", "we", "zzyzzed", "them"])
    assert len(odds) == 7
    assert odds[2] > odds[1]


def test_a_word_is_judged_alike_wherever_the_lecture_is_cut() -> None:
    words = TEXT.split() * 3
    assert end_model().log_odds(words)[17:34] == end_model().log_odds(words * 2)[17:34]
