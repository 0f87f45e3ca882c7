"""The whole book as one EPUB 3, written chapter by chapter so that memory stays small."""

from __future__ import annotations

import uuid
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self

from markupsafe import Markup

from pipeline.book.facts import ChapterFacts
from pipeline.book.pages import Book, environment
from pipeline.book.references import references
from pipeline.book.term_links import link_terms
from pipeline.book.terms import Term, TermOccurrence
from pipeline.i18n.page import direction, words_for
from pipeline.render.about import about
from pipeline.render.assets import epub_style
from pipeline.render.chapter import ChapterPage
from pipeline.render.formats.epub import EPOCH, PICTURE_KINDS, body_of, pictures_of
from pipeline.render.formats.xhtml import to_xhtml


@dataclass
class _Contents:
    """What the book's list of files will say."""

    pages: list[tuple[str, bool]] = field(default_factory=list)
    pictures: list[tuple[str, str]] = field(default_factory=list)
    anchors: dict[tuple[int, str], str] = field(default_factory=dict)


class BookEpub:
    """``with BookEpub(path) as epub: epub.add(...) ...; epub.finish(book)``.

    The file appears under its name only when it is finished. The same chapters give the same bytes.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._temporary = path.with_name(f".{path.name}.part")
        self._contents = _Contents()

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._zip = zipfile.ZipFile(self._temporary, "w")
        # Readers recognise the format by this first entry, which must not be compressed.
        self._zip.writestr(zipfile.ZipInfo("mimetype", EPOCH), b"application/epub+zip")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()
        if kind is None:
            self._temporary.replace(self._path)
        else:
            self._temporary.unlink(missing_ok=True)

    def add(self, facts: ChapterFacts, chapter: ChapterPage, earlier: Mapping[str, Term]) -> None:
        """Write one chapter: its opening page, its sections, how it was made, its pictures."""
        prefix = f"c{facts.number:03d}"
        pictures, names = pictures_of(chapter)
        renamed = {old: f"images/{prefix}-{PurePosixPath(old).name}" for old in pictures}
        for old, data in pictures.items():
            self._write(renamed[old], data)
            self._contents.pictures.append((renamed[old], PICTURE_KINDS[_suffix(old)]))
        places = {src: renamed[name] for src, name in names.items()}
        values = {
            "chapter": chapter,
            "title": f"{facts.number}. {facts.title}",
            "about": about(chapter),
            "w": chapter.words,
            "time_link": lambda ms: Markup(to_xhtml(chapter.pieces.time_link(ms, "time"))),
        }
        self._page(f"{prefix}.xhtml", "epub/title.xhtml.j2", values)
        links = self._links(facts, earlier)
        for page in chapter.sections:
            name = f"{prefix}-s{page.number:03d}.xhtml"
            html = body_of(link_terms(page.prose.html, links), chapter, places)
            self._page(name, "epub/section.xhtml.j2", values | {"page": page, "html": html})
            self._contents.anchors[facts.number, page.anchor] = name
            for passage in page.prose.passages:
                target = f"{name}#{passage.anchor}"
                self._contents.anchors[facts.number, passage.anchor] = target
        self._page(f"{prefix}-about.xhtml", "epub/about.xhtml.j2", values)

    def finish(self, book: Book) -> None:
        """Write the book's own pages and its lists of contents."""
        words = words_for(book.language)
        values = {
            "book": book,
            "chapters": book.chapters,
            "pages": self._contents.pages,
            "pictures": self._contents.pictures,
            "terms": book.terms,
            "references": references(book.chapters),
            "address": self._address,
            "w": words,
            "language": book.language,
            "direction": direction(book.language),
            "identifier": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, _identity(book.chapters))}",
            "modified": f"{max((c.made_on for c in book.chapters), default='') or '2000-01-01'}"
            "T00:00:00Z",
        }
        for name in ("glossary", "references"):
            self._page(f"{name}.xhtml", f"book/{name}.xhtml.j2", values)
        self._page("cover.xhtml", "book/cover.xhtml.j2", values)
        self._page("nav.xhtml", "book/nav.xhtml.j2", values, listed=False)
        self._page("toc.ncx", "book/toc.ncx.j2", values, listed=False)
        self._page("content.opf", "book/content.opf.j2", values, listed=False)
        self._write("style.css", epub_style().encode())
        container = environment().get_template("epub/container.xml.j2").render()
        self._write("META-INF/container.xml", container.encode(), folder="")

    def _links(
        self, facts: ChapterFacts, earlier: Mapping[str, Term]
    ) -> dict[str, tuple[str, str]]:
        label = words_for(facts.language)["explained"]
        return {
            key: (self._address(term.introduced), label.format(number=term.introduced.chapter))
            for key, term in earlier.items()
            if term.introduced.chapter < facts.number
        }

    def _address(self, place: TermOccurrence) -> str:
        return self._contents.anchors[place.chapter, place.anchor]

    def _page(
        self, name: str, template: str, values: Mapping[str, object], listed: bool = True
    ) -> None:
        text = environment().get_template(template).render(values)
        if listed:
            self._contents.pages.append((name, "<math" in text))
        self._write(name, text.encode("utf-8", "replace"))

    def _write(self, name: str, data: bytes, folder: str = "OEBPS/") -> None:
        entry = zipfile.ZipInfo(folder + name, EPOCH)
        entry.external_attr = 0o644 << 16
        packed = _suffix(name) in PICTURE_KINDS
        entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        self._zip.writestr(entry, data)


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix


def _identity(chapters: Sequence[ChapterFacts]) -> str:
    return "\n".join(chapter.name for chapter in chapters)
