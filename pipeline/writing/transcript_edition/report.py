"""What the transcript edition kept: ``write/fidelity.json`` of an article without a model."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.document.article import Article, FidelityReport, Section, SectionFidelity
from pipeline.document.blocks import AnyBlock, Figure
from pipeline.document.inline import words_of
from pipeline.document.walk import cited, texts, walk
from pipeline.models import Frame, Segments
from pipeline.text.words import bare
from pipeline.writing.transcript_edition.punctuation.disfluencies import has_words


def report(article: Article, segments: Segments) -> FidelityReport:
    """Check every citation and figure of ``article``; nothing is repaired."""
    named = {name for section in article.sections for name in _cited(section.blocks, segments)[0]}
    # What is shown while nobody speaks stands in the section that follows.
    since = [0, *(section.end_ms for section in article.sections)]
    return FidelityReport(
        sections=tuple(
            _section(section, segments, named, since_ms)
            for section, since_ms in zip(article.sections, since, strict=False)
        )
    )


def _section(
    section: Section, segments: Segments, named: set[str], since_ms: int
) -> SectionFidelity:
    own = [segment for segment in segments.segments if segment.id in section.segments]
    frames = {frame.id: frame for frame in segments.frames}
    _, unknown, count = _cited(section.blocks, segments)
    known = [frames[name] for name in section.figures if name in frames]
    prose = [
        words_of(text)
        for block in walk(section.blocks)
        if not isinstance(block, Figure)
        for text in texts(block)
    ]
    return SectionFidelity(
        id=section.id,
        title=section.title,
        edition="transcript",
        words_in=sum(len(segment.text.split()) for segment in own),
        words_out=sum(1 for text in prose for word in text.split() if bare(word)),
        citations_checked=count,
        figures_checked=len(section.figures),
        not_covered=tuple(s.id for s in own if has_words(s.text) and s.id not in named),
        problems=(
            *(f"cites {name}, which does not exist" for name in unknown),
            *(
                f"shows {name}, which does not exist"
                for name in section.figures
                if name not in frames
            ),
            *(
                f"shows {name} out of its place"
                for name in _misplaced(known, since_ms, section.end_ms)
            ),
        ),
    )


def _cited(blocks: Iterable[AnyBlock], segments: Segments) -> tuple[set[str], list[str], int]:
    """(ids cited, ids that do not exist or ranges that run backwards, number of citations)."""
    order = {segment.id: index for index, segment in enumerate(segments.segments)}
    found = [citation for block in blocks for citation in cited(block)]
    named: set[str] = set()
    unknown: list[str] = []
    for one in found:
        if one.first not in order or one.last not in order or order[one.last] < order[one.first]:
            unknown.append(one.ids)
            continue
        named.update(s.id for s in segments.segments[order[one.first] : order[one.last] + 1])
    return named, unknown, len(found)


def _misplaced(figures: list[Frame], since_ms: int, end_ms: int) -> list[str]:
    wrong = []
    latest = -1
    for frame in figures:
        on_screen = frame.start_ms < end_ms and frame.end_ms > since_ms
        if not on_screen or frame.start_ms < latest:
            wrong.append(frame.id)
        latest = max(latest, frame.start_ms)
    return wrong
