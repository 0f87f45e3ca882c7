"""One tokeniser for all scripts."""

from __future__ import annotations

import pytest

from pipeline.text.words import bare, joined, longest_shared, shared_runs, words
from pipeline.transcript.captions.tokens import caption_tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It's 50,257 of GPT-2", ["it's", "50,257", "of", "gpt", "2"]),
        ("हिन्दी में है।", ["हिन्दी", "में", "है"]),
        ("می‌شوند، سپس", ["می‌شوند", "سپس"]),
        ("ที่นี่", ["ที่", "นี่"]),
        ("词元 BPE", ["词", "元", "bpe"]),
        ("トークン化", ["ト", "ー", "ク", "ン", "化"]),
        ("Größe für Müller", ["größe", "für", "müller"]),
        ("e.g. self.x", ["e.g", "self.x"]),
        ("ಕನ್ನಡ", ["ಕನ್ನಡ"]),
    ],
)
def test_words_are_whole_and_letters_keep_their_marks(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_marks_survive_where_only_letters_are_kept() -> None:
    assert bare("«हिन्दी»,") == "हिन्दी"


def test_runs_are_compared_in_chinese_too() -> None:
    assert shared_runs("我们讲分词器", "今天我们讲分词器的原理") == 1.0
    assert longest_shared("我们今天讲分词器的原理", "现在我们今天讲分词器的原理", 8)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["two", "words"], "two words"),
        (["你", "好"], "你好"),
        (["好，", "是的"], "好，是的"),
        (["バイト", "です"], "バイトです"),
        (["วัน", "นี้"], "วันนี้"),
        (["바이트", "는"], "바이트 는"),
        (["用", "BPE", "时"], "用 BPE 时"),
        ([], ""),
    ],
)
def test_words_are_joined_as_their_script_is_written(words: list[str], text: str) -> None:
    assert joined(words) == text


def test_thai_keeps_its_spaces_between_phrases_and_has_none_at_the_end_of_a_line() -> None:
    first, second = ("สรุปสั้น ๆ นี่คือ", "บริบท ที่สำคัญ")
    said = [token.text for line in (first, second) for token in caption_tokens(line)]
    assert joined(said) == "สรุปสั้น ๆ นี่คือบริบท ที่สำคัญ"


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (["你好，", "world"], "你好，world"),
        (["看", "BPE", "。", "再看"], "看 BPE。再看"),
        (["می\u200c", "خواهم"], "می\u200cخواهم"),
        (["안녕,", "세계"], "안녕, 세계"),
    ],
)
def test_wide_marks_and_joiners_need_no_space(parts: list[str], text: str) -> None:
    assert joined(parts) == text
