"""What the search finds, in which order, and what it says of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import Watched, lay_out_all

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., Watched]


def found(page: Page, text: str) -> list[dict[str, str]]:
    """The hits for ``text``: kind, place and excerpt of each."""
    if page.locator("dialog.search[open]").count() == 0:
        page.keyboard.press("/")
    page.fill("dialog.search input", text)
    page.wait_for_selector(".search li")
    hits: list[dict[str, str]] = page.evaluate(
        "[...document.querySelectorAll('.search li a')].map(hit => ({"
        " kind: hit.querySelector('.result-kind')?.textContent ?? '',"
        " href: hit.getAttribute('href'),"
        " marked: [...hit.querySelectorAll('mark')].map(one => one.textContent).join('|'),"
        " text: hit.querySelector('.result-text').textContent }))"
    )
    return hits


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("tokns", "tokens"), ("vocabluary", "vocabulary"), ("dictonary", "dictionary")],
)
def test_typing_errors_are_tolerated_and_said(
    open_page: Open, sample_page: Path, typed: str, meant: str
) -> None:
    page = open_page(sample_page).page
    hits = found(page, typed)
    assert any(meant in hit["marked"].lower() for hit in hits)
    assert page.inner_text(".search-status") == f"No “{typed}”: similar words"
    found(page, meant)
    assert page.inner_text(".search-status") == ""


def test_a_word_that_is_there_brings_no_similar_ones(open_page: Open, sample_page: Path) -> None:
    page = open_page(sample_page).page
    for hit in found(page, "steps"):
        assert hit["marked"].lower() == "steps"


def test_words_of_a_slide_are_said_to_be_on_the_screen(open_page: Open, sample_page: Path) -> None:
    hit = found(open_page(sample_page).page, "ZabdZabac")[0]
    assert (hit["kind"], hit["href"]) == ("On the screen", "#f0004-4")


def test_headings_and_captions_are_found(open_page: Open, sample_page: Path) -> None:
    page = open_page(sample_page).page
    heading = [hit for hit in found(page, "merges on one") if hit["kind"] == "Heading"]
    assert [hit["href"] for hit in heading] == ["#three-merges-on-one-string"]
    caption = [hit for hit in found(page, "eleven letters become") if hit["kind"] == "Caption"]
    assert [(hit["href"], hit["text"]) for hit in caption] == [
        ("#f0004-4", "Eleven letters become five tokens")
    ]


def test_passages_come_before_titles(open_page: Open, sample_page: Path) -> None:
    kinds = [hit["kind"] for hit in found(open_page(sample_page).page, "vocabulary")]
    assert kinds[0] == ""
    assert kinds[-1] == "Section"
    passages = [at for at, kind in enumerate(kinds) if kind == ""]
    others = [at for at, kind in enumerate(kinds) if kind != ""]
    assert max(passages) < min(others)


def test_excerpts_are_of_whole_words(open_page: Open, sample_page: Path) -> None:
    page = open_page(sample_page).page
    lay_out_all(page)
    words = set(page.inner_text("article").split())
    for query in ("neighbors", "compress", "dictionary", "encoding"):
        for hit in found(page, query):
            shown = hit["text"].strip("… ").split()
            assert shown[0] in words or hit["kind"] == "On the screen"
            assert shown[-1] in words or hit["kind"] == "On the screen"
            assert query in hit["marked"].lower()


@pytest.mark.parametrize(
    ("typed", "marked"), [("語", "語|語|語"), ("単語", "単語"), ("ค", "ค"), ("word", "words")]
)
def test_of_a_single_character_that_one_is_marked(
    open_page: Open, sample_page: Path, typed: str, marked: str
) -> None:
    page = open_page(sample_page).page
    page.evaluate(
        "text => lectureIndex({id: document.body.dataset.chapter, title: 't',"
        " entries: [['a', 0, 's', text]]})",
        "この単語は、言語の語。คำ words",
    )
    assert [hit["marked"] for hit in found(page, typed)] == [marked]
