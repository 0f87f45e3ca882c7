"""Phrases that may stand as a heading, in languages without a tagger."""

from __future__ import annotations

import pytest

from pipeline.text.languages.noun_phrases import as_heading


@pytest.mark.parametrize(
    ("language", "phrase"),
    [
        ("de", "Null gesetzt"),
        ("es", "Puedes pensar"),
        ("es", "cosas puede"),
        ("fa", "صفر می\u200cشوند"),
        ("hi", "क्रम बनता"),
        ("ko", "생성하는 쿼리"),
        ("ko", "상상해 보세요"),
        ("pl", "warstwa ukryta pokazuje"),
        ("ru", "модель предсказывает"),
        ("tr", "fazla konuşacağız"),
        ("uk", "мережа передбачає"),
    ],
)
def test_a_verb_form_begins_and_ends_no_heading(language: str, phrase: str) -> None:
    assert as_heading(phrase, language) is None


@pytest.mark.parametrize(
    ("language", "phrase"),
    [
        ("de", "technisches Detail"),
        ("el", "διάνυσμα τιμών"),
        ("en", "dot product"),
        ("es", "aprendizaje profundo"),
        ("fa", "بلوک توجه"),
        ("hi", "ध्यान पैटर्न"),
        ("it", "apprendimento profondo"),
        ("pl", "głębokie uczenie"),
        ("ru", "процесс обучения"),
        ("tr", "derin öğrenme"),
        ("sw", "neno moja"),
    ],
)
def test_nouns_make_a_heading_as_they_are(language: str, phrase: str) -> None:
    assert as_heading(phrase, language) == phrase


def test_a_korean_heading_loses_the_particle_behind_its_noun() -> None:
    assert as_heading("고차원 공간에서", "ko") == "고차원 공간"
    assert as_heading("쿼리 벡터를", "ko") == "쿼리 벡터"


def test_a_very_long_word_is_no_verb() -> None:
    assert as_heading("a" * 100_000 + "iamo", "it")
