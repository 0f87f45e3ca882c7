"""The references of all chapters, each address once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.book.facts import ChapterFacts


@dataclass(frozen=True)
class Reference:
    """An address and the numbers of the chapters that name it, in order."""

    title: str
    url: str
    chapters: tuple[int, ...]

    @property
    def is_address(self) -> bool:
        """Whether the title is the address itself, with or without what every address begins with.

        >>> Reference("example.org/a", "https://www.example.org/a/", (1,)).is_address
        True
        """
        return _bare(self.title) == _bare(self.url)


def references(chapters: Sequence[ChapterFacts]) -> list[Reference]:
    """In the order in which the book first names them, under their first title that says more than
    the address."""
    found: dict[str, Reference] = {}
    for chapter in chapters:
        for link in chapter.links:
            before = found.get(link.url)
            numbers = before.chapters if before else ()
            title = link.title.strip() or link.url
            if before and not before.is_address:
                title = before.title
            found[link.url] = Reference(title, link.url, (*numbers, chapter.number))
    return list(found.values())


def _bare(address: str) -> str:
    return re.sub(r"^(https?://)?(www\.)?|/$", "", address)
