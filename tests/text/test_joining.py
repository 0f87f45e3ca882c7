"""Spaces between words, where the script has them."""

from __future__ import annotations

import pytest

from pipeline.text.joining import joined


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
