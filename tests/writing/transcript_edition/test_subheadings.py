"""Headings inside long sections."""

from __future__ import annotations

from pipeline.settings.outline import OutlineSettings
from pipeline.text.spoken_words import spoken_words
from pipeline.writing.transcript_edition.punctuation.sentences import sentences
from pipeline.writing.transcript_edition.sections import plan_transcript
from pipeline.writing.transcript_edition.subheadings import subheadings
from tests.writing.transcript_edition.lectures import lecture, video

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
