"""Formulas as they are drawn, by their pictures: the bundled font has what they need."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.artifacts import CHECKED
from pipeline.engine.workspace import to_json
from tests.browser.conftest import Watched, until, write_rendered
from tests.browser.formulas import chapter_of_formulas, ink
from tests.render.sample import sample_workspace

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., Watched]


@pytest.fixture(scope="module")
def formulas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return chapter_of_formulas(tmp_path_factory.mktemp("formulas") / "output" / "sample")


@pytest.fixture
def page(open_page: Open, formulas: Path) -> Page:
    page = open_page(formulas, color_scheme="light", viewport={"width": 1440, "height": 2200}).page
    until(page, "document.fonts.check('16px \"STIX Two Math\"')")
    return page


def box(page: Page, selector: str, nth: int = 0) -> dict[str, float]:
    found = page.locator(selector).nth(nth).bounding_box()
    assert found
    return {"x": found["x"], "y": found["y"], "width": found["width"], "height": found["height"]}


def test_a_root_has_its_sign_and_the_line_over_it(page: Page) -> None:
    root, under = box(page, ".formula msqrt"), box(page, ".formula msqrt > *")
    sign = root | {"width": under["x"] - root["x"]}
    assert sign["width"] > 5
    _, dark = ink(page, sign)
    assert sum(any(row) for row in dark) > 0.9 * len(dark)  # as tall as what stands under it
    _, above = ink(page, under | {"y": root["y"], "height": under["y"] - root["y"]})
    assert any(sum(row) > 0.9 * len(row) for row in above)


def test_a_sum_is_large_and_has_its_limits_above_and_below(page: Page) -> None:
    sign = box(page, ".formula munderover > mo")
    below, above = (box(page, ".formula munderover > *", at) for at in (1, 2))
    letter = box(page, ".formula msub > mi")
    assert sign["height"] > 1.5 * letter["height"]
    assert above["y"] + above["height"] <= sign["y"] + 3 < below["y"]
    picture, dark = ink(page, sign)
    assert sum(any(row) for row in dark) > 1.2 * letter["height"]
    assert picture.height > letter["height"]


def test_the_brackets_of_a_matrix_are_as_tall_as_its_rows(page: Page) -> None:
    table = box(page, ".formula mtable")
    _, dark = ink(page, table | {"x": table["x"] - 14, "width": 12})
    assert sum(any(row) for row in dark) > 0.85 * len(dark)


def test_a_hat_stands_clear_of_its_letter(page: Page) -> None:
    _, dark = ink(page, box(page, ".formula mover:not(munderover *)"))
    rows = [any(row) for row in dark]
    first = rows.index(True)
    assert False in rows[first : len(rows) - rows[::-1].index(True)]


def test_every_letter_comes_from_the_bundled_font(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    found = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": "math *"})
    used = {
        font["familyName"]
        for node in found["nodeIds"]
        for font in session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    }
    assert used == {"STIX Two Math"}


def test_a_long_formula_scrolls_in_its_own_box(open_page: Open, formulas: Path) -> None:
    page = open_page(formulas, viewport={"width": 390, "height": 844}).page
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    wide = page.locator(".formula").nth(3)
    assert wide.evaluate("box => box.scrollWidth > box.clientWidth + 100")
    wide.focus()
    page.keyboard.press("ArrowRight")
    until(page, "document.activeElement.scrollLeft > 0")


def test_a_page_without_formulas_does_not_fetch_their_font(
    open_page: Open, formulas: Path, tmp_path: Path
) -> None:
    with_formulas = open_page(formulas)
    until(with_formulas.page, "document.fonts.check('16px \"STIX Two Math\"')")
    assert any(url.endswith("maths.woff2") for url in with_formulas.requests)

    workspace = sample_workspace(tmp_path / "output" / "plain")
    article = workspace.read(CHECKED)
    plain = article.model_copy(update={"sections": article.sections[:2]})
    (workspace.root / "check" / "article.json").write_bytes(to_json(plain))
    watched = open_page(write_rendered(workspace))
    watched.page.wait_for_load_state("networkidle")
    assert not any(url.endswith("maths.woff2") for url in watched.requests)


def test_the_columns_of_an_alignment_meet_at_their_sign(open_page: Open, tmp_path: Path) -> None:
    page = open_page(chapter_of_formulas(tmp_path / "sample")).page
    rights = page.eval_on_selector_all(
        "mtable[columnspacing] mtr > mtd:first-child > mi",
        "found => found.map((one) => one.getBoundingClientRect().right)",
    )
    lefts = page.eval_on_selector_all(
        "mtable[columnspacing] mtr > mtd:last-child > mo:nth-child(2)",
        "found => found.map((one) => one.getBoundingClientRect().left)",
    )
    assert len(rights) == len(lefts) == 2
    assert max(rights) - min(rights) < 1 and max(lefts) - min(lefts) < 1
    assert 0 <= lefts[0] - rights[0] < 8
