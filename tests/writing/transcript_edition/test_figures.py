"""Which frames become figures."""

from __future__ import annotations

from itertools import pairwise

from pipeline.writing.transcript_edition.figures import chosen_figures
from tests.writing.transcript_edition.lectures import frame

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
