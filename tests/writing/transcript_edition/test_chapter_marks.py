"""Chapters that made no section."""

from __future__ import annotations

from pipeline.models import Outline, OutlineSection
from pipeline.writing.transcript_edition.chapter_marks import chapter_marks
from pipeline.writing.transcript_edition.punctuation.sentences import Sentence
from tests.writing.transcript_edition.lectures import video

SPOKEN = [
    Sentence(
        text="A sentence.",
        segments=(0, 0),
        home=0,
        start_ms=n * 10_000,
        end_ms=n * 10_000 + 9000,
        pause_ms=0,
        words=2,
    )
    for n in range(10)
]
OUTLINE = Outline(
    title="A lecture",
    edition="transcript",
    sections=(OutlineSection(id="a", title="Bytes", first_segment="s1", last_segment="s1"),),
)


def test_its_title_opens_the_nearest_sentence() -> None:
    source = video(100_000, [(0, "bytes"), (31_000, "pairs")])
    assert chapter_marks(source, OUTLINE, SPOKEN) == {30_000: "Pairs"}


def test_a_chapter_far_from_any_speech_is_left_out() -> None:
    source = video(200_000, [(0, "Bytes"), (150_000, "Silence")])
    assert chapter_marks(source, OUTLINE, SPOKEN) == {}
    assert chapter_marks(source, OUTLINE, []) == {}
