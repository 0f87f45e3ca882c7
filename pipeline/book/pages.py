"""The book's own pages, and each chapter's page with its place in the book."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from urllib.parse import quote

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from pipeline.book.facts import ChapterFacts
from pipeline.book.record import BookEntry, BookRecord
from pipeline.book.references import references
from pipeline.book.term_links import link_terms
from pipeline.book.terms import Term, TermOccurrence
from pipeline.errors import RenderError
from pipeline.i18n.page import direction, words_for
from pipeline.render.assets import asset_files, shared_script
from pipeline.render.html.icons import icon
from pipeline.render.html.typography import typographic
from pipeline.render.html.whole_words import keep_whole, without_whole
from pipeline.render.page import SCRIPT_WORDS
from pipeline.render.security_policy import linked_policy
from pipeline.timecode import clock, spoken_length

_SECTION_NUMBER = re.compile(r'<span class="number">(\d+)</span>')


@dataclass(frozen=True)
class Book:
    """A book ready for its pages: chapters in order, terms sorted."""

    title: str
    chapters: tuple[ChapterFacts, ...]
    terms: tuple[Term, ...]
    record: BookRecord

    @property
    def language(self) -> str:
        """The first chapter's."""
        return self.chapters[0].language if self.chapters else "en"


@cache
def environment() -> Environment:
    """The book's templates, and the chapter's that they extend."""
    loader = ChoiceLoader([PackageLoader("pipeline.book"), PackageLoader("pipeline.render")])
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    made.globals |= {"icon": icon, "clock": clock, "length": spoken_length}
    made.filters["typographic"] = typographic
    return made


def book_files(book: Book) -> dict[str, bytes]:
    """``index.html``, ``glossary.html``, ``references.html``, ``library.js`` (for the search) and
    ``assets/``."""
    values = {
        "book": book,
        "chapters": book.chapters,
        "names": {chapter.number: chapter.name for chapter in book.chapters},
        "terms": book.terms,
        "anchors": [anchor_of(term) for term in book.terms],
        "references": references(book.chapters),
        "missing": [entry for entry in book.record.entries if is_missing(entry)],
        "total_ms": sum(chapter.length_ms for chapter in book.chapters),
        "passed": sum(chapter.passed for chapter in book.chapters),
        "cells": sum(chapter.cells for chapter in book.chapters),
        "w": words_for(book.language),
        "language": book.language,
        "direction": direction(book.language),
        "csp": linked_policy(),
        "script_words": SCRIPT_WORDS,
    }
    pages = {
        f"{name}.html": environment().get_template(f"{name}.html.j2").render(values)
        for name in ("index", "glossary", "references")
    }
    names = json.dumps([chapter.name for chapter in book.chapters], ensure_ascii=False)
    texts = pages | {
        "library.js": f"lectureLibrary({names});\n",
        "assets/book.js": shared_script(),
        "assets/book.css": _style(),
    }
    made = {name: text.encode("utf-8", "replace") for name, text in texts.items()}
    wanted = {name: data for name, data in asset_files().items() if name != "chapter.js"}
    return made | {f"assets/{name}": data for name, data in wanted.items()}


def chapter_page(
    html: str,
    book_title: str,
    chapters: Sequence[ChapterFacts],
    chapter: ChapterFacts,
    earlier: Mapping[str, Term],
) -> str:
    """A chapter's own page as a page of the book.

    Args:
        html: ``render/index.html`` of the lecture.
        book_title: the book's.
        chapters: all of the book.
        chapter: this one.
        earlier: terms that earlier chapters introduce, by key; the first mention of each here links
            to there.

    Raises:
        RenderError: the page has no ``<article>`` to put the book's navigation into.
    """
    words = words_for(chapter.language)
    names = {one.number: one.name for one in chapters}
    links = {
        key: (_there(names, term.introduced), words["explained"].format(number=number))
        for key, term in earlier.items()
        if (number := term.introduced.chapter) < chapter.number
    }
    for mark in ("</head>", "<article>", "</article>"):
        if html.count(mark) != 1:
            raise RenderError(f"{chapter.name}: its page holds {html.count(mark)} {mark}, not one")
    html = _with_chapters(html, book_title, chapters, chapter)
    before = _navigation(words, book_title, chapters, chapter, "before")
    after = _navigation(words, book_title, chapters, chapter, "after")
    html = keep_whole(link_terms(without_whole(html), links))
    html = html.replace(
        "</head>", '<link rel="stylesheet" href="../../assets/book.css">\n</head>', 1
    )
    return html.replace("<article>", f"<article>\n{before}", 1).replace(
        "</article>", f"{after}\n</article>", 1
    )


def _with_chapters(
    html: str, book_title: str, chapters: Sequence[ChapterFacts], chapter: ChapterFacts
) -> str:
    """All chapters above the page's contents, its sections numbered within the book, and its link
    to the library as one to the book."""
    items = "".join(
        f'<li><a href="../../{quote(one.name)}/render/index.html"{here}>'
        f'<span class="number">{one.number}.</span><span>{escape(one.title)}</span></a></li>'
        for one in chapters
        for here in (' aria-current="page"' if one is chapter else "",)
    )
    html = _SECTION_NUMBER.sub(rf'<span class="number">{chapter.number}.\1</span>', html)
    html = html.replace(
        '<p class="contents-title">',
        f'<details class="book-chapters"><summary>{escape(book_title)}</summary>'
        f'<ol>{items}</ol></details>\n<p class="contents-title">',
        1,
    )
    return html.replace("data-library hidden", 'href="../../index.html"', 1)


def is_missing(entry: BookEntry) -> bool:
    """Whether the entry belongs to the book and is not in it."""
    return entry.state in ("failed", "waiting", "left out")


def anchor_of(term: Term) -> str:
    """The term's anchor on the glossary page."""
    return "term-" + "-".join(term.text.casefold().split())


def _there(names: Mapping[int, str], place: TermOccurrence) -> str:
    """The passage, as another chapter's page sees it."""
    return f"../../{quote(names[place.chapter])}/render/index.html#{place.anchor}"


def _navigation(
    words: Mapping[str, str],
    book_title: str,
    chapters: Sequence[ChapterFacts],
    chapter: ChapterFacts,
    where: str,
) -> str:
    of = words["chapter_of"].format(number=chapter.number, total=len(chapters))
    at = chapter.number - 1
    previous = chapters[at - 1] if at else None
    following = chapters[at + 1] if at + 1 < len(chapters) else None
    parts = [f'<nav class="book-nav {where}" aria-label="{escape(book_title)}">']
    if previous and where == "after":
        parts.append(_step(previous, "prev", "←", ""))
    home = escape(book_title)
    parts.append(f'<a href="../../index.html">{home}</a> <span>{escape(of)}</span>')
    if following and where == "after":
        parts.append(_step(following, "next", "", "→"))
    return "".join([*parts, "</nav>"])


def _step(chapter: ChapterFacts, rel: str, before: str, after: str) -> str:
    title = escape(chapter.title)
    text = " ".join(part for part in (before, f"{chapter.number}. {title}", after) if part)
    css = "next" if rel == "next" else "previous"
    return (
        f'<a class="{css}" rel="{rel}" href="../../{quote(chapter.name)}/render/index.html">'
        f"{text}</a>"
    )


def _style() -> str:
    return (files("pipeline.book") / "static" / "book.css").read_text(encoding="utf-8")
