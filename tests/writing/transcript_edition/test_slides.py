"""Screens of their own, and the titles of slides."""

from __future__ import annotations

import pytest

from pipeline.models import Box, Frame, ScreenLine
from pipeline.writing.transcript_edition.headlines import headline, reads_as_title
from pipeline.writing.transcript_edition.slides import (
    distinct,
    grows,
    lecture_title,
    slide_titles,
)
from tests.writing.transcript_edition.lectures import frame, video

FIRST = frame("f1", 0, 1000, "Why not bytes?")
BUILT = frame("f2", 1000, 2000, "Why not bytes?\nThere are 256")


def test_a_step_of_a_slide_gives_way_to_the_whole_slide() -> None:
    assert grows(FIRST, BUILT)
    assert not grows(BUILT, FIRST)
    assert distinct([BUILT, FIRST]) == [BUILT]


def test_slides_are_named_by_their_first_line_and_windows_are_not_slides() -> None:
    window = frame("f3", 2000, 3000, "Safari File Edit View History Help\nSome page with text")
    code = frame("f4", 3000, 4000, "My code\nx = 1", kind="code")
    assert slide_titles([BUILT, window, code]) == [(1000, "Why not bytes?")]


def test_a_terminal_with_little_on_it_is_no_slide() -> None:
    terminal = frame("f1", 0, 1000, "~/demo >>> gi      Main branch")
    branch = Box(x=900, y=20, width=200, height=30)
    line = ScreenLine(text="Main branch", box=branch, confidence=0.99)
    assert slide_titles([terminal.model_copy(update={"lines": (line,)})]) == []


def test_what_is_no_title() -> None:
    for line in ("[258, 100, 97]", "a  b  c d", "lesson.ipynb", "x" * 95, "ab"):
        assert not reads_as_title(line)
    assert reads_as_title("The algorithm in three steps")
    assert reads_as_title("Part 3 of 24")
    assert reads_as_title("量子力学入門")


def test_what_windows_write_is_no_language() -> None:
    for line in (
        "maxesdefaultig 1,280720 pi",
        "Screen (iytimg.com)",
        "V A^A ab Insert",
        "~/demo$ git status",
        "2024-01-02 12:30:11 INFO server_started",
    ):
        assert not reads_as_title(line), line


def test_a_slide_with_another_title_or_another_number_did_not_grow() -> None:
    body = "A short history of tools\nby the same author\nin twenty-four parts"
    assert not grows(
        frame("f1", 0, 1000, f"Part 3\n{body}"), frame("f2", 1000, 2000, f"Part 4\n{body}")
    )
    assert grows(
        frame("f1", 0, 1000, f"Part 3\n{body}"), frame("f2", 1000, 2000, f"Part 3\n{body}\nEnd")
    )


def test_what_hides_a_menu_did_not_grow_out_of_it() -> None:
    cells = "\n".join(f"{n * 37 % 900} {n * 91 % 900} {n * 53 % 900}" for n in range(30))
    menu = frame("f1", 0, 1000, f"{cells}\nInsert pivot table\nRecommended charts")
    assert not grows(menu, frame("f2", 1000, 2000, f"{cells}\n1 2 3\n4 5 6 7"))


def placed(*lines: tuple[int, int, str], width: int = 300) -> Frame:
    """A slide with (top, height, text) of its lines."""
    made = frame("f1", 0, 1000, "\n".join(text for _, _, text in lines))
    boxes = tuple(
        ScreenLine(text=text, box=Box(x=40, y=top, width=width, height=height), confidence=1)
        for top, height, text in lines
    )
    return made.model_copy(update={"lines": boxes})


def test_the_headline_is_the_largest_text_that_reads_as_language() -> None:
    slide = placed(
        (10, 14, "Lecture 4"),
        (60, 60, "V A^A ab"),
        (150, 44, "Why not just"),
        (196, 44, "bytes?"),
        (300, 24, "There are 256 of them"),
    )
    assert headline(slide) == "Why not just bytes?"


