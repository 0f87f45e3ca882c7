"""How long texts are, in the unit of their language."""

from __future__ import annotations

import pytest

from pipeline.text.units import counts_characters, in_unit, length, unit, word_count


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("हिन्दी में सरल है।", "hi", 4),
        ("한국어 문장입니다", "ko", 2),
        ("今天讲 BPE 算法。", "zh", 6),
        ("ที่นี่", "th", 2),
        ("The word 词元 is a token", "en", 6),
    ],
)
def test_a_text_is_counted_in_the_unit_of_its_language(
    text: str, language: str, expected: int
) -> None:
    assert length(text, language) == expected


def test_a_text_and_its_translation_say_the_same_amount() -> None:
    english = "Attention moves information from one embedding to another embedding of the text"
    chinese = "注意力把信息从一个嵌入移到文本的另一个嵌入"
    assert abs(word_count(english, "en") - word_count(chinese, "zh")) <= 3


def test_the_unit_follows_the_language_and_so_do_targets() -> None:
    assert [unit(one) for one in ("zh-Hant", "ja", "th", "ko", "hi", None)] == [
        "characters", "characters", "characters", "words", "words", "words",
    ]  # fmt: skip
    assert counts_characters("yue")
    assert (in_unit(200, "ja"), in_unit(200, "en")) == (420, 200)


def test_without_a_language_the_script_decides() -> None:
    assert word_count("变压器的内部工作原理") == 7
    assert word_count("ten words of English are ten words of plain English") == 10
