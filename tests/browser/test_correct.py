"""A word is corrected in the served page: here or everywhere, and stays so."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.engine.lock import hold
from tests.browser.conftest import Served, Watched, serve_in_thread, write_rendered
from tests.render.sample import sample_workspace

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., Watched]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Served]:
    workspace = sample_workspace(tmp_path / "output" / "sample")
    write_rendered(workspace)
    video = str(workspace.root / "download" / "bpe mini lecture.mp4")
    source = {"source": video, "start_ms": None, "end_ms": None}
    (workspace.root / "source.json").write_text(json.dumps(source))
    yield from serve_in_thread(tmp_path / "output")


def select(page: Page, passage: str, words: str) -> None:
    """Select the words in a passage, as a reader would."""
    page.evaluate(
        """([id, words]) => {
          const passage = document.getElementById(id);
          const walker = document.createTreeWalker(passage, NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const at = node.textContent.indexOf(words);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + words.length);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
            return;
          }
          throw new Error(`${words} is not in ${id}`);
        }""",
        [passage, words],
    )


def correct(page: Page, right: str, where: str) -> None:
    page.click("button.correct")
    page.fill(".ask form > input", right)
    page.check(f".ask input[value={where}]")
    page.click(".ask .good")


def test_a_word_is_corrected_everywhere_and_found_by_the_search(
    open_page: Open, library: Served
) -> None:
    page = open_page(f"{library.address}/sample/").page
    select(page, "s0003", "stream")
    correct(page, "flow", "everywhere")
    page.wait_for_selector("#s0003 >> text=flow")  # after the page was loaded again
    assert "a flow of bytes" in " ".join(page.inner_text("#s0002").split())
    assert page.url.endswith("#s0003")
    page.keyboard.press("/")
    page.fill("dialog.search input", "flow")
    page.wait_for_selector(".search li mark >> text=flow")
    kept = json.loads((library.output / "sample" / "corrections.json").read_text())
    (one,) = kept["corrections"]
    assert (one["wrong"], one["right"], one["start_ms"]) == ("stream", "flow", None)


def test_a_word_is_corrected_in_one_passage_only(open_page: Open, library: Served) -> None:
    page = open_page(f"{library.address}/sample/").page
    select(page, "s0003", "stream")
    correct(page, "flow", "here")
    page.wait_for_selector("#s0003 >> text=flow")  # after the page was loaded again
    assert "a stream of bytes" in " ".join(page.inner_text("#s0002").split())


def test_code_and_times_are_not_offered_for_correction(open_page: Open, library: Served) -> None:
    page = open_page(f"{library.address}/sample/").page
    select(page, "s0006", "zip(ids, ids[1:])")
    page.wait_for_timeout(200)
    assert page.locator("button.correct").count() == 0


def test_what_cannot_be_corrected_is_said_and_nothing_is_kept(
    open_page: Open, library: Served
) -> None:
    page = open_page(f"{library.address}/sample/").page
    root = library.output / "sample"
    select(page, "s0003", "stream")
    with hold(root):
        correct(page, "flow", "here")
        page.wait_for_selector(".ask .bad >> text=being converted right now")
    page.fill(".ask form > input", "stream")
    page.click(".ask .good")
    page.wait_for_selector(".ask .bad >> text=The correction changes nothing")
    assert not (root / "corrections.json").exists()


def test_a_page_from_a_file_offers_no_correction(open_page: Open, sample_page: Path) -> None:
    page = open_page(sample_page).page
    select(page, "s0003", "stream")
    page.wait_for_timeout(200)
    assert page.locator("button.correct").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_dialog_has_no_violation(open_page: Open, library: Served, scheme: str) -> None:
    from tests.browser.test_access import violations  # skips where axe is not installed

    page = open_page(f"{library.address}/sample/", color_scheme=scheme, bypass_csp=True).page
    select(page, "s0003", "stream")
    page.wait_for_selector("button.correct")
    assert violations(page) == []
    page.click("button.correct")
    page.wait_for_selector(".ask")
    assert violations(page) == []
