"""The references of all chapters, each address once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.book.facts import ChapterFacts


@dataclass(frozen=True)
class Reference:
    """An address and the numbers of the chapters that name it, in order."""

    title: str
    url: str
    chapters: tuple[int, ...]


def references(chapters: Sequence[ChapterFacts]) -> list[Reference]:
    """In the order in which the book first names them, under the title of that first time."""
    found: dict[str, Reference] = {}
    for chapter in chapters:
        for link in chapter.links:
            before = found.get(link.url)
            numbers = before.chapters if before else ()
            title = before.title if before else (link.title.strip() or link.url)
            found[link.url] = Reference(title, link.url, (*numbers, chapter.number))
    return list(found.values())
