"""Exports write emphasis so that every reader of CommonMark sees it."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from pipeline.document.inline import portable, words_of

PLAIN = MarkdownIt("commonmark", {"html": True})


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("这是**“注意力”**的例子", "这是“**注意力**”的例子"),
        ("**注意力（attention）**机制", "**注意力**（attention）机制"),
        ("他说**“好”。**然后", "他说“**好**”。然后"),
        ("これは**「語」**です", "これは「**語**」です"),
        ("**어텐션(attention)**은", "**어텐션**(attention)은"),
        ("และ*“คำ”*นี้", "และ“*คำ*”นี้"),
        ("و**«انتباه»** هنا", "و«**انتباه**» هنا"),
        ("**`x`**是", "`x`是"),
        ("这**`x`和`y`**是", "这`x`**和**`y`是"),
        ("**[链接](https://a.b)**的", "[链接](https://a.b)的"),
        ("**「」**的", "「」的"),
    ],
)
def test_marks_at_the_edge_go_outside_where_a_letter_follows(text: str, written: str) -> None:
    assert portable(text) == written
    assert words_of(written) == words_of(text)
    assert "*" not in PLAIN.render(written)


@pytest.mark.parametrize(
    "text", ["**重点**是", "**「重点」**，是", "an *(aside)* here", "**“Yes”**", "*a*, **b**"]
)
def test_what_commonmark_reads_stays(text: str) -> None:
    assert portable(text) == text