def test_a_headline_without_spaces_goes_on_below_a_line_that_is_full() -> None:
    lines = [
        (40, 54, "前章で見たのは多くの異なる"),
        (104, 54, "アテンションである"),
        (200, 37, "本文は小さい"),
    ]
    assert headline(placed(*lines, width=1100)) == "前章で見たのは多くの異なるアテンションである"
    assert headline(placed(*lines, width=500)) == "前章で見たのは多くの異なる"  # the next of a list


def test_the_last_letters_of_a_headline_are_in_a_box_of_any_height() -> None:
    lines = [(72, 54, "内部構造について説明し"), (140, 68, "た。"), (232, 37, "本文は小さい")]
    assert headline(placed(*lines, width=1100)) == "内部構造について説明した。"


def test_a_title_that_is_no_larger_than_the_text_stands_at_the_top() -> None:
    proof = [(150 + 40 * n, 30, f"Then the {name} step follows") for n, name in enumerate("abcdef")]
    assert headline(placed((20, 30, "Proof of the theorem"), *proof)) == "Proof of the theorem"


def test_where_nothing_stands_out_there_is_no_headline() -> None:
    log = [
        (400 + 20 * n, 16, f"The server has started for the {name} time")
        for n, name in enumerate("abcdef")
    ]
    assert headline(placed(*log)) is None
    assert headline(placed()) is None


def test_a_lecture_without_a_title_is_called_like_its_first_slide() -> None:
    named = video(180_000, video_id="my_talk-0123abcd", title="My talk")
    slides = [frame("f1", 2000, 9000, "Why not just bytes?"), frame("f2", 9000, 12_000, "So what")]
    assert lecture_title(named, slides) == "Why not just bytes?"
    titled = named.model_copy(update={"title": "A talk on tokens"})
    assert lecture_title(titled, slides) == "A talk on tokens"


def test_a_late_slide_a_single_word_and_code_are_no_title_of_a_lecture() -> None:
    named = video(180_000, video_id="my-talk-0123abcd", title="My talk")
    for first in (
        frame("f1", 61_000, 90_000, "Why not just bytes?"),
        frame("f1", 0, 9000, "Overview"),
        frame("f1", 0, 9000, "My code\nx = 1", kind="code"),
    ):
        assert lecture_title(named, [first]) == "My talk"


SAID = "In the last chapter, you and I started to step through the workings of it."


@pytest.mark.parametrize(
    "shown",
    [
        "In the last chapter, you and I star",
        "In the last chapter, you and I started to step",
        "you and I started to step through the wor",
        "Ha3Baem Attention is All You Need",
        "We explained how the inside of a transformer works.",
    ],
)
def test_subtitles_sentences_and_misread_words_name_nothing(shown: str) -> None:
    named = video(180_000, video_id="my-talk-0123abcd", title="My talk")
    assert lecture_title(named, [frame("f1", 0, 9000, shown)], [SAID]) == "My talk"


@pytest.mark.parametrize(
    "shown", ["In the last chapter", "Attention is all you need.", "GPT2 and GPT4o", "The workings"]
)
def test_a_title_that_is_read_out_names_the_lecture(shown: str) -> None:
    named = video(180_000, video_id="my-talk-0123abcd", title="My talk")
    said = [SAID, "This is GPT4o."]
    assert lecture_title(named, [frame("f1", 0, 9000, shown)], said) == shown


def test_a_slide_whose_accents_were_not_read_names_nothing() -> None:
    named = video(180_000, video_id="my-talk-0123abcd", title="My talk", language="vi")
    said = ["Trong chương trước, bạn và tôi bắt đầu tìm hiểu."]
    misread, right = frame("f1", 0, 9000, "Chương trưc bn bt"), frame("f1", 0, 9000, "Chương trước")
    assert lecture_title(named, [misread], said) == "My talk"
    assert lecture_title(named, [right], said) == "Chương trước"
