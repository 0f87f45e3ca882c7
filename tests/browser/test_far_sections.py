"""Sections far from the window: laid out late, found at once, nothing of them cut off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import Watched, until

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., Watched]

FAR = "article > section:last-of-type"
IS_LAID_OUT = f"document.querySelector('{FAR} p').checkVisibility({{contentVisibilityAuto: true}})"


def top_of(page: Page, selector: str) -> float:
    return float(page.locator(selector).evaluate("one => one.getBoundingClientRect().top"))


def test_what_is_far_away_is_laid_out_when_it_comes_near(
    open_page: Open, sample_page: Path
) -> None:
    page = open_page(sample_page, viewport={"width": 1440, "height": 300}).page
    assert not page.evaluate(IS_LAID_OUT)
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    until(page, IS_LAID_OUT)
    page.emulate_media(media="print")
    page.evaluate("scrollTo(0, 0)")
    until(page, IS_LAID_OUT)


@pytest.mark.parametrize("width", [390, 1440])
def test_a_link_leads_to_a_passage_whatever_lies_between(
    open_page: Open, sample_page: Path, width: int
) -> None:
    address = f"{sample_page.as_uri()}#s0009"
    page = open_page(address, viewport={"width": width, "height": 400}).page
    bar = page.locator(".bar").evaluate("bar => bar.offsetHeight")
    landed = "Math.abs(document.querySelector('#s0009').getBoundingClientRect().top - %d) < 40"
    until(page, landed % bar)
    page.evaluate("location.hash = 's0002'")
    page.evaluate("location.hash = 's0008'")
    assert bar <= top_of(page, "#s0008") < bar + 40


@pytest.mark.parametrize("width", [390, 800, 1440])
def test_the_times_in_the_margin_are_not_cut_off(
    open_page: Open, sample_page: Path, width: int
) -> None:
    page = open_page(sample_page, viewport={"width": width, "height": 900}).page
    cut = page.evaluate("""[...document.querySelectorAll('section .time')].filter((time) => {
        time.scrollIntoView({ block: 'center' });
        const { left, right, top, bottom } = time.getBoundingClientRect();
        return document.elementFromPoint(left + 2, (top + bottom) / 2) !== time
            || document.elementFromPoint(right - 2, (top + bottom) / 2) !== time;
    }).map((time) => time.outerHTML)""")
    assert cut == []


@pytest.mark.parametrize("width", [390, 1440])
def test_a_section_that_is_not_laid_out_has_room_for_what_is_in_it(
    open_page: Open, sample_page: Path, width: int
) -> None:
    page = open_page(sample_page, viewport={"width": width, "height": 900}).page
    heights = """[...document.querySelectorAll('article > section')]
        .map((section) => { section.style.contentVisibility = '%s'; return section; })
        .map((section) => section.offsetHeight)"""
    real = page.evaluate(heights % "visible")
    kept = page.evaluate(
        "[...document.querySelectorAll('article > section')].map((section) =>"
        " parseFloat(getComputedStyle(section).containIntrinsicBlockSize.split(' ')[1]))"
    )
    assert all(low <= room <= 2 * low + 300 for low, room in zip(real, kept, strict=True))
