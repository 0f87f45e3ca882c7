"""The chapter without a language model: the lecturer's own sentences, made readable."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.article.captions import Captions
from pipeline.article.chapter_marks import chapter_marks
from pipeline.article.figures import chosen_figures
from pipeline.article.furniture import furniture
from pipeline.article.screen_code import screen_cells
from pipeline.article.section_ranges import section_ranges
from pipeline.article.section_text import Headings, SectionText, Show
from pipeline.article.sections import known_names
from pipeline.article.sentences import sentences
from pipeline.article.spoken import spoken_words
from pipeline.article.subheadings import subheadings
from pipeline.model import Article, Outline, Section, Segment, Segments, Transcript, Video
from pipeline.settings.outline import OutlineSettings


def write_transcript(
    video: Video,
    segments: Segments,
    transcript: Transcript,
    outline: Outline,
    settings: OutlineSettings,
) -> Article:
    """The article of the transcript edition, one section for each section of ``outline``.

    Every word of the transcript is in it, save for English hesitations and stumbles. Each paragraph
    ends with a citation of the segments its words come from; a figure stands at the gap between
    two paragraphs nearest to the time when its screen came up.

    Raises:
        OutlineError: ``outline`` does not cover the segments in order.
    """
    ranges = section_ranges(outline, segments)
    language = outline.language or transcript.language or video.language
    spoken = sentences(spoken_words(segments, transcript), language, known_names(video, segments))
    heads = subheadings(video, segments, outline, ranges, spoken, settings)
    marks = chapter_marks(video, outline, spoken)
    shows = _shows(segments, video.end_ms - video.start_ms)
    words = furniture(language)
    captions = Captions(segments, words)
    sections = []
    for number, (planned, (first, end)) in enumerate(zip(outline.sections, ranges, strict=True)):
        text = SectionText(segments, first, end, words, captions)
        text.write(
            [sentence for sentence in spoken if first <= sentence.home < end],
            [s for s in shows if _section_of(s.at_ms, segments.segments, ranges) == number],
            Headings(heads[number], marks),
        )
        pieces = segments.segments[first:end]
        sections.append(
            Section(
                id=planned.id,
                title=planned.title,
                start_ms=pieces[0].start_ms,
                end_ms=pieces[-1].end_ms,
                markdown=text.markdown,
                segments=tuple(piece.id for piece in pieces),
                figures=tuple(text.figures),
            )
        )
    return Article(title=outline.title, edition="transcript", sections=tuple(sections))


def _shows(segments: Segments, duration_ms: int) -> list[Show]:
    """Figures and cells in order of time; a screen whose code is told is no figure too."""
    cells = screen_cells(segments.frames)
    told = {cell.frame.id for cell in cells}
    untold = [frame for frame in segments.frames if frame.id not in told]
    figures = chosen_figures(untold, duration_ms)
    shows = [Show(frame.start_ms, frame) for frame in figures]
    shows += [Show(cell.frame.at_ms, cell) for cell in cells]
    return sorted(shows, key=lambda show: show.at_ms)


def _section_of(at_ms: int, pieces: Sequence[Segment], ranges: Sequence[tuple[int, int]]) -> int:
    """The section of the time ``at_ms``."""
    for number, (_, end) in enumerate(ranges):
        if at_ms < pieces[end - 1].end_ms:
            return number
    return len(ranges) - 1
