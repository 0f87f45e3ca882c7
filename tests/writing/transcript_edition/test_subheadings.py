"""Headings inside sections."""

from __future__ import annotations

from pipeline.document.outline import Outline, OutlineSection
from pipeline.settings.outline import OutlineSettings
from pipeline.text.spoken_words import spoken_words
from pipeline.writing.transcript_edition.punctuation.sentences import Sentence, sentences
from pipeline.writing.transcript_edition.sections import plan_transcript
from pipeline.writing.transcript_edition.subheadings import chapter_marks, subheadings
from tests.writing.transcript_edition.lectures import lecture, video

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
BYTES = "The bytes of the text are counted. A byte has eight bits, and the byte table is small."
PAIRS = "We merge a frequent pair of letters. Then the next pair is merged until no pair is left."


def heads(count: int, settings: OutlineSettings) -> list[dict[int, str]]:
    segments, transcript = lecture([BYTES] * count + [PAIRS] * count)
    source = video(40_000 * count, [(0, "All of it")])
    outline = plan_transcript(source, segments, transcript, settings)
    spoken = sentences(spoken_words(segments, transcript), "en", {})
    return subheadings(source, segments, outline, [spoken], settings)


def test_a_long_section_is_divided_where_its_topic_shifts() -> None:
    (found,) = heads(10, OutlineSettings())
    assert found
    assert min(abs(start - 200_000) for start in found) <= 20_000


def test_a_short_section_is_left_whole() -> None:
    assert heads(10, OutlineSettings(max_section_s=500)) == [{}]


def test_the_title_of_a_chapter_without_a_section_opens_the_nearest_sentence() -> None:
    source = video(100_000, [(0, "bytes"), (31_000, "pairs")])
    assert chapter_marks(source, OUTLINE, SPOKEN) == {30_000: "Pairs"}


def test_a_chapter_far_from_any_speech_is_left_out() -> None:
    source = video(200_000, [(0, "Bytes"), (150_000, "Silence")])
    assert chapter_marks(source, OUTLINE, SPOKEN) == {}
    assert chapter_marks(source, OUTLINE, []) == {}
