"""From checked chunks to the article, and the report of how far it keeps to the lecture."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.document.article import Article, Section
from pipeline.document.citation_markup import find_citations, find_figures
from pipeline.document.markdown_blocks import (
    MarkdownBlock,
    join_blocks,
    prose_of,
    split_blocks,
)
from pipeline.models import FidelityReport, Outline, SectionFidelity, Segment, Usage
from pipeline.text.units import word_count
from pipeline.text.words import runs, words
from pipeline.writing.checks.problems import Problem, items_of
from pipeline.writing.prompt_context import PromptContext

_RUN = 8
_REPEATED = 0.5


@dataclass(frozen=True)
class Draft:
    """A chunk's text after all repairs, and what is still wrong with it.

    ``left_out`` are the segments that the writer left out, with the reasons. ``replaced`` says why
    the lecturer's own words stand in place of the model's, empty where they do not.
    """

    material: PromptContext
    markdown: str
    problems: tuple[Problem, ...] = ()
    repairs: int = 0
    left_out: Mapping[str, str] = field(default_factory=dict)
    replaced: str = ""


def assemble(
    outline: Outline,
    parts: Sequence[tuple[Segment, ...]],
    drafts: Sequence[Draft],
    edited: Mapping[int, str],
    model: str,
    usage: Usage,
) -> Article:
    """The article: one section for each of the outline, from its drafts or as a person edited it.

    Args:
        parts: the segments of each section.
        drafts: in the order of the lecture.
        edited: the text of edited sections, by number from 0.
    """
    bodies = {
        number: "\n".join(
            draft.markdown for draft in drafts if draft.material.chunk.section == number
        )
        for number in range(len(outline.sections))
    } | dict(edited)
    sections = []
    for number, pieces in enumerate(parts):
        plan = outline.sections[number]
        text = bodies[number]
        blocks = split_blocks(text)
        figures = [f.frame for b in blocks if b.kind != "code" for f in find_figures(b.text)]
        sections.append(
            Section(
                id=plan.id,
                title=plan.title,
                start_ms=pieces[0].start_ms,
                end_ms=pieces[-1].end_ms,
                markdown=text,
                segments=tuple(segment.id for segment in pieces),
                figures=tuple(figures),
            )
        )
    titled = _with_unique_headings(sections)
    return Article(title=outline.title, edition="llm", model=model, sections=titled, usage=usage)


def without_repeats(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts without paragraphs that an earlier one has already.

    Chunks are written in parallel: what the lecturer says twice may be written twice. A paragraph
    goes only when more than half of its runs of eight words have stood before.
    """
    seen: set[tuple[str, ...]] = set()
    kept_drafts = []
    for draft in drafts:
        kept: list[MarkdownBlock] = []
        mine: set[tuple[str, ...]] = set()
        for block in split_blocks(draft.markdown):
            found = set(runs(words(prose_of(block.text)), _RUN)) if block.kind == "prose" else set()
            if not found or len(found & seen) <= _REPEATED * len(found):
                mine |= found
                kept.append(block)
        seen |= mine
        kept_drafts.append(replace(draft, markdown=join_blocks(kept)))
    return kept_drafts


def report_of(
    article: Article, parts: Sequence[tuple[Segment, ...]], drafts: Sequence[Draft]
) -> FidelityReport:
    """``write/fidelity.json``: what was checked, and what is still wrong."""
    entries = []
    for number, section in enumerate(article.sections):
        own = [draft for draft in drafts if draft.material.chunk.section == number]
        problems = [problem for draft in own for problem in draft.problems]
        blocks = [block for block in split_blocks(section.markdown) if block.kind != "code"]
        entries.append(
            SectionFidelity(
                id=section.id,
                title=section.title,
                words_in=sum(word_count(segment.text) for segment in parts[number]),
                words_out=word_count(prose_of(section.markdown)),
                not_covered=items_of(problems, "coverage"),
                numbers_without_source=items_of(problems, "number"),
                identifiers_without_source=items_of(problems, "identifier"),
                citations_checked=sum(len(find_citations(block.text)) for block in blocks),
                figures_checked=len(section.figures),
                repairs=sum(draft.repairs for draft in own),
                edition="transcript" if own and all(one.replaced for one in own) else "llm",
                replaced=tuple(
                    f"{one.material.label}: {one.replaced}" for one in own if one.replaced
                ),
                left_out=tuple(
                    f"{name}: {reason}" for one in own for name, reason in one.left_out.items()
                ),
                problems=tuple(f"{problem.kind}: {problem.text}" for problem in problems),
            )
        )
    return FidelityReport(sections=tuple(entries))


def _with_unique_headings(sections: Sequence[Section]) -> tuple[Section, ...]:
    """A subheading that was used before, in this section or another, goes; its text stays."""
    taken = {_plain(section.title) for section in sections}
    done = []
    for section in sections:
        kept = []
        for block in split_blocks(section.markdown):
            if block.kind == "heading":
                if _plain(block.title) in taken:
                    continue
                taken.add(_plain(block.title))
            kept.append(block)
        done.append(section.with_markdown(join_blocks(kept)))
    return tuple(done)


def _plain(title: str) -> str:
    return re.sub(r"\s+", " ", " ".join(words(title)))
