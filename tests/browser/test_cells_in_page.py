"""Cells that run in the page: with a stand-in for Pyodide always, with the real one where it is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.settings.serve import ServeSettings
from tests.browser.conftest import (
    Served,
    Watched,
    lay_out_all,
    serve_in_thread,
    until,
    write_rendered,
)
from tests.render.sample import TRAINED, sample_workspace

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., Watched]

# Prints the last line of a cell and counts its runs; "fails", "hangs" and "fetch:" act.
STAND_IN = """
let runs = 0;
let write = { stdout() {}, stderr() {} };
export async function loadPyodide({ indexURL }) {
  const say = (text) => write.stdout(new TextEncoder().encode(text));
  return {
    unpackArchive() {}, runPython() {}, toPy: (one) => one,
    globals: { get: () => String, set() {} },
    setStdout(given) { write.stdout = given.write; },
    setStderr(given) { write.stderr = given.write; },
    async loadPackagesFromImports() {},
    async runPythonAsync(code) {
      runs += 1;
      const last = code.trimEnd().split("\\n").at(-1);
      if (last.startsWith("fails")) throw new Error('File "<exec>", line 1\\nNameError');
      if (last.startsWith("hangs")) for (;;) {}
      if (last.startsWith("fetch:")) {
        const answer = await fetch(last.slice(6), { method: "POST" }).catch(() => null);
        say(answer ? `reached ${answer.status}\\n` : "refused\\n");
        return undefined;
      }
      say(`${runs}: ${last}\\n`);
      return undefined;
    },
  };
}
"""


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pyodide")
    (folder / "pyodide.mjs").write_text(STAND_IN)
    return folder


@pytest.fixture
def library(tmp_path: Path, stand_in: Path) -> Iterator[Served]:
    write_rendered(sample_workspace(tmp_path / "output" / "sample"))
    settings = ServeSettings(pyodide=str(stand_in))
    yield from serve_in_thread(tmp_path / "output", settings)


def own_output(page: Page, cell: int) -> str:
    return page.locator(".cell:has(.run)").nth(cell).locator(".own samp").inner_text()


def set_code(page: Page, cell: int, code: str) -> None:
    one = page.locator(".cell:has(.run)").nth(cell)
    if one.locator(".act >> text=Edit").count():
        one.locator(".act >> text=Edit").click()
    one.locator("pre.code > code").fill(code)


def wait_for_output(page: Page, cell: int, text: str, seconds: int = 60) -> None:
    page.locator(f".cell:has(.run) >> nth={cell}").locator(f".own >> text={text}").wait_for(
        timeout=seconds * 1000
    )


def test_nothing_is_loaded_before_the_first_run(open_page: Open, library: Served) -> None:
    watched = open_page(f"{library.address}/sample/")
    watched.page.wait_for_load_state("networkidle")
    assert watched.page.locator(".cell .run").count() == 4  # Python's, not the shell's
    assert not [url for url in watched.requests if "/python/" in url]


def test_cells_share_their_state_and_the_checked_output_stays(
    open_page: Open, library: Served
) -> None:
    page = open_page(f"{library.address}/sample/").page
    page.click(".cell .run >> nth=2")
    wait_for_output(page, 2, "1: print(ids)")
    page.click(".cell .run >> nth=2")
    wait_for_output(page, 2, "2: print(ids)")
    checked = page.locator(".cell:has(.run)").nth(2).locator(".printed:not(.own) samp")
    assert checked.inner_text() == TRAINED


def test_all_above_run_once_and_in_order(open_page: Open, library: Served) -> None:
    page = open_page(f"{library.address}/sample/").page
    page.click(".cell .run >> nth=0")
    wait_for_output(page, 0, "1: ")
    page.locator(".cell:has(.run)").nth(2).locator("text=Run above").click()
    wait_for_output(page, 2, "3: print(ids)")
    assert own_output(page, 0).startswith("1: ") and own_output(page, 1).startswith("2: ")


def test_code_is_edited_run_and_restored(open_page: Open, library: Served) -> None:
    page = open_page(f"{library.address}/sample/").page
    before = page.locator(".cell:has(.run)").nth(2).locator("pre.code").inner_html()
    set_code(page, 2, "print('mine')")
    page.keyboard.press("Shift+Enter")
    wait_for_output(page, 2, "1: print('mine')")
    page.locator(".cell:has(.run)").nth(2).locator("text=Restore").click()
    assert page.locator(".cell:has(.run)").nth(2).locator("pre.code").inner_html() == before


def test_what_goes_wrong_is_shown_and_ends_running_all_above(
    open_page: Open, library: Served
) -> None:
    page = open_page(f"{library.address}/sample/").page
    set_code(page, 1, "fails")
    page.locator(".cell:has(.run)").nth(2).locator("text=Run above").click()
    wait_for_output(page, 1, "NameError")
    assert page.locator(".own.wrong").count() == 1
    assert page.locator(".own").count() == 2


def test_a_cell_without_end_is_stopped_and_python_begins_anew(
    open_page: Open, library: Served
) -> None:
    page = open_page(f"{library.address}/sample/").page
    set_code(page, 0, "hangs")
    page.click(".cell .run >> nth=0")
    page.click(".cell .run >> text=Stop")
    wait_for_output(page, 0, "Stopped: all names are gone.")
    page.click(".cell .run >> nth=2")
    wait_for_output(page, 2, "1: print(ids)")


def test_a_cell_reaches_nothing_behind_the_server(open_page: Open, library: Served) -> None:
    page = open_page(f"{library.address}/sample/").page
    for address in ("/chapters/sample/delete", "/jobs", "http://evil.example/"):
        whole = address if address.startswith("http") else f"{library.address}{address}"
        set_code(page, 0, f"fetch:{whole}")
        page.click(".cell .run >> nth=0")
        wait_for_output(page, 0, "refused")
    assert (library.output / "sample" / "render" / "index.html").is_file()


def test_without_pyodide_the_page_is_as_before(open_page: Open, served: Served) -> None:
    page = open_page(f"{served.address}/sample/").page
    assert page.locator(".cell .run").count() == 0
    assert page.request.get(f"{served.address}/python/worker.js").status == 404


@pytest.mark.parametrize("width", [390, 1440])
def test_the_buttons_fit_and_move_nothing(open_page: Open, library: Served, width: int) -> None:
    page = open_page(
        f"{library.address}/sample/", viewport={"width": width, "height": 844}, bypass_csp=True
    ).page
    lay_out_all(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    top = page.locator("h2 >> nth=3").bounding_box()
    page.click(".cell .run >> nth=2")
    wait_for_output(page, 2, "1: print(ids)")
    until(page, "document.querySelector('.own-state').textContent.includes('finished')")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    after = page.locator("h2 >> nth=3").bounding_box()
    scrolled = page.evaluate("scrollY")
    assert top and after and abs(top["y"] - after["y"] - scrolled) < 2
    from tests.browser.test_access import violations  # skips where axe is not installed

    page.evaluate("scrollTo(0, 0)")  # a button half under the bar is too small for axe
    assert violations(page) == []


def test_each_page_of_the_server_links_to_the_library(
    open_page: Open, library: Served, sample_page: Path
) -> None:
    page = open_page(f"{library.address}/sample/").page
    page.click(".bar .home")
    page.wait_for_selector(".card")
    assert open_page(sample_page).page.locator(".bar .home").is_hidden()


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = os.environ.get("PYODIDE")
    if not folder:
        pytest.skip("PYODIDE names no folder of Pyodide (npm's package pyodide)")
    output = tmp_path_factory.mktemp("real") / "output"
    write_rendered(sample_workspace(output / "sample"))
    yield from serve_in_thread(output, ServeSettings(pyodide=folder))


def test_the_real_pyodide_gives_the_checked_outputs(open_page: Open, real: Served) -> None:
    watched = open_page(f"{real.address}/sample/")
    page = watched.page
    page.locator(".cell:has(.run)").nth(2).locator("text=Run above").click()
    wait_for_output(page, 2, "258 (257, 98) 5", 120)
    assert own_output(page, 2).rstrip("\n") == TRAINED
    # The core alone has no numpy, which training wants; encoding needs none.
    set_code(
        page, 3,
        "from minbpe import BasicTokenizer\nt = BasicTokenizer()\nt.encode('hi'), t.decode([104])",
    )  # fmt: skip
    page.click(".cell .run >> nth=3")
    wait_for_output(page, 3, "([104, 105], 'h')", 60)
    assert watched.foreign() == []


def test_the_real_pyodide_cannot_delete_a_chapter(open_page: Open, real: Served) -> None:
    page = open_page(f"{real.address}/sample/").page
    address = f"{real.address}/chapters/sample/delete"
    set_code(page, 0, f"from js import fetch\nawait fetch('{address}', method='POST')")
    page.click(".cell .run >> nth=0")
    wait_for_output(page, 0, "Failed to fetch", 120)
    assert (real.output / "sample").is_dir()
