"""Checking an article: run its cells, compare, judge, and put the real outputs in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.cells.contradictions import contradictions
from pipeline.cells.environment import CellEnvironment
from pipeline.cells.program import Program, defined_names, prepared, with_claimed_outputs
from pipeline.cells.repair import Repairer
from pipeline.cells.report import Report
from pipeline.cells.runner import CellRunner
from pipeline.document.article import Article, Section
from pipeline.document.blocks import AnyBlock, Cell, Source
from pipeline.document.inline import runs
from pipeline.document.runs import Run
from pipeline.document.walk import cells, changed, texts, walk
from pipeline.engine.progress import Progress, Silent
from pipeline.settings.check import CheckSettings

TimesOf = Callable[[Section], Mapping[str, int]]


@dataclass(frozen=True)
class Text:
    """A text to check; ``times`` are the moments (ms) of its cells, by their ids."""

    id: str
    blocks: tuple[AnyBlock, ...]
    times: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class CheckedTexts:
    """The texts' blocks with real outputs in place, the report, the pictures by path, the code."""

    blocks: tuple[tuple[AnyBlock, ...], ...]
    report: Report
    pictures: dict[str, bytes]
    sources: dict[str, str]


@dataclass(frozen=True)
class CheckedArticle:
    """The article with real outputs in place, and all that belongs to it."""

    article: Article
    report: Report
    pictures: dict[str, bytes]
    sources: dict[str, str]


def check_texts(
    given: Sequence[Text],
    environment: CellEnvironment,
    settings: CheckSettings,
    progress: Progress | None = None,
    repairer: Repairer | None = None,
    from_screen: bool = False,
) -> CheckedTexts:
    """Check texts whose cells share one namespace, in order.

    Args:
        repairer: is asked for better versions of cells that are wrong; None: they stay as they are.
        from_screen: whether the code was read from the screen, see ``CellRunner``.

    Raises:
        SandboxError: the sandbox was found to work and then did not start.
    """
    before = [with_claimed_outputs(text.blocks) for text in given]
    programs = _programs(given, before)
    total = sum(map(len, programs))
    later = _defined_later([program for some in programs for program in some])
    after = []
    with CellRunner(environment, settings, repairer, from_screen) as runner:
        for text, blocks, some in zip(given, before, programs, strict=True):
            real: list[Cell] = []
            for program in some:
                at_ms = text.times.get(program.cell.id)
                real.append(runner.cell(program, at_ms, later[program.index]))
                (progress or Silent()).update(program.index, total, "cells")
            after.append(_with_cells(blocks, real))
            codes = [one.source for one in walk(blocks) if isinstance(one, Source)]
            runner.text(_prose(blocks), codes)
    report = runner.report()
    if not from_screen:
        found = [one for blocks in after for one in contradictions(blocks, report.by_id)]
        report = report.model_copy(update={"oracles": (*report.oracles, *found)})
    return CheckedTexts(tuple(after), report, runner.pictures, runner.sources)


def check_article(
    article: Article,
    environment: CellEnvironment,
    settings: CheckSettings,
    times_of: TimesOf | None = None,
    progress: Progress | None = None,
    repairer: Repairer | None = None,
) -> CheckedArticle:
    """Check an article's cells, in order through all sections.

    Args:
        times_of: the moments of the lecture that the cells of a section stand for, by their ids.
        repairer: as for ``check_texts``.

    Raises:
        SandboxError: the sandbox was found to work and then did not start.
    """
    given = [
        Text(one.id, one.blocks, times_of(one) if times_of else {}) for one in article.sections
    ]
    from_screen = article.edition == "transcript"
    checked = check_texts(given, environment, settings, progress, repairer, from_screen)
    sections = tuple(
        section if blocks == section.blocks else section.with_blocks(blocks)
        for section, blocks in zip(article.sections, checked.blocks, strict=True)
    )
    return CheckedArticle(
        article.model_copy(update={"sections": sections}),
        checked.report,
        checked.pictures,
        checked.sources,
    )


def _programs(given: Sequence[Text], blocks: Sequence[Sequence[AnyBlock]]) -> list[list[Program]]:
    """The cells of each text, numbered through all of them."""
    made: list[list[Program]] = []
    for text, some in zip(given, blocks, strict=True):
        first = 1 + sum(map(len, made))
        made.append([prepared(cell, text.id, n) for n, cell in enumerate(cells(some), first)])
    return made


def _with_cells(blocks: Sequence[AnyBlock], real: Sequence[Cell]) -> tuple[AnyBlock, ...]:
    """The document with other cells in the places of its own."""
    following = iter(real)
    return changed(blocks, lambda one: [next(following) if isinstance(one, Cell) else one])


def _prose(blocks: Sequence[AnyBlock]) -> str:
    """The words of a text, an empty line between paragraphs; code has backticks around it."""
    lines = ("".join(map(_words, runs(text))) for block in walk(blocks) for text in texts(block))
    return "\n\n".join(line for line in lines if line)


def _words(run: Run) -> str:
    if run.kind in ("citation", "note"):
        return ""
    return f"`{run.text}`" if run.kind == "code" else run.text


def _defined_later(programs: Sequence[Program]) -> dict[int, frozenset[str]]:
    """For each cell's index, the names that cells after it define."""
    later: dict[int, frozenset[str]] = {}
    names: frozenset[str] = frozenset()
    for program in reversed(programs):
        later[program.index] = names
        if program.cell.is_python:
            names |= defined_names(program.source)
    return later
