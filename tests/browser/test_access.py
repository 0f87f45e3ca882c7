"""axe-core finds nothing to complain about, in both themes, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import Served, Watched

if TYPE_CHECKING:
    from playwright.sync_api import Page

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")


def violations(page: Page) -> list[str]:
    """What axe-core finds, a line for each element."""
    found = axe.Axe().run(page, options={"runOnly": {"type": "tag", "values": [
        "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice",
    ]}})  # fmt: skip
    return [
        f"{one['id']}: {node['html'][:150]} {node['failureSummary'][:300]}"
        for one in found.response["violations"]
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_chapter_has_no_violation(
    open_page: Callable[..., Watched], served: Served, scheme: str, width: int
) -> None:
    page = open_page(
        f"{served.address}/sample/",
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
        bypass_csp=True,  # axe itself is injected
    ).page
    assert violations(page) == []
    page.click(".about:has(#about) summary")
    page.click("#s0003 .said summary")
    page.click("#s0004 .at .time")
    page.wait_for_selector(".passage.spoken")
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_dialogs_have_no_violation(
    open_page: Callable[..., Watched], served: Served, scheme: str
) -> None:
    page = open_page(f"{served.address}/sample/", color_scheme=scheme, bypass_csp=True).page
    page.keyboard.press("/")
    page.fill("dialog.search input", "tokens")
    page.wait_for_selector(".search li")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.click("a.zoom >> nth=0")
    page.wait_for_selector(".lightbox img")
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_library_has_no_violation(
    open_page: Callable[..., Watched], served: Served, scheme: str
) -> None:
    page = open_page(served.address, color_scheme=scheme, bypass_csp=True).page
    assert violations(page) == []
