"""Chapters of a few lines: the sample with other text."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pipeline.cells.report import Report, summary_of
from pipeline.document.article import Article, Section
from pipeline.document.passage_times import with_passage_times
from pipeline.engine.workspace import Workspace
from pipeline.render.chapter import ChapterPage, build_chapter
from pipeline.render.load import sources_of
from pipeline.settings.render import RenderSettings

NOTHING = Report(cells=(), summary=summary_of(()))


def chapter_of(
    sample: Workspace, *markdown: str, report: Report = NOTHING, **other: Any
) -> ChapterPage:
    """A chapter with a section for each text (``sec01``, ...), in the sample's lecture.

    Args:
        other: other sources than the sample's.
    """
    sources = replace(sources_of(sample), report=report, fidelity=None)
    sources = replace(sources, **{"article": article_of(*markdown)} | other)
    article = with_passage_times(sources.article, sources.segments, sources.transcript)
    return build_chapter(replace(sources, article=article), RenderSettings())


def article_of(*markdown: str, title: str = "A chapter") -> Article:
    """The article of such a chapter."""
    sections = tuple(
        Section(
            id=f"sec{number:02d}",
            title=f"Section {number}",
            start_ms=0,
            end_ms=200_000,
            markdown=text,
            segments=(),
        )
        for number, text in enumerate(markdown, start=1)
    )
    return Article(title=title, edition="llm", sections=sections)
