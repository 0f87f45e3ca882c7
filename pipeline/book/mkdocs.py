"""The book as a tree of Markdown that MkDocs builds: ``markdown/mkdocs.yml`` and ``docs/``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path, PurePosixPath

from pipeline.book.facts import ChapterFacts
from pipeline.book.pages import Book
from pipeline.book.references import references
from pipeline.book.terms import TermOccurrence
from pipeline.document.blocks import AnyBlock, Heading, List, Paragraph
from pipeline.document.dialect import as_address, is_address
from pipeline.document.inline import from_words, write
from pipeline.document.runs import Run, tidied
from pipeline.document.serialise import serialise
from pipeline.engine.files import write_atomic
from pipeline.i18n.page import words_for
from pipeline.render.chapter import ChapterPage
from pipeline.render.formats.markdown import PortableForms, chapter_markdown
from pipeline.render.html.anchors import slug
from pipeline.render.links import moment_url
from pipeline.timecode import clock, spoken_length

_Parts = Sequence[Run | str]  # of a text: words, and runs as they are


def file_name(chapter: ChapterFacts) -> str:
    """The chapter's file in ``docs/``; the names sort in the order of the book."""
    return f"{chapter.number:03d}-{slug(chapter.title)[:60]}.md"


def write_chapter(folder: Path, facts: ChapterFacts, chapter: ChapterPage) -> set[Path]:
    """Write one chapter and its pictures; the files written."""
    docs = folder / "docs"
    text = chapter_markdown(chapter, f"assets/{facts.name}")
    written = {docs / file_name(facts)}
    write_atomic(docs / file_name(facts), text.encode("utf-8", "replace"))
    pictures = {one.src: one.files[one.src] for one in chapter.pictures.values()}
    drawings = {one.src: one.data for one in chapter.pieces.drawings.values()}
    for src, data in (pictures | drawings).items():
        path = docs / "assets" / facts.name / PurePosixPath(src).name
        if not path.is_file() or path.read_bytes() != data:
            write_atomic(path, data)
        written.add(path)
    return written


def write_frame(folder: Path, book: Book) -> set[Path]:
    """Write ``mkdocs.yml`` and the pages that are the book's own; the files written."""
    words = words_for(book.language)
    chapters = {chapter.number: chapter for chapter in book.chapters}
    texts = {
        "mkdocs.yml": _mkdocs(book, words),
        "docs/index.md": _index(book, words),
        "docs/glossary.md": _glossary(book, words, chapters),
        "docs/references.md": _references(book, words, chapters),
    }
    for name, text in texts.items():
        write_atomic(folder / name, text.encode("utf-8", "replace"))
    return {folder / name for name in texts}


def _mkdocs(book: Book, words: Mapping[str, str]) -> str:
    """JSON strings are YAML strings; MkDocs puts titles into its pages as HTML."""
    lines = [f"site_name: {_quoted(book.title)}", "theme: mkdocs", "nav:"]
    lines.append(f"  - {_quoted(words['book_contents'])}: index.md")
    for chapter in book.chapters:
        lines.append(f"  - {_quoted(f'{chapter.number}. {chapter.title}')}: {file_name(chapter)}")
    lines.append(f"  - {_quoted(words['glossary'])}: glossary.md")
    lines.append(f"  - {_quoted(words['references'])}: references.md")
    extensions = ("tables", "fenced_code", "sane_lists", "footnotes")
    lines += ["markdown_extensions:", *(f"  - {name}" for name in extensions)]
    return "\n".join(lines) + "\n"


def _quoted(title: str) -> str:
    return json.dumps(escape(title, quote=False), ensure_ascii=False)


def _index(book: Book, words: Mapping[str, str]) -> str:
    items: list[_Parts] = [
        [_link(chapter.title, file_name(chapter)), f" ({spoken_length(chapter.length_ms)})"]
        for chapter in book.chapters
    ]
    return _page(_heading(1, book.title), _list(items, ordered=True))


def _glossary(book: Book, words: Mapping[str, str], chapters: Mapping[int, ChapterFacts]) -> str:
    items: list[_Parts] = []
    for term in book.terms:
        name = Run("code", term.text)
        if term.kind != "name":
            name = Run("text", term.text, frozenset({"strong"}))
        said = f": “{term.sentence}” (" if term.sentence else ": ("
        item: list[Run | str] = [
            name,
            said,
            f"{words['introduced']} ",
            *_place(term.introduced, words, chapters),
        ]
        for at, place in enumerate(term.again):
            item.append("; " if at else f"; {words['again']} ")
            item += _place(place, words, chapters)
        items.append([*item, ")"])
    return _page(_heading(1, words["glossary"]), _list(items) or _paragraph([words["no_terms"]]))


def _place(
    place: TermOccurrence, words: Mapping[str, str], chapters: Mapping[int, ChapterFacts]
) -> list[Run | str]:
    chapter = chapters[place.chapter]
    url = moment_url(chapter.url, None, place.at_ms)
    number = words["chapter_short"].format(number=place.chapter)
    return [_link(number, file_name(chapter)), ", ", _link(clock(place.at_ms), url or "")]


def _references(book: Book, words: Mapping[str, str], chapters: Mapping[int, ChapterFacts]) -> str:
    lectures: list[_Parts] = [
        [f"{chapter.lecturer}: " if chapter.lecturer else "", _link(chapter.title, chapter.url)]
        for chapter in book.chapters
    ]
    found: list[_Parts] = [[_link(one.title, one.url)] for one in references(book.chapters)]
    return _page(
        _heading(1, words["references"]),
        _heading(2, words["lectures"]),
        _list(lectures, ordered=True),
        _heading(2, words["addresses"]),
        _list(found) or _paragraph([words["no_references"]]),
    )


def _page(*blocks: AnyBlock | None) -> str:
    return serialise([block for block in blocks if block], PortableForms())


def _heading(level: int, words: str) -> Heading:
    return Heading(level=level, text=from_words(words))


def _list(items: Sequence[_Parts], ordered: bool = False) -> List | None:
    """A list with a text for each item; None for no items."""
    if not items:
        return None
    return List(ordered=ordered, items=tuple((_paragraph(item),) for item in items))


def _paragraph(parts: _Parts) -> Paragraph:
    runs = [Run("text", one) if isinstance(one, str) else one for one in parts]
    return Paragraph(text=write(tidied(runs)))


def _link(words: str, address: str | None) -> Run:
    """A link; plain words where there is no address, or none that a link may have."""
    return Run("text", words, link=as_address(address) if address and is_address(address) else "")
