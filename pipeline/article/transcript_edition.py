"""The chapter without a language model: the lecturer's own sentences, made readable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.article.escape import caption, escaped
from pipeline.article.figures import caption_of, chosen_figures
from pipeline.article.furniture import Furniture, furniture
from pipeline.article.paragraphs import Paragraph, paragraphs
from pipeline.article.section_ranges import section_ranges
from pipeline.article.sections import known_names
from pipeline.article.sentences import Sentence, sentences
from pipeline.article.spoken import spoken_words
from pipeline.article.subheadings import subheadings
from pipeline.model import (
    Article,
    Frame,
    Outline,
    Section,
    Segment,
    Segments,
    Transcript,
    Video,
)
from pipeline.settings.outline import OutlineSettings


@dataclass
class _Body:
    """The Markdown blocks of one section while it is being written."""

    blocks: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)


def write_transcript(
    video: Video,
    segments: Segments,
    transcript: Transcript,
    outline: Outline,
    settings: OutlineSettings,
) -> Article:
    """The article of the transcript edition, one section for each section of ``outline``.

    Every word of the transcript is in it, save for English hesitations and stumbles. Each paragraph
    ends with a citation of the segments its words come from; a figure follows the paragraph during
    which its frame came up.

    Raises:
        OutlineError: ``outline`` does not cover the segments in order.
    """
    ranges = section_ranges(outline, segments)
    language = outline.language or transcript.language or video.language
    spoken = sentences(spoken_words(segments, transcript), language, known_names(video, segments))
    figures = chosen_figures(segments.frames, video.end_ms - video.start_ms)
    heads = subheadings(video, segments, outline, ranges, spoken, settings)
    words = furniture(language)
    sections = []
    for number, (planned, (first, end)) in enumerate(zip(outline.sections, ranges, strict=True)):
        own = [s for s in spoken if first <= s.home < end]
        shown = [f for f in figures if _section_of(f, segments.segments, ranges) == number]
        body = _body(own, shown, segments, (first, end), heads[number], words)
        pieces = segments.segments[first:end]
        sections.append(
            Section(
                id=planned.id,
                title=planned.title,
                start_ms=pieces[0].start_ms,
                end_ms=pieces[-1].end_ms,
                markdown="\n\n".join(body.blocks) + "\n",
                segments=tuple(piece.id for piece in pieces),
                figures=tuple(body.figures),
            )
        )
    return Article(title=outline.title, edition="transcript", sections=tuple(sections))


def _body(
    own: Sequence[Sentence],
    figures: Sequence[Frame],
    segments: Segments,
    bounds: tuple[int, int],
    heads: dict[int, str],
    words: Furniture,
) -> _Body:
    pieces = segments.segments
    starts = {index for index, sentence in enumerate(own) if sentence.start_ms in heads}
    changes = [frame.start_ms for frame in segments.frames]
    body = _Body()
    waiting = list(figures)
    for paragraph in paragraphs(own, changes, starts):
        if title := heads.get(paragraph.start_ms):
            body.blocks.append(f"### {escaped(title)}")
        body.blocks.append(f"{escaped(paragraph.text)} {_citation(paragraph, pieces)}")
        while waiting and waiting[0].start_ms < paragraph.end_ms:
            _add_figure(body, waiting.pop(0), words)
    for frame in waiting:
        _add_figure(body, frame, words)
        if not own:
            cited = _on_screen(frame, pieces, bounds)
            body.blocks.append(f"*{words.on_screen}* [[{cited.id}]]")
    return body


def _add_figure(body: _Body, frame: Frame, words: Furniture) -> None:
    body.blocks.append(f"![{caption(caption_of(frame, words))}](frame:{frame.id})")
    body.figures.append(frame.id)


def _citation(paragraph: Paragraph, pieces: Sequence[Segment]) -> str:
    first, last = paragraph.segments
    if first == last:
        return f"[[{pieces[first].id}]]"
    return f"[[{pieces[first].id}-{pieces[last].id}]]"


def _on_screen(frame: Frame, pieces: Sequence[Segment], bounds: tuple[int, int]) -> Segment:
    first, end = bounds
    later = [piece for piece in pieces[first:end] if piece.end_ms > frame.start_ms]
    return later[0] if later else pieces[end - 1]


def _section_of(frame: Frame, pieces: Sequence[Segment], ranges: Sequence[tuple[int, int]]) -> int:
    """The section during which the frame comes up."""
    for number, (_, end) in enumerate(ranges):
        if frame.start_ms < pieces[end - 1].end_ms:
            return number
    return len(ranges) - 1
