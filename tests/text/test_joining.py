"""Spaces between words, where the script has them."""

from __future__ import annotations

import pytest

from pipeline.text.joining import joined
from pipeline.transcript.captions.tokens import tokens_of


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
    said = [token.text for line in (first, second) for token in tokens_of(line)]
    assert joined(said) == "สรุปสั้น ๆ นี่คือบริบท ที่สำคัญ"
