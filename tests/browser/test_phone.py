"""The chapter on a phone: nothing over the edge, nothing that stands alone on a line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.browser.conftest import Watched, lay_out_all

Open = Callable[..., Watched]

# Passages whose signs (the link, the speaker's own words) do not stand behind their last letter.
LONELY = """() => [...document.querySelectorAll('.passage:not(.solid) > .tail')].filter((tail) => {
  const walker = document.createTreeWalker(tail.parentElement, NodeFilter.SHOW_TEXT);
  let last = null;
  for (let node = walker.nextNode(); node && !tail.contains(node); node = walker.nextNode())
    if (node.textContent.trim()) last = node;
  const letter = document.createRange();
  const end = last.textContent.trimEnd().length;
  letter.setStart(last, end - 1);
  letter.setEnd(last, end);
  const { bottom } = letter.getBoundingClientRect();
  return [...tail.querySelectorAll('.here, summary')].some(
    (sign) => sign.getClientRects()[0].top > bottom);
}).map((tail) => tail.parentElement.id)"""


def test_on_a_phone_nothing_runs_over_the_edge(open_page: Open, sample_page: Path) -> None:
    page = open_page(sample_page, viewport={"width": 360, "height": 740}, has_touch=True).page
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.locator(".contents").is_hidden()
    page.click("[data-do=contents]")
    page.click(".contents a >> text=The same with minbpe")
    assert page.locator(".contents").is_hidden()
    assert page.locator("h2 >> text=The same with minbpe").is_visible()


def test_no_sign_stands_alone_on_a_line(open_page: Open, sample_page: Path) -> None:
    page = open_page(sample_page, viewport={"width": 340, "height": 844}, has_touch=True).page
    lay_out_all(page)
    for width in range(340, 432, 4):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate(LONELY) == [], width


def test_no_line_ends_within_a_name_with_a_hyphen(open_page: Open, sample_page: Path) -> None:
    page = open_page(sample_page, viewport={"width": 340, "height": 844}, has_touch=True).page
    lay_out_all(page)
    lines = (
        "[...document.querySelectorAll('section .whole')].map((it) => it.getClientRects().length)"
    )
    for width in range(340, 432, 4):
        page.set_viewport_size({"width": width, "height": 844})
        found = page.evaluate(lines)
        assert len(found) > 3 and set(found) == {1}, width
    assert "UTF-8 is a stream" in page.inner_text("article")
