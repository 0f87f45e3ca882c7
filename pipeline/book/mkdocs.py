"""The book as a tree of Markdown that MkDocs builds: ``markdown/mkdocs.yml`` and ``docs/``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from pipeline.book.facts import ChapterFacts
from pipeline.book.pages import Book
from pipeline.book.references import references
from pipeline.book.terms import TermOccurrence
from pipeline.engine.files import write_atomic
from pipeline.i18n.book import book_words
from pipeline.render.chapter import ChapterPage
from pipeline.render.formats.markdown import chapter_markdown
from pipeline.render.html.anchors import slug
from pipeline.render.links import moment_url
from pipeline.timecode import clock, spoken_length


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
    words = book_words(book.language)
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
    """JSON strings are YAML strings."""
    lines = [f"site_name: {_quoted(book.title)}", "theme: mkdocs", "nav:"]
    lines.append(f"  - {_quoted(words['book_contents'])}: index.md")
    for chapter in book.chapters:
        lines.append(f"  - {_quoted(f'{chapter.number}. {chapter.title}')}: {file_name(chapter)}")
    lines.append(f"  - {_quoted(words['glossary'])}: glossary.md")
    lines.append(f"  - {_quoted(words['references'])}: references.md")
    lines += ["markdown_extensions:", "  - tables", "  - fenced_code", "  - sane_lists"]
    return "\n".join(lines) + "\n"


def _index(book: Book, words: Mapping[str, str]) -> str:
    lines = [f"# {book.title}", ""]
    for chapter in book.chapters:
        length = spoken_length(chapter.length_ms)
        lines.append(f"{chapter.number}. [{_text(chapter.title)}]({file_name(chapter)}) ({length})")
    return "\n".join(lines) + "\n"


def _glossary(book: Book, words: Mapping[str, str], chapters: Mapping[int, ChapterFacts]) -> str:
    lines = [f"# {words['glossary']}", ""]
    for term in book.terms:
        name = f"`{term.text}`" if term.kind == "name" else f"**{_text(term.text)}**"
        said = f" “{_text(term.sentence)}”" if term.sentence else ""
        places = [f"{words['introduced']} {_place(term.introduced, words, chapters)}"]
        if term.again:
            again = "; ".join(_place(place, words, chapters) for place in term.again)
            places.append(f"{words['again']} {again}")
        lines.append(f"- {name}:{said} ({'; '.join(places)})")
    return "\n".join(lines if book.terms else [*lines, words["no_terms"]]) + "\n"


def _place(
    place: TermOccurrence, words: Mapping[str, str], chapters: Mapping[int, ChapterFacts]
) -> str:
    chapter = chapters[place.chapter]
    link = f"[{words['chapter_short'].format(number=place.chapter)}]({file_name(chapter)})"
    url = moment_url(chapter.url, None, place.at_ms)
    at = clock(place.at_ms)
    return f"{link}, {f'[{at}]({url})' if url else at}"


def _references(book: Book, words: Mapping[str, str], chapters: Mapping[int, ChapterFacts]) -> str:
    lines = [f"# {words['references']}", "", f"## {words['lectures']}", ""]
    for chapter in book.chapters:
        title = f"[{_text(chapter.title)}]({chapter.url})" if chapter.url else _text(chapter.title)
        by = f"{_text(chapter.lecturer)}: " if chapter.lecturer else ""
        lines.append(f"{chapter.number}. {by}{title}")
    lines += ["", f"## {words['addresses']}", ""]
    found = references(book.chapters)
    for reference in found:
        lines.append(f"- [{_text(reference.title)}](<{reference.url}>)")
    return "\n".join(lines if found else [*lines, words["no_references"]]) + "\n"


def _text(text: str) -> str:
    """Text that is not to be read as Markdown's marks for links and emphasis."""
    for mark in "\\[]*_`<":
        text = text.replace(mark, "\\" + mark)
    return " ".join(text.split())


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
