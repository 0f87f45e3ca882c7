"""The chapter without a language model: the lecturer's own sentences, made readable."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.article.chapter_marks import chapter_marks
from pipeline.article.escape import caption, escaped
from pipeline.article.figures import caption_of, chosen_figures
from pipeline.article.furniture import Furniture, furniture
from pipeline.article.paragraphs import Paragraph, paragraphs
from pipeline.article.screen_code import ScreenCell, screen_cells
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


@dataclass(frozen=True)
class _Show:
    """Something from the screen, and the time it belongs to."""

    at_ms: int
    what: Frame | ScreenCell


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
    cells = screen_cells(segments.frames)
    told = {cell.frame.id for cell in cells}
    figures = chosen_figures(
        [frame for frame in segments.frames if frame.id not in told], video.end_ms - video.start_ms
    )
    shows = sorted(
        [_Show(frame.start_ms, frame) for frame in figures]
        + [_Show(cell.frame.at_ms, cell) for cell in cells],
        key=lambda show: show.at_ms,
    )
    heads = subheadings(video, segments, outline, ranges, spoken, settings)
    marks = chapter_marks(video, outline, spoken)
    words = furniture(language)
    sections = []
    for number, (planned, (first, end)) in enumerate(zip(outline.sections, ranges, strict=True)):
        own = [s for s in spoken if first <= s.home < end]
        shown = [s for s in shows if _section_of(s.at_ms, segments.segments, ranges) == number]
        body = _body(own, shown, segments, (first, end), heads[number], marks, words)
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
    shows: Sequence[_Show],
    segments: Segments,
    bounds: tuple[int, int],
    heads: Mapping[int, str],
    marks: Mapping[int, str],
    words: Furniture,
) -> _Body:
    pieces = segments.segments
    starts = {n for n, one in enumerate(own) if one.start_ms in heads or one.start_ms in marks}
    written = paragraphs(own, [show.at_ms for show in shows], starts)
    body = _Body()
    places = [_place(show.at_ms, written) for show in shows]
    for number in range(len(written) + 1):
        begin = written[number].start_ms if number < len(written) else -1
        if begin in heads:
            body.blocks.append(f"### {escaped(heads[begin])}")
        for show, place in zip(shows, places, strict=True):
            if place == number:
                _add(body, show, pieces, bounds, words, spoken=bool(own))
        if number < len(written):
            lead = _run_in(marks[begin], words) if begin in marks else ""
            text = escaped(written[number].text)
            body.blocks.append(f"{lead}{text} {_citation(written[number], pieces)}")
    return body


def _run_in(title: str, words: Furniture) -> str:
    """A title in bold at the start of a paragraph."""
    stop = "" if title[-1] in ".?!:…。？！：" else words.stop
    return f"**{escaped(title)}{stop}** "


def _place(at_ms: int, written: Sequence[Paragraph]) -> int:
    """The paragraph before which something that comes up at ``at_ms`` stands: the nearest gap."""
    gaps = [*[paragraph.start_ms for paragraph in written], *[p.end_ms for p in written[-1:]]]
    return min(range(len(gaps)), key=lambda n: (abs(gaps[n] - at_ms), n)) if gaps else 0


def _add(
    body: _Body,
    show: _Show,
    pieces: Sequence[Segment],
    bounds: tuple[int, int],
    words: Furniture,
    spoken: bool,
) -> None:
    """A figure or a cell; a source is named where no paragraph before it does."""
    first, end = bounds
    cited = next((p for p in pieces[first:end] if p.end_ms > show.at_ms), pieces[end - 1])
    source = f"*{words.on_screen}* [[{cited.id}]]"
    if isinstance(show.what, Frame):
        body.blocks.append(f"![{caption(caption_of(show.what, words))}](frame:{show.what.id})")
        body.figures.append(show.what.id)
        if not spoken:
            body.blocks.append(source)
        return
    tag = " excerpt" if show.what.excerpt else ""
    body.blocks.append(source)
    body.blocks.append(_fence(f"python{tag}", show.what.source))
    if show.what.output:
        body.blocks.append(_fence("text output", show.what.output + "\n"))


def _fence(info: str, text: str) -> str:
    """A fenced block that no line of ``text`` can close."""
    ticks = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{ticks}{info}\n{text}{ticks}"


def _citation(paragraph: Paragraph, pieces: Sequence[Segment]) -> str:
    first, last = paragraph.segments
    if first == last:
        return f"[[{pieces[first].id}]]"
    return f"[[{pieces[first].id}-{pieces[last].id}]]"


def _section_of(at_ms: int, pieces: Sequence[Segment], ranges: Sequence[tuple[int, int]]) -> int:
    """The section of the time ``at_ms``."""
    for number, (_, end) in enumerate(ranges):
        if at_ms < pieces[end - 1].end_ms:
            return number
    return len(ranges) - 1
