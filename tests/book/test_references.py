"""What a book names as references: each address once, under a title that says something."""

from __future__ import annotations

from dataclasses import replace

from pipeline.book.pages import Book, book_files
from pipeline.book.record import BookRecord
from pipeline.book.references import references
from pipeline.document.outline import Link
from tests.book.test_chapter_page import FIRST, SECOND

ADDRESS = "https://www.example.org/paper"


def test_a_title_goes_before_the_address_alone_whichever_is_first() -> None:
    bare = replace(FIRST, links=(Link(title="example.org/paper", url=ADDRESS),))
    titled = replace(SECOND, links=(Link(title="The paper", url=ADDRESS),))
    for chapters in ((bare, titled), (titled, bare)):
        (found,) = references(chapters)
        assert (found.title, sorted(found.chapters)) == ("The paper", [1, 2])
    assert references([bare])[0].is_address and not references([titled])[0].is_address


def test_an_address_is_told_once_and_quotes_are_the_books() -> None:
    one = replace(FIRST, title="Let's begin", links=(Link(title="example.org/paper", url=ADDRESS),))
    record = BookRecord(title="Let's read", sources=(), entries=())
    files = book_files(Book("Let's read", (one,), (), record))
    page = files["references.html"].decode()
    assert page.count("example.org/paper") == 2  # the link and its text
    for name in ("index.html", "references.html"):
        assert "Let’s begin" in files[name].decode() and "Let’s read" in files[name].decode()
