"""What the library page knows about the books of an output folder, and which chapters are theirs.

A book's folder is written by ``pipeline.book``; read here are only its ``book.json`` (title,
entries) and that it has a contents page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.server.library.cards import LibraryCard


@dataclass(frozen=True)
class LibraryBook:
    """A book that can be read: ``chapters`` are its lectures' ids in the order of the book.

    ``name`` is its folder's in ``books/``; ``changed_ns`` is when its contents page was written.
    """

    name: str
    title: str
    chapters: tuple[str, ...]
    changed_ns: int


@dataclass(frozen=True)
class BookCard:
    """A book for the page: ``first`` is the first of its chapters with a picture, None without.

    ``length_ms`` is that of the chapters whose lectures are still in the output folder;
    ``language`` is the first one's.
    """

    name: str
    title: str
    chapters: int
    length_ms: int
    first: LibraryCard | None
    language: str | None


@dataclass(frozen=True)
class BookPosition:
    """Where a lecture stands in a book; ``number`` from 1."""

    book: str
    title: str
    number: int


class _Entry(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str
    chapter: int | None = None


class _Record(BaseModel):
    model_config = ConfigDict(extra="ignore")

    title: str
    entries: tuple[_Entry, ...]


def books(output: Path) -> tuple[LibraryBook, ...]:
    """The books that have a contents page, the newest first; damaged ones are left out."""
    found = []
    for page in (output / "books").glob("*/index.html"):
        if page.parent.name.startswith("."):
            continue
        try:
            record = page.with_name("book.json")
            changed = page.stat().st_mtime_ns
            found.append(_book(page.parent, changed, record.stat().st_mtime_ns))
        except (OSError, ValidationError):
            continue
    return tuple(sorted(found, key=lambda book: (-book.changed_ns, book.name)))


def book_cards(found: Sequence[LibraryBook], cards: Sequence[LibraryCard]) -> list[BookCard]:
    """The books with what is known of their chapters."""
    by_name = {card.name: card for card in cards}
    made = []
    for book in found:
        own = [by_name[name] for name in book.chapters if name in by_name]
        made.append(
            BookCard(
                name=book.name,
                title=book.title,
                chapters=len(book.chapters),
                length_ms=sum(card.length_ms for card in own),
                first=next((card for card in own if card.picture), None),
                language=own[0].language if own else None,
            )
        )
    return made


def places(found: Sequence[LibraryBook]) -> Mapping[str, list[BookPosition]]:
    """The places of each lecture that is in a book, by the lecture's id."""
    made: dict[str, list[BookPosition]] = {}
    for book in found:
        for number, name in enumerate(book.chapters, start=1):
            made.setdefault(name, []).append(BookPosition(book.name, book.title, number))
    return made


@lru_cache(maxsize=256)
def _book(folder: Path, page_ns: int, record_ns: int) -> LibraryBook:
    """The book in ``folder``; the times tell a changed book from one read before."""
    record = _Record.model_validate_json((folder / "book.json").read_bytes())
    chapters = sorted((one.chapter, one.id) for one in record.entries if one.chapter is not None)
    return LibraryBook(folder.name, record.title, tuple(name for _, name in chapters), page_ns)
