"""The chapter's search index: what can be found, as a script that works from a file, too."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.document.blocks import Heading
from pipeline.document.walk import walk
from pipeline.render.chapter import ChapterPage, SectionPage
from pipeline.render.html.prose import PageHeading
from pipeline.render.script_data import call

Entry = tuple[str, int, str, str, str]


def search_index(chapter: ChapterPage) -> str:
    """A script that calls ``lectureIndex(chapter)``.

    The chapter is ``{id, title, language, entries}``; an entry is ``[anchor, start in ms, section
    title, text, kind]``, in the order of the page: a section's title (``title``), its passages
    (an empty kind), headings (``heading``), captions (``caption``) and the words on the screens
    that its figures show (``screen``).
    """
    entries: list[Entry] = []
    frames = {frame.id: frame for frame in chapter.sources.segments.frames}
    for page in chapter.sections:
        title = page.section.title
        entries.append((page.anchor, page.section.start_ms, title, title, "title"))
        for passage in page.prose.passages:
            if passage.text:
                entries.append((passage.anchor, passage.span.start_ms, title, passage.text, ""))
        entries += _headings(page)
        for figure in page.prose.figures:
            if figure.caption:
                entries.append((figure.anchor, figure.at_ms, title, figure.caption, "caption"))
            if text := " ".join(frames[figure.frame].text.split()):
                entries.append((figure.anchor, figure.at_ms, title, text, "screen"))
    return call(
        "lectureIndex",
        {
            "id": chapter.sources.name,
            "title": chapter.sources.article.title,
            "language": chapter.language,
            "entries": entries,
        },
    )


def _headings(page: SectionPage) -> Iterator[Entry]:
    """Those on the page; the moment of each is that of the first block behind it that has one."""
    shown = iter(page.prose.headings)
    title, moment = page.section.title, page.section.start_ms
    waiting: list[PageHeading] = []
    for block in walk(page.section.blocks):
        if isinstance(block, Heading):
            waiting += [found] if (found := next(shown, None)) else []
        elif block.moment_ms is not None:
            moment = block.moment_ms
            yield from ((one.anchor, moment, title, one.text, "heading") for one in waiting)
            waiting = []
    yield from ((one.anchor, moment, title, one.text, "heading") for one in waiting)
