"""A chapter's own page as a page of a book."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.book.facts import ChapterFacts
from pipeline.book.pages import chapter_page
from pipeline.book.terms import Term, TermOccurrence
from pipeline.render.files import render_chapter
from pipeline.render.load import sources_of
from pipeline.settings.render import RenderSettings
from tests.render.sample import sample_workspace

FIRST = ChapterFacts(
    number=1, name="first", title="Bytes & <letters>", summary="", lecturer="", length_ms=1,
    language="en", direction="ltr", picture=None, passed=0, cells=0, sections=(), links=(),
    url=None, made_on="",
)  # fmt: skip
SECOND = replace(FIRST, number=2, name="second", title="Byte Pair Encoding")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    workspace = sample_workspace(tmp_path_factory.mktemp("output") / "second")
    rendered = render_chapter(sources_of(workspace), RenderSettings())
    return chapter_page(
        rendered.files["index.html"].decode(), "A course", (FIRST, SECOND), SECOND, {}
    )


def test_the_side_bar_lists_all_chapters_and_marks_this_one(page: str) -> None:
    side = page.partition('<nav class="contents"')[2].partition("</nav>")[0]
    listed = re.findall(r'<a href="([^"#]+)"( aria-current="page")?>.*?<span>(.*?)</span>', side)
    assert listed == [
        ("../../first/render/index.html", "", "Bytes &amp; &lt;letters&gt;"),
        ("../../second/render/index.html", ' aria-current="page"', "Byte Pair Encoding"),
    ]


def test_sections_are_numbered_within_the_book(page: str) -> None:
    headings = re.findall(r"<h2 .*?</h2>", page, re.DOTALL)
    assert len(headings) == 6
    for number, heading in enumerate(headings, start=1):
        assert f'<span class="number">2.{number}</span>' in heading
    assert page.count('<span class="number">2.3</span>') == 2  # contents and heading


def test_the_page_links_to_its_book(page: str) -> None:
    (link,) = re.findall(r'<a class="icon home".*?>', page)
    assert 'href="../../index.html"' in link and "hidden" not in link


def test_a_term_is_linked_over_a_name_that_is_kept_whole(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path / "output" / "second")
    html = render_chapter(sources_of(workspace), RenderSettings()).files["index.html"].decode()
    place = TermOccurrence(1, "p1", 0)
    earlier = {"utf 8": Term("UTF-8", "term", place, "")}
    linked = chapter_page(html, "A course", (FIRST, SECOND), SECOND, earlier)
    found = re.search(r'<a class="term"[^>]*>(.*?)</a>', linked)
    assert found and found[1] == '<span class="whole">UTF-8</span>'
