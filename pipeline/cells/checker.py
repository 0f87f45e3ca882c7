"""Checking an article: run its cells, compare, judge, and put the real outputs in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pipeline.cells.environment import CellEnvironment
from pipeline.cells.extract import ExtractedCell, defined_names, extract
from pipeline.cells.repair import Repairer
from pipeline.cells.report import CellReport, Report
from pipeline.cells.rewrite import rewrite
from pipeline.cells.runner import CellRunner
from pipeline.document.article import Article, Section
from pipeline.document.fences import fences
from pipeline.document.walk import cells
from pipeline.engine.progress import Progress, Silent
from pipeline.settings.check import CheckSettings
from pipeline.text.invisible_characters import shown, unhidden

TimeOf = Callable[[Section, int], int | None]


@dataclass(frozen=True)
class Text:
    """A Markdown text to check; ``time_at`` gives the moment that its line n stands for."""

    id: str
    markdown: str
    time_at: Callable[[int], int | None] = lambda line: None


@dataclass(frozen=True)
class CheckedTexts:
    """The texts with real outputs in place, the report, the pictures by path, the cells' code."""

    markdown: tuple[str, ...]
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
    texts: Sequence[Text],
    bench: CellEnvironment,
    settings: CheckSettings,
    progress: Progress | None = None,
    repairer: Repairer | None = None,
) -> CheckedTexts:
    """Check texts whose cells share one namespace, in order.

    Args:
        repairer: is asked for better versions of cells that are wrong; None: they stay as they are.

    Raises:
        SandboxError: the sandbox was found to work and then did not start.
    """
    texts = [replace(text, markdown=without_hidden(text.markdown)) for text in texts]
    extracted: list[list[ExtractedCell]] = []
    for text in texts:
        extracted.append(extract(text.markdown, text.id, 1 + sum(map(len, extracted))))
    total = sum(map(len, extracted))
    later = _defined_later([cell for found in extracted for cell in found])
    with CellRunner(bench, settings, repairer) as runner:
        written = []
        for text, found in zip(texts, extracted, strict=True):
            shown = []
            for cell in found:
                at_ms = text.time_at(cell.fence.start)
                shown.append(runner.cell(cell, at_ms, later[cell.index]))
                (progress or Silent()).update(cell.index, total, "cells")
            written.append(rewrite(text.markdown, shown))
            runner.prose(text.markdown)
    return CheckedTexts(tuple(written), runner.report(), runner.pictures, runner.sources)


def check_article(
    article: Article,
    bench: CellEnvironment,
    settings: CheckSettings,
    time_of: TimeOf | None = None,
    progress: Progress | None = None,
    repairer: Repairer | None = None,
) -> CheckedArticle:
    """Check an article's cells, in order through all sections.

    Args:
        time_of: the moment of the lecture that a line (from 0) of a section stands for.
        repairer: as for ``check_texts``.

    Raises:
        SandboxError: the sandbox was found to work and then did not start.
    """
    texts = [Text(one.id, one.markdown, _bound(time_of, one)) for one in article.sections]
    checked = check_texts(texts, bench, settings, progress, repairer)
    sections = tuple(
        section.with_markdown(markdown)
        for section, markdown in zip(article.sections, checked.markdown, strict=True)
    )
    return CheckedArticle(
        article.model_copy(update={"sections": sections}),
        _with_ids(checked.report, sections),
        checked.pictures,
        checked.sources,
    )


def _with_ids(report: Report, sections: Sequence[Section]) -> Report:
    """The report with the ids that its cells have in the sections; cells come in the same order."""
    made: list[CellReport] = []
    for section in sections:
        known = cells(section.blocks)
        for cell in report.cells:
            if cell.section == section.id:
                source = cell.source.strip()
                found = [at for at, one in enumerate(known) if one.source.strip() == source][:1]
                made.append(cell.model_copy(update={"id": known[found[0]].id if found else ""}))
                known = known[found[0] + 1 :] if found else known
    return report.model_copy(update={"cells": tuple(made)})


def without_hidden(markdown: str) -> str:
    """``markdown`` without characters that no reader sees; in code they are made visible."""
    lines = markdown.replace("\r\n", "\n").replace("\f", "").split("\n")
    coded: set[int] = set()
    for fence in fences(markdown):
        coded.update(range(fence.start, fence.end))
    return "\n".join(
        shown(line) if number in coded else unhidden(line) for number, line in enumerate(lines)
    )


def _bound(time_of: TimeOf | None, section: Section) -> Callable[[int], int | None]:
    return lambda line: time_of(section, line) if time_of else None


def _defined_later(found: Sequence[ExtractedCell]) -> dict[int, frozenset[str]]:
    """For each cell's index, the names that cells after it define."""
    later: dict[int, frozenset[str]] = {}
    names: frozenset[str] = frozenset()
    for cell in reversed(found):
        later[cell.index] = names
        if cell.is_python:
            names |= defined_names(cell.source)
    return later
