"""Passages of a chapter, and which of them a question is about."""

from __future__ import annotations

from itertools import pairwise

import pytest

from pipeline.answering.passages import best, passages_of
from pipeline.document.article import Article, Section
from tests.render.sample import article


def of_texts(*texts: str) -> Article:
    section = Section(
        id="sec01", title="A section", start_ms=5_000, end_ms=90_000,
        markdown="\n\n".join(texts), segments=(),
    )  # fmt: skip
    return Article(title="A lecture", edition="transcript", sections=(section,))


def test_each_block_of_text_or_code_is_a_passage_with_a_name_and_a_moment() -> None:
    found = passages_of("talk", article())
    assert [one.name for one in found] == [f"p{number}" for number in range(1, len(found) + 1)]
    code = next(one for one in found if "def get_stats" in one.text)
    assert (code.section, code.lecture) == ("Writing it in Python", "talk")
    assert all(before.at_ms <= after.at_ms for before, after in pairwise(found))
    assert "Three merges on one string" not in {one.text for one in found}  # a heading


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How large is the vocabulary of GPT-2?", "GPT-2 was trained with 50,000 merges"),
        ("what does the merging function do", "a function that replaces one pair"),
        ("Why are bytes alone not enough?", "simply feed bytes to the model"),
    ],
)
def test_a_question_finds_its_passage(question: str, expected: str) -> None:
    found = best(question, passages_of("talk", article()), 5, "en")
    assert any(expected in " ".join(one.text.split()) for one in found)
    assert len(found) <= 5


def test_scripts_without_spaces_are_searched_by_pairs_of_letters() -> None:
    passages = passages_of("talk", of_texts("今天天气很好。", "分词器把文本变成词元。", "下课了。"))
    assert [one.text for one in best("什么是分词器？", passages, 1, "zh")] == [
        "分词器把文本变成词元。"
    ]


def test_without_a_common_word_the_first_of_each_section_are_taken() -> None:
    passages = passages_of("talk", article())
    found = best("Worum geht es?", passages, 14, "en")
    assert [one.section for one in found] == list(dict.fromkeys(one.section for one in passages))


def test_passages_come_in_reading_order_and_the_rarer_word_counts_more() -> None:
    texts = [f"tokens are counted {number} times" for number in range(20)]
    passages = passages_of("talk", of_texts(*texts, "tokens on a Tuesday"))
    found = best("tokens on a tuesday", passages, 3, "en")
    assert found[-1].text == "tokens on a Tuesday"
    assert [int(one.name[1:]) for one in found] == sorted(int(one.name[1:]) for one in found)
