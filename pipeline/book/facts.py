"""What the book's own pages say about a chapter; small, so that a thousand can be held."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path, PurePosixPath

from pipeline.document.inline import runs
from pipeline.document.outline import Link
from pipeline.document.runs import words_in
from pipeline.document.walk import texts, walk
from pipeline.engine.workspace import Workspace
from pipeline.render.chapter import ChapterPage, build_chapter
from pipeline.render.load import sources_of
from pipeline.render.verdicts import ran
from pipeline.settings.render import RenderSettings

# No smaller versions: the book shows those that the chapter's own page has.
_SETTINGS = RenderSettings(thumbnail_width=3840, speaker_words=False)


@dataclass(frozen=True)
class SectionFacts:
    """A section: number from 1, anchor on the chapter's page, title, start."""

    number: int
    anchor: str
    title: str
    start_ms: int


@dataclass(frozen=True)
class ChapterFacts:
    """One chapter of the book.

    ``picture`` is a file of the page's ``assets/``, None without figures; ``passed`` of ``cells``
    code cells ran; ``url`` is the lecture's page on the web.
    """

    number: int
    name: str
    title: str
    summary: str
    lecturer: str
    length_ms: int
    language: str
    direction: str
    picture: str | None
    passed: int
    cells: int
    sections: tuple[SectionFacts, ...]
    links: tuple[Link, ...]
    url: str | None
    made_on: str


def read_chapter(workspace: Workspace) -> ChapterPage:
    """The lecture's chapter as a book needs it: no addresses of this machine, no boxes.

    Raises:
        ArtifactError: an artifact is missing or damaged.
    """
    return build_chapter(replace(sources_of(workspace), file=None), _SETTINGS)


def facts_of(number: int, workspace: Workspace, chapter: ChapterPage) -> ChapterFacts:
    """The facts of the book's chapter ``number``."""
    sources = chapter.sources
    passed, cells = ran(sources.report)
    return ChapterFacts(
        number=number,
        name=workspace.video_id,
        title=sources.article.title,
        summary=sources.outline.summary.strip(),
        lecturer=sources.video.uploader or "",
        length_ms=sources.video.end_ms - sources.video.start_ms,
        language=chapter.language,
        direction=chapter.direction,
        picture=_picture(workspace, chapter),
        passed=passed,
        cells=cells,
        sections=tuple(
            SectionFacts(page.number, page.anchor, page.section.title, page.section.start_ms)
            for page in chapter.sections
        ),
        links=_links(chapter),
        url=sources.video.url,
        made_on=sources.made_on or "",
    )


def _picture(workspace: Workspace, chapter: ChapterPage) -> str | None:
    """The first figure's small version where the page has one."""
    first = next(iter(chapter.pictures.values()), None)
    if first is None:
        return None
    name = PurePosixPath(first.src)
    assets: Path = workspace.root / "render" / "assets"
    return next((f for f in (f"{name.stem}-small.webp", name.name) if (assets / f).is_file()), None)


def _links(chapter: ChapterPage) -> tuple[Link, ...]:
    """The addresses of the outline, and those that stand in the text."""
    found = {link.url: link for link in chapter.sources.outline.links}
    for page in chapter.sections:
        for block in walk(page.section.blocks):
            for text in texts(block):
                for url, linked in groupby(runs(text), key=lambda one: one.link):
                    if url.startswith(("http://", "https://")):
                        found.setdefault(url, Link(title=words_in(linked), url=url))
    return tuple(found.values())
