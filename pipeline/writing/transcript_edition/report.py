"""What the transcript edition kept: ``write/fidelity.json`` of an article without a model."""

from __future__ import annotations

from pipeline.document.article import Article, Section
from pipeline.document.citation_markup import CITATION, FIGURE, find_figures
from pipeline.document.markdown_blocks import split_blocks
from pipeline.models import FidelityReport, Frame, SectionFidelity, Segments
from pipeline.text.spoken_words import bare
from pipeline.writing.transcript_edition.punctuation.disfluencies import has_words


def report(article: Article, segments: Segments) -> FidelityReport:
    """Check every citation and figure of ``article``; nothing is repaired."""
    cited = {name for section in article.sections for name in _cited(section.markdown, segments)[0]}
    return FidelityReport(
        sections=tuple(_section(section, segments, cited) for section in article.sections)
    )


def _section(section: Section, segments: Segments, cited: set[str]) -> SectionFidelity:
    own = [segment for segment in segments.segments if segment.id in section.segments]
    frames = {frame.id: frame for frame in segments.frames}
    _, unknown, count = _cited(section.markdown, segments)
    figures = [figure.frame for figure in find_figures(section.markdown)]
    known = [frames[name] for name in figures if name in frames]
    blocks = [block.text for block in split_blocks(section.markdown) if block.kind != "code"]
    prose = FIGURE.sub("", CITATION.sub("", "\n".join(blocks)))
    return SectionFidelity(
        id=section.id,
        title=section.title,
        edition="transcript",
        words_in=sum(len(segment.text.split()) for segment in own),
        words_out=sum(1 for word in prose.split() if bare(word)),
        citations_checked=count,
        figures_checked=len(figures),
        not_covered=tuple(s.id for s in own if has_words(s.text) and s.id not in cited),
        problems=(
            *(f"cites {name}, which does not exist" for name in unknown),
            *(f"shows {name}, which does not exist" for name in figures if name not in frames),
            *(f"shows {name} out of its place" for name in _misplaced(known, section)),
        ),
    )


def _cited(markdown: str, segments: Segments) -> tuple[set[str], list[str], int]:
    """(ids cited, ids that do not exist or ranges that run backwards, number of citations)."""
    order = {segment.id: index for index, segment in enumerate(segments.segments)}
    cited: set[str] = set()
    unknown: list[str] = []
    matches = CITATION.findall(markdown)
    for first, last in matches:
        last = last or first
        if first not in order or last not in order or order[last] < order[first]:
            unknown.append(first if first == last else f"{first}-{last}")
            continue
        cited.update(s.id for s in segments.segments[order[first] : order[last] + 1])
    return cited, unknown, len(matches)


def _misplaced(figures: list[Frame], section: Section) -> list[str]:
    wrong = []
    latest = -1
    for frame in figures:
        on_screen = frame.start_ms < section.end_ms and frame.end_ms > section.start_ms
        if not on_screen or frame.start_ms < latest:
            wrong.append(frame.id)
        latest = max(latest, frame.start_ms)
    return wrong
