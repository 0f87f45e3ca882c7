"""What carries the content of a text, in each language."""

from __future__ import annotations

import pytest

from pipeline.text.content import content_stems, content_terms
from pipeline.text.languages.stop_words import is_content
from pipeline.text.phrases import phrases
from pipeline.text.stemming import stem


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("Die Merges werden gezählt", "Wir zählen jeden Merge", "de"),
        ("उनमें टोकन हैं", "टोकनों की गिनती", "hi"),
        ("модели обучаются", "обучение моделей", "ru"),
        ("我们训练分词器", "分词器的训练", "zh"),
        ("モデルを訓練する", "訓練されたモデル", "ja"),
        ("เราฝึกแบบจำลองภาษา", "แบบจำลองที่ฝึก", "th"),
        ("merging the pairs", "each pair was merged", "en"),
    ],
)
def test_the_same_content_is_found_again(one: str, other: str, language: str) -> None:
    assert content_stems(one, language) & content_stems(other, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("aber wenn wir das dann machen", "de"),
        ("pero cuando nosotros", "es"),
        ("因为我们的这个", "zh"),
        ("これはそれです", "ja"),
        ("и вот потому что", "ru"),
    ],
)
def test_empty_words_carry_no_content(text: str, language: str) -> None:
    assert content_terms(text, language) == []


def test_a_stop_word_of_one_language_is_a_content_word_of_another() -> None:
    assert is_content("war", "en")
    assert not is_content("war", "de")
    assert is_content("hat", "en")


def test_token_and_tokenizer_are_two_subjects() -> None:
    assert stem("tokens") == stem("token") != stem("tokenizers") == stem("tokenization")


def test_a_latin_term_in_a_chinese_text_is_stemmed_as_english() -> None:
    assert stem("embeddings", "zh") == stem("embedding", "en")


def test_phrases_hold_all_of_the_text() -> None:
    for text in (
        "前章では、構造について説明した。",
        "我们开始逐步了解",
        "ภาษาไทย",
        "plain English",
        "",
    ):
        assert "".join(phrases(text)) == text
    assert len(phrases("我们开始逐步了解", "zh")) > 2
    assert phrases("plain English", "en") == ["plain English"]
