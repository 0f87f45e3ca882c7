"""Whether a text is in the wrong language, or in the wrong characters of the right one."""

from __future__ import annotations

import pytest

from pipeline.text.languages.guess import is_foreign

SIMPLIFIED = "这个模型读入文本，然后预测下一个词元是什么。为了做到这一点，它把词元变成向量。"
TRADITIONAL = "這個模型讀入文本，然後預測下一個詞元是什麼。為了做到這一點，它把詞元變成向量。"


@pytest.mark.parametrize("tag", ["zh", "zh-Hans", "zh-CN", "zh-Hans-HK"])
def test_traditional_characters_are_foreign_in_a_simplified_chapter(tag: str) -> None:
    assert is_foreign(TRADITIONAL, tag)
    assert not is_foreign(SIMPLIFIED, tag)


@pytest.mark.parametrize("tag", ["zh-Hant", "zh-TW", "zh-HK", "yue"])
def test_simplified_characters_are_foreign_in_a_traditional_chapter(tag: str) -> None:
    assert is_foreign(SIMPLIFIED, tag)
    assert not is_foreign(TRADITIONAL, tag)


def test_a_quotation_in_the_other_characters_is_let_be() -> None:
    assert not is_foreign(f"{SIMPLIFIED}{SIMPLIFIED}原文写作「預測」。", "zh")


def test_japanese_is_no_chinese_of_the_wrong_characters() -> None:
    japanese = "このモデルは文章を読み込み、次に来るトークンが何であるかを予測していきます。"
    assert not is_foreign(japanese, "ja")
    assert is_foreign(SIMPLIFIED, "ja")


def test_a_text_left_in_the_language_it_was_made_from_is_told() -> None:
    italian = (
        "Il tokenizer trasforma una stringa in numeri interi, e il suo vocabolario ha molti token, "
        "come quello di un modello che non è più usato da chi lo ha fatto per la prima volta."
    )
    assert is_foreign(italian, "pl", "it")
    assert not is_foreign(italian, "it", "pl")
    assert not is_foreign(italian, "it", "it")


@pytest.mark.parametrize("language", ["nb", "nn", "no"])
def test_norwegian_is_not_taken_for_danish_or_english(language: str) -> None:
    norwegian = (
        "Modellen leser en bit av teksten og sier hvilket ord som kommer etterpå, og for å gjøre "
        "det blir hvert ord til en vektor som er i det samme rommet som alle de andre."
    )
    assert not is_foreign(norwegian, language, "da")
    assert not is_foreign(norwegian, language, "en")
    assert is_foreign(norwegian, "de", "nb")


def test_a_language_without_function_words_at_hand_is_never_the_wrong_one() -> None:
    mixed = "The model is what it is and the text of it was in a way that it has to be for all."
    assert not is_foreign(mixed, "mt", "it")


def test_numbers_of_a_table_are_words_of_no_language() -> None:
    table = "Replacement\nSequence\nTokens in the sequence\nVocabulary size\nnone\n"
    assert not is_foreign(table + "11\n4\n=\n9\n5\n=\n7\n6\n=\n5\n7", "en", "en")
