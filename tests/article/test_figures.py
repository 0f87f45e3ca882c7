"""Which frames become figures, and their captions."""

from __future__ import annotations

from itertools import pairwise

from pipeline.article.figures import caption_of, chosen_figures
from pipeline.article.furniture import furniture
from tests.article.lectures import frame

ENGLISH = furniture("en")
MINUTE = 60_000


def names(*frames: object, minutes: int = 10) -> list[str]:
    return [one.id for one in chosen_figures(list(frames), minutes * MINUTE)]  # type: ignore[arg-type]


def test_a_slide_that_is_built_up_is_shown_once_at_its_fullest() -> None:
    assert names(
        frame("f1", 0, 1000, "Why not bytes?"),
        frame("f2", 1000, 2000, "Why not bytes?\nThere are 256 of them"),
        frame("f3", 2000, 3000, "Another slide about merges"),
    ) == ["f2", "f3"]


def test_returns_faces_and_empty_screens_are_left_out() -> None:
    assert names(
        frame("f1", 0, 1000, "Why not bytes?"),
        frame("f2", 1000, 2000, "The algorithm", same_as="f0"),
        frame("f3", 2000, 3000, "Lecture hall number 3", kind="talking head"),
        frame("f4", 3000, 4000, "1"),
    ) == ["f1"]


def test_a_drawing_without_text_is_kept() -> None:
    assert names(frame("f1", 0, 1000, "Some title"), frame("f2", 1000, 2000, kind="diagram")) == [
        "f1",
        "f2",
    ]


def test_figures_are_as_dense_as_in_a_good_chapter_and_in_order() -> None:
    frames = [
        frame(f"f{n}", n * 20_000, (n + 1) * 20_000, f"Subject {chr(97 + n % 26) * 6} {n}")
        for n in range(300)
    ]
    chosen = chosen_figures(frames, 100 * MINUTE)
    assert 20 <= len(chosen) <= 35
    assert [one.start_ms for one in chosen] == sorted(one.start_ms for one in chosen)
    gaps = [b.start_ms - a.start_ms for a, b in pairwise(chosen)]
    assert max(gaps) < 8 * MINUTE


def test_a_caption_says_what_to_see() -> None:
    slide = frame("f1", 0, 1000, "Why not just bytes?\n256 of them")
    assert caption_of(slide, ENGLISH) == "Slide: “Why not just bytes?”"
    code = frame("f2", 0, 1000, "x.py\ndef get_stats(ids, counts=None):\n    pass", kind="code")
    assert caption_of(code, ENGLISH) == "Code: def get_stats(ids, counts=None)"


def test_a_screen_without_text_is_named_by_its_time() -> None:
    silent = frame("f1", 60_000, 66_000)
    assert caption_of(silent, ENGLISH) == "The screen at 1:05"
    assert caption_of(silent, furniture("de-AT")) == "Der Bildschirm bei 1:05"


def test_a_long_line_is_cut_at_a_word() -> None:
    text = "A definition that " + "goes on and " * 20
    assert len(caption_of(frame("f1", 0, 1000, text, kind="other"), ENGLISH)) < 120
