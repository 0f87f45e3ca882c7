"""Verbs and nouns told from their neighbours."""

from __future__ import annotations

from pipeline.writing.transcript_edition.punctuation.part_of_speech import PartsOfSpeech

SPEECH = (
    "we brush it off and they brush the table and you brush now the table is clean and the table"
    " of bytes and a valid table and the valid entry and the valid word is here"
)
USE = PartsOfSpeech(SPEECH.split())


def test_what_follows_a_pronoun_is_a_verb_that_wants_an_object() -> None:
    assert USE.is_verb("brush")
    assert USE.wants_object("brush")
    assert not USE.is_verb("table")


def test_a_word_two_places_behind_an_article_is_counted_as_a_noun() -> None:
    speech = "they merge it and the next merge is small"
    assert PartsOfSpeech(speech.split()[:3]).is_verb("merge")
    assert not PartsOfSpeech(speech.split()).is_verb("merge")


def test_what_ends_a_phrase_after_an_article_is_a_noun() -> None:
    assert USE.is_noun("table")
    assert not USE.is_noun("valid")
    assert not USE.is_noun("brush")
