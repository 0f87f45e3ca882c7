"""Screens of their own, and the titles of slides."""

from __future__ import annotations

from pipeline.writing.transcript_edition.slides import (
    distinct,
    grows,
    lecture_title,
    reads_as_title,
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


def test_what_is_no_title() -> None:
    for line in ("[258, 100, 97]", "a  b  c d", "lesson.ipynb", "x" * 95, "ab"):
        assert not reads_as_title(line)
    assert reads_as_title("The algorithm in three steps")


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
