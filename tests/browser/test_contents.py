"""The contents list: headings with their seconds, what is being read, how much has been."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

from tests.browser.conftest import Watched, until

Open = Callable[..., Watched]


def test_headings_are_folded_and_lead_to_their_place(open_page: Open, sample_page: Path) -> None:
    page = open_page(sample_page, reduced_motion="reduce").page
    heading = page.locator(".contents .sub a >> text=Three merges on one string")
    assert heading.is_hidden()
    fold = page.locator(".contents .fold")
    assert fold.get_attribute("aria-expanded") == "false"
    fold.click()
    assert heading.is_visible()
    passage = "#three-merges-on-one-string ~ .passage .at .time >> nth=0"
    assert page.text_content(".contents .sub .when") == page.text_content(passage)
    heading.click()
    until(page, "location.hash === '#three-merges-on-one-string'")
    page.wait_for_selector(".contents .sub a.reading >> text=Three merges on one string")
    fold.click()
    assert heading.is_hidden()


def test_the_section_being_read_unfolds_and_folds_again(open_page: Open, sample_page: Path) -> None:
    page = open_page(sample_page, reduced_motion="reduce").page
    page.click(".contents a >> text=The algorithm in three steps")
    page.wait_for_selector(".contents .sub:not([hidden])")
    page.click(".contents a >> text=The same with minbpe")
    page.wait_for_selector(".contents .sub", state="hidden")


def test_the_line_and_the_number_say_how_much_has_been_read(
    open_page: Open, sample_page: Path
) -> None:
    page = open_page(sample_page, reduced_motion="reduce").page
    assert page.inner_text(".part-read") == ""
    page.evaluate("scrollTo(0, document.body.scrollHeight / 2)")
    until(page, "/^[3-7]\\d% read$/.test(document.querySelector('.part-read').textContent)")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    until(page, "document.querySelector('.part-read').textContent === '100% read'")
    until(page, "document.querySelector('.bar-read').value === 1")


def test_each_press_of_the_theme_button_changes_something_and_says_what(
    open_page: Open, sample_page: Path
) -> None:
    for scheme in ("light", "dark"):
        page = open_page(sample_page, color_scheme=scheme).page
        ground = "getComputedStyle(document.body).backgroundColor"
        seen = [page.evaluate(ground)]
        for _ in range(3):
            page.click("[data-do=theme]")
            page.wait_for_selector(".toast.on >> text=Colours: ")
            seen.append(page.evaluate(ground))
        assert all(one != other for one, other in itertools.pairwise(seen))
