"""From checked chunks to the article, and the report of how far it keeps to the lecture."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from pipeline.document.article import Article, FidelityReport, Section, SectionFidelity, cell_prefix
from pipeline.document.blocks import AnyBlock, Cell, Heading, Paragraph
from pipeline.document.inline import words_of
from pipeline.document.outline import Outline
from pipeline.document.parse import numbered
from pipeline.document.walk import cells, changed, cited, figures, prose_of
from pipeline.models import Segment, Usage
from pipeline.text.units import word_count
from pipeline.text.words import word_runs, words
from pipeline.writing.checks.block_text import is_running_text
from pipeline.writing.checks.problems import Problem, items_of
from pipeline.writing.checks.results import results_of
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
    blocks: tuple[AnyBlock, ...]
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
    """The article: one section for each of the outline, from its drafts or as a user edited it.

    It is a transcript edition where the lecturer's own words stand in place of every draft.

    Args:
        parts: the segments of each section.
        drafts: in the order of the lecture.
        edited: the text of edited sections, by number from 0.
    """
    sections = []
    for number, (plan, pieces) in enumerate(zip(outline.sections, parts, strict=True)):
        section = Section(
            id=plan.id,
            title=plan.title,
            start_ms=pieces[0].start_ms,
            end_ms=pieces[-1].end_ms,
            markdown=edited.get(number, ""),
            segments=tuple(segment.id for segment in pieces),
        )
        if number not in edited:
            own = [draft.blocks for draft in drafts if draft.material.chunk.section == number]
            section = section.with_blocks(chain.from_iterable(own))
        sections.append(section)
    titled = _with_unique_headings(sections, edited)
    spoken = bool(drafts) and not edited and all(draft.replaced for draft in drafts)
    return Article(
        title=outline.title,
        edition="transcript" if spoken else "llm",
        model=None if spoken else model,
        sections=_with_unique_cells(titled),
        usage=usage,
    )


def without_repeats(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts without paragraphs that an earlier one has already.

    Chunks are written in parallel: what the lecturer says twice may be written twice. A paragraph
    goes only when more than half of its runs of eight words have stood before.
    """
    seen: set[tuple[str, ...]] = set()
    kept_drafts = []
    for draft in drafts:
        kept: list[AnyBlock] = []
        mine: set[tuple[str, ...]] = set()
        for block in draft.blocks:
            found = _compared(block)
            if not found or len(found & seen) <= _REPEATED * len(found):
                mine |= found
                kept.append(block)
        seen |= mine
        kept_drafts.append(replace(draft, blocks=tuple(kept)))
    return kept_drafts


def _compared(block: AnyBlock) -> set[tuple[str, ...]]:
    """The runs of words under which a passage is found again; none for what never goes: code,
    figures and headings."""
    if not is_running_text(block) or cells([block]) or figures([block]):
        return set()
    return set(word_runs(words(prose_of([block])), _RUN))


def report_of(
    article: Article, parts: Sequence[tuple[Segment, ...]], drafts: Sequence[Draft]
) -> FidelityReport:
    """``write/fidelity.json``: what was checked, and what is still wrong."""
    entries = []
    for number, section in enumerate(article.sections):
        own = [draft for draft in drafts if draft.material.chunk.section == number]
        problems = [problem for draft in own for problem in draft.problems]
        entries.append(
            SectionFidelity(
                id=section.id,
                title=section.title,
                words_in=sum(word_count(segment.text) for segment in parts[number]),
                words_out=word_count(prose_of(section.blocks)),
                not_covered=items_of(problems, "coverage"),
                numbers_without_source=items_of(problems, "number"),
                identifiers_without_source=items_of(problems, "identifier"),
                citations_checked=sum(len(cited(block)) for block in section.blocks),
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
                checks=results_of(problems, own[0].material) if own else {},
            )
        )
    return FidelityReport(sections=tuple(entries))


def _with_unique_headings(
    sections: Sequence[Section], edited: Container[int]
) -> tuple[Section, ...]:
    """A subheading that was used before, in this section or another, goes; its text stays.

    Args:
        edited: numbers of the sections that stay as they are.
    """
    taken = {_plain(section.title) for section in sections}

    def once(block: AnyBlock) -> list[AnyBlock]:
        if isinstance(block, Heading):
            title = _plain(words_of(block.text))
            if title in taken:
                return [Paragraph(text="", citations=block.citations)]
            taken.add(title)
        return [block]

    done = []
    for number, section in enumerate(sections):
        made = changed(section.blocks, once)
        done.append(section if number in edited else section.with_blocks(made))
    return tuple(done)


def _with_unique_cells(sections: Sequence[Section]) -> tuple[Section, ...]:
    """An id is a cell's own in the chapter, also where sections in an edited outline share one."""
    taken: set[str] = set()

    def once(block: AnyBlock) -> list[AnyBlock]:
        if not isinstance(block, Cell):
            return [block]
        if block.id in taken:
            free = next(name for name in fresh if name not in taken)
            block = block.model_copy(update={"id": free})
        taken.add(block.id)
        return [block]

    done = []
    for section in sections:
        fresh = numbered(f"{cell_prefix(section.id)}again-")
        made = changed(section.blocks, once)
        done.append(section.model_copy(update={"blocks": made}))
    return tuple(done)


def _plain(title: str) -> str:
    return " ".join(words(title))
