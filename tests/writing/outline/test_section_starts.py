"""Sections begin at the sentence nearest to where a subject changes."""

from __future__ import annotations

from pipeline.document.passage_alignment import SpokenKeys
from pipeline.settings.outline import OutlineSettings
from pipeline.writing.outline.section_starts import (
    Start,
    nearest_sentence,
    quoted_start,
    starts_in,
)
from pipeline.writing.transcript_edition.sections import lecture_sentences, plan_transcript
from tests.writing.transcript_edition.lectures import lecture, video

TEXTS = [
    "So that is how we count the bytes of a text. Now let us look at how the pairs are merged.",
    "The most frequent pair goes first. And that is all there is to merging, believe me.",
    "Next question, what about spaces? They are bytes too, and nobody treats them otherwise.",
] * 3
SEGMENTS, TRANSCRIPT = lecture(TEXTS)
SPOKEN = lecture_sentences(video(180_000), SEGMENTS, TRANSCRIPT)
MERGED_MS = next(one.start_ms for one in SPOKEN if one.text.startswith("Now let us look"))


def test_a_chapter_mark_inside_a_segment_begins_its_section_at_the_nearest_sentence() -> None:
    source = video(180_000, [(0, "Bytes"), (MERGED_MS + 2_000, "Merging")])
    outline = plan_transcript(source, SEGMENTS, TRANSCRIPT, OutlineSettings(min_section_s=10))
    counting, merging = outline.sections
    assert (merging.first_segment, merging.starts_at_ms) == ("s0001", MERGED_MS)
    assert counting.last_segment == "s0001"


def test_the_sentence_that_a_planner_quotes_is_found_with_words_left_out() -> None:
    said = SpokenKeys(TRANSCRIPT)
    last = SEGMENTS.segments[1].last_word
    opening = "now let us look at the pairs"
    assert quoted_start(opening, 0, last, said, SPOKEN) == MERGED_MS
    assert quoted_start("entirely other words here", 0, last, said, SPOKEN) is None
    assert quoted_start("now", 0, last, said, SPOKEN) is None


def test_a_quotation_far_from_every_sentence_begins_with_its_own_words() -> None:
    said, last = SpokenKeys(TRANSCRIPT), len(TRANSCRIPT.words) - 1
    few = [one for one in SPOKEN if abs(one.start_ms - MERGED_MS) > 3_000]
    opening = "Now let us look at how the pairs are merged"
    assert quoted_start(opening, 0, last, said, few) == MERGED_MS


def test_the_nearest_sentence_and_the_time_itself_where_there_is_none() -> None:
    assert nearest_sentence(MERGED_MS + 900, SPOKEN) == MERGED_MS
    assert nearest_sentence(7_000, []) == 7_000


def test_starts_name_their_segment_and_one_that_is_not_later_goes() -> None:
    pieces = SEGMENTS.segments
    at = pieces[1].start_ms
    assert starts_in(pieces, [0, MERGED_MS, MERGED_MS, at, at + 5_000]) == [
        Start(0, None),
        Start(0, MERGED_MS),
        None,
        Start(1, None),
        Start(1, at + 5_000),
    ]
