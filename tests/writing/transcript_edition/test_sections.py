"""The plan of the transcript edition."""

from __future__ import annotations

import pytest

from pipeline.document.outline import Outline
from pipeline.settings.outline import OutlineSettings
from pipeline.writing.outline.section_parts import section_ranges
from pipeline.writing.transcript_edition.sections import plan_transcript
from tests.writing.transcript_edition.lectures import frame, lecture, video

SETTINGS = OutlineSettings()
BYTES = "so the bytes of the text are counted and a byte has eight bits in the byte table"
MERGE = "now we merge a frequent pair and then merge the next pair until no pair is left to merge"
SPEECH = [BYTES] * 9 + [MERGE] * 9


def titles(outline: Outline) -> list[str]:
    return [section.title for section in outline.sections]


def test_sections_follow_the_chapters_of_the_video() -> None:
    segments, transcript = lecture(SPEECH)
    source = video(360_000, [(0, "counting bytes"), (181_000, "GPT-2: merging")])
    outline = plan_transcript(source, segments, transcript, SETTINGS)
    assert titles(outline) == ["Counting bytes", "GPT-2: merging"]
    assert section_ranges(outline, segments) == [(0, 9), (9, 18)]


def test_a_chapter_too_short_for_a_section_makes_none() -> None:
    segments, transcript = lecture(SPEECH)
    chapters = [(0, "Counting"), (20_000, "An aside"), (181_000, "Merging")]
    outline = plan_transcript(video(360_000, chapters), segments, transcript, SETTINGS)
    assert titles(outline) == ["Counting", "Merging"]


def test_a_part_of_a_video_has_only_its_own_chapters() -> None:
    segments, transcript = lecture(SPEECH[:9])
    chapters = [(0, "Counting"), (200_000, "Merging")]
    assert titles(plan_transcript(video(180_000, chapters), segments, transcript, SETTINGS)) == [
        "Counting"
    ]


def test_without_chapters_sections_begin_where_the_topic_shifts() -> None:
    segments, transcript = lecture(SPEECH)
    outline = plan_transcript(video(360_000), segments, transcript, SETTINGS)
    assert 9 in [first for first, _ in section_ranges(outline, segments)]
    assert len(set(titles(outline))) == len(outline.sections) > 1


@pytest.mark.parametrize(
    ("opening", "title"),
    [
        ("Now I'm going to cover debuggers.", "Debuggers"),
        ("Okay, next question, how is a debugger set up?", "How is a debugger set up?"),
    ],
)
def test_a_sentence_that_announces_begins_a_section_and_names_it(opening: str, title: str) -> None:
    before = "Our editor shows the text. We type the text in the editor, and the editor saves it."
    after = (
        "The debuggers can stop a program. We set the debuggers up, and the debuggers will help."
    )
    texts = [f"What is an editor? {before}", *[before] * 7]
    texts += [f"The editor saves it. {opening} {after}"] + [after] * 9
    segments, transcript = lecture(texts)
    plan = plan_transcript(video(360_000), segments, transcript, SETTINGS)
    begun = [section.starts_at_ms for section in plan.sections]
    assert any(160_000 < (at or 0) < 180_000 for at in begun), begun
    assert plan.sections[1].title == title


def test_slides_name_the_sections() -> None:
    frames = [
        frame("f1", 0, 180_000, "Why not just bytes?\nThere are 256"),
        frame("f2", 181_000, 360_000, "The algorithm in three steps\nCount"),
    ]
    segments, transcript = lecture(SPEECH, frames)
    outline = plan_transcript(video(360_000), segments, transcript, SETTINGS)
    assert titles(outline)[0] == "Why not just bytes?"
    assert "The algorithm in three steps" in titles(outline)


def test_no_two_sections_have_one_title() -> None:
    segments, transcript = lecture(SPEECH)
    source = video(360_000, [(0, "Code"), (120_000, "code"), (240_000, "Code")])
    assert titles(plan_transcript(source, segments, transcript, SETTINGS)) == [
        "Code",
        "Code (2)",
        "Code (3)",
    ]


def test_a_silent_video_is_one_section_that_says_what_it_shows() -> None:
    segments, transcript = lecture(["", ""])
    outline = plan_transcript(video(40_000), segments, transcript, SETTINGS)
    assert section_ranges(outline, segments) == [(0, 2)]
    assert titles(outline) == ["On the screen"]


def test_a_chinese_lecture_is_named_by_its_first_words() -> None:
    text = "大家好，今天我们来讲字节对编码的算法。它会合并最常见的一对字节，然后重复这个步骤。"
    segments, transcript = lecture([text] * 9)
    (title, *_) = titles(
        plan_transcript(video(180_000, language="zh"), segments, transcript, SETTINGS)
    )
    assert title == "大家好，今天我们来讲字节对编码的算法"


def test_no_segments_are_no_sections() -> None:
    segments, transcript = lecture([])
    assert plan_transcript(video(0), segments, transcript, SETTINGS).sections == ()
