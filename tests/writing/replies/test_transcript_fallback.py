"""A part that the model cannot write stands in the lecturer's words, with what its screens show."""

from __future__ import annotations

from pipeline.document.blocks import AnyBlock, Cell, Figure, Paragraph
from pipeline.document.citations import Citation
from pipeline.document.outline import Outline, OutlineSection
from pipeline.document.walk import cited, prose_of
from pipeline.i18n.transcript_edition import edition_words
from pipeline.models import Frame
from pipeline.writing.chunks import chunks_of
from pipeline.writing.prompt_context import prompt_context
from pipeline.writing.replies.transcript_fallback import TranscriptFallback
from pipeline.writing.transcript_edition.sections import lecture_sentences
from tests.writing.transcript_edition.lectures import frame, lecture, video

SPEECH = (
    "We count the pairs of the text first.",
    "Then the pair that is seen most becomes a token.",
    "A vocabulary has many such tokens.",
    "It is stored beside the text.",
)
PLAN = Outline(
    title="Tokens",
    summary="",
    language="en",
    edition="llm",
    sections=tuple(
        OutlineSection(
            id=f"sec0{number}", title=title, purpose="", first_segment=first, last_segment=last
        )
        for number, title, first, last in (
            (1, "Pairs", "s0001", "s0002"),
            (2, "Vocabulary", "s0003", "s0004"),
        )
    ),
)


def parts(*frames: Frame) -> list[tuple[AnyBlock, ...]]:
    """The blocks of both sections."""
    segments, transcript = lecture(SPEECH, frames)
    film = video(80_000)
    pieces = segments.segments
    chunks = chunks_of((pieces[:2], pieces[2:]), 0.65, 2_000)
    spoken = lecture_sentences(film, segments, transcript)
    made = TranscriptFallback(film, segments, transcript, spoken, edition_words("en"))
    return [made.blocks(one) for one in prompt_context(chunks, segments, transcript, PLAN)]


def test_every_sentence_stands_in_its_part_with_its_citation() -> None:
    first, second = parts()
    assert "lecturer’s own words" in prose_of(first[:1])
    for said in SPEECH[:2]:
        assert said in prose_of(first)
    assert all(said in prose_of(second) for said in SPEECH[2:])
    named = [one for block in first for one in cited(block)]
    assert Citation(first="s0001", last="s0002") in named


def test_the_slides_and_the_code_of_a_part_stand_in_it_and_nowhere_else() -> None:
    slide = frame("f0001", 2_000, 18_000, "Why count pairs at all\nThe text gets shorter")
    code = frame("f0002", 42_000, 58_000, "def size(vocab):\n    return len(vocab)", kind="code")
    first, second = parts(slide, code)
    assert [one.frame for one in first if isinstance(one, Figure)] == ["f0001"]
    assert not any(isinstance(one, Cell) for one in first)
    (cell,) = [one for one in second if isinstance(one, Cell)]
    assert "def size(vocab):" in cell.source
    assert cell.id.startswith("sec02-")
    assert not any(isinstance(one, Figure) for one in second)
    assert all(isinstance(one, Paragraph | Figure | Cell) for one in (*first, *second))
