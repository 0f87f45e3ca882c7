"""Headings for parts that nobody named."""

from __future__ import annotations

from pipeline.writing.transcript_edition.titles import TitleMaker

MERGES = [
    "The merge table is a list of pairs.",
    "We look into the merge table for a pair, and the merge table has its number.",
]
VOCABULARY = [
    "So why is the vocabulary limited?",
    "The vocabulary size decides the width of the last layer.",
    "A larger vocabulary size is slower.",
]
OTHER = ["The decoder turns numbers into bytes.", "The bytes are then turned into text."]
PARTS = [" ".join(part) for part in (MERGES, VOCABULARY, OTHER)]


def maker(*taken: str, english: bool = True) -> TitleMaker:
    return TitleMaker(PARTS, {}, "en" if english else "de", taken)


def test_a_slide_names_its_part() -> None:
    assert maker().title(MERGES, ["Looking up merges"]) == "Looking up merges"


def test_a_question_asked_early_names_the_part() -> None:
    assert maker().title(VOCABULARY) == "Why is the vocabulary limited?"


def test_else_the_phrase_that_is_said_here_and_not_elsewhere() -> None:
    assert maker().title(MERGES) == "Merge table"


def test_no_heading_comes_twice() -> None:
    titles = maker("merge table!")
    assert titles.title(MERGES) != "Merge table"
    assert maker("Why not bytes").title(MERGES, ["Why not bytes"]) == "Merge table"


def test_boilerplate_is_no_heading() -> None:
    assert maker().title(MERGES, ["Summary"]) == "Merge table"


def test_a_part_that_nothing_names_has_no_title_but_first_words() -> None:
    part = ["[Music] Um, well, and so it goes on like this for some more time."]
    assert maker().title(part) is None
    assert maker().opening(part) == "It goes on like this for some more time"
    assert maker().opening([]) is None


def test_a_japanese_part_is_named_by_the_compound_that_it_is_about() -> None:
    about = (
        "次にソフトマックスを計算する。ソフトマックスは値を正規化する。ソフトマックスの結果である。"
    )
    others = [
        "形容詞の意味を加える。一般的な形容詞である。一般的な言葉。一般的に。形容詞だ。",
        "普通の文。",
    ]
    titles = TitleMaker([about, *others], {}, "ja")
    assert titles.title([about]) == "ソフトマックス"
    assert titles.title([others[0]]) == "形容詞"  # not "一般的"
    assert titles.title([others[1]]) is None
