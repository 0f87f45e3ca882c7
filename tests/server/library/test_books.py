"""The library knows the books and which chapters are theirs."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from pipeline.render.library_index import rendered
from pipeline.server.library.books import BookPosition, book_cards, books, places
from pipeline.server.library.cards import cards
from pipeline.server.library.page import Library
from tests.render.sample import sample_workspace
from tests.server.books import put_book


def put_chapter(output: Path, name: str) -> None:
    """A lecture with a page that the library takes for a chapter."""
    root = sample_workspace(output / name).root
    (root / "render" / "assets").mkdir(parents=True)
    (root / "render" / "index.html").write_text("page")
    (root / "render" / "assets" / "f0001-small.webp").write_bytes(b"picture")


def page_of(output: Path) -> str:
    """The library page."""
    library = Library(output)
    return library.page(library.look(), "en").data.decode()


@pytest.fixture(scope="module")
def chapters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shelf")
    put_chapter(folder, "one")
    put_chapter(folder, "two")
    return folder


@pytest.fixture
def output(tmp_path: Path, chapters: Path) -> Path:
    shutil.copytree(chapters, tmp_path, dirs_exist_ok=True)
    put_book(tmp_path, "course", "A <course>", ("two", 1), ("broken", None), ("one", 2))
    return tmp_path


def test_a_book_says_its_chapters_length_and_first_picture(output: Path) -> None:
    [card] = book_cards(books(output), cards(output, rendered(output)))
    assert (card.title, card.chapters, card.length_ms) == ("A <course>", 2, 2 * 202_776)
    assert card.first is not None
    assert (card.first.name, card.first.picture) == ("two", "f0001-small.webp")


def test_a_chapter_knows_its_place_in_every_book(output: Path) -> None:
    put_book(output, "other", "Other", ("one", 1))
    found = places(books(output))
    assert sorted(found["one"], key=lambda place: place.book) == [
        BookPosition("course", "A <course>", 2),
        BookPosition("other", "Other", 1),
    ]
    assert "broken" not in found


def test_the_page_links_books_above_chapters_and_escapes_their_titles(output: Path) -> None:
    page = page_of(output)
    assert page.index('href="/books/course/index.html"') < page.index('href="/one/render')
    assert "A &lt;course&gt;" in page and "<course>" not in page
    assert "2 chapters" in page and "6 min 45 s" in page
    assert "Chapter 2 of “A &lt;course&gt;”" in page


def test_without_books_the_page_speaks_of_none(output: Path) -> None:
    (output / "books" / "course" / "index.html").unlink()
    page = page_of(output)
    assert "Books" not in page and "/books/" not in page


def test_a_damaged_or_unfinished_book_is_left_out(output: Path) -> None:
    (put_book(output, "damaged", "Damaged") / "book.json").write_text("{")
    (put_book(output, "begun", "Begun") / "index.html").unlink()
    (put_book(output, "odd", "Odd") / "book.json").write_text('{"title": 7}')
    assert [book.name for book in books(output)] == ["course"]


def test_a_book_that_grew_is_seen_at_once(output: Path) -> None:
    library = Library(output)
    assert "2 chapters" in library.page(library.look(), "en").data.decode()
    path = output / "books" / "course" / "book.json"
    path.write_text(path.read_text().replace('"chapter": null', '"chapter": 3'))
    os.utime(path, ns=(1, 1))  # Even within the clock's resolution the time of change differs.
    assert "3 chapters" in library.page(library.look(), "en").data.decode()


def test_a_book_outlives_the_folders_of_its_lectures(output: Path) -> None:
    for name in ("one", "two"):
        (output / name / "render" / "index.html").unlink()
    [card] = book_cards(books(output), cards(output, rendered(output)))
    assert (card.chapters, card.length_ms, card.first) == (2, 0, None)
    assert "A &lt;course&gt;" in page_of(output)
