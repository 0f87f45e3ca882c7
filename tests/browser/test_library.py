"""The library page in a real browser: the form runs a real conversion to its end, or cancels it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.engine.workspace import Workspace
from pipeline.settings.serve import ServeSettings
from pipeline.sources.ids import video_id_of
from pipeline.transcript.asr.report import SpeechReport, Unheard
from tests.browser.conftest import Served, Watched, serve_in_thread, until, write_rendered
from tests.render.sample import sample_workspace
from tests.server.books import put_book

Open = Callable[..., Watched]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Served]:
    """A server of its own, so that a test may add to it; it loads from this machine, too."""
    write_rendered(sample_workspace(tmp_path / "output" / "sample"))
    settings = ServeSettings(private_addresses="allow")
    yield from serve_in_thread(tmp_path / "output", settings)


def test_the_form_converts_a_file_to_its_end(
    open_page: Open, library: Served, narrated_video: Path
) -> None:
    watched = open_page(library.address)
    page = watched.page
    page.set_input_files("#file", str(narrated_video))
    page.wait_for_selector(".job.running .stage.running", timeout=60_000)
    page.click(".job-read", timeout=240_000)
    page.wait_for_selector("article h1")
    assert page.locator("article section").count() >= 1
    assert watched.foreign() == []
    page.goto(library.address)
    assert page.locator(".card").count() == 2


def test_a_video_that_has_a_chapter_is_not_converted_anew_without_a_word(
    open_page: Open, library: Served, narrated_video: Path
) -> None:
    chapter = library.output / video_id_of(str(narrated_video)) / "render" / "index.html"
    chapter.parent.mkdir(parents=True)
    chapter.write_text("the chapter")
    page = open_page(library.address).page
    page.set_input_files("#file", str(narrated_video))
    page.wait_for_selector(".job.asks .job-confirm", timeout=60_000)
    assert page.inner_text(".job-state") == "has a chapter already"
    assert chapter.parent.parent.name in (page.get_attribute(".job-read", "href") or "")
    page.click(".job-cancel")
    page.wait_for_selector(".job.cancelled")
    assert chapter.read_text() == "the chapter"
    page.set_input_files("#file", str(narrated_video))
    page.click(".job.asks .job-confirm", timeout=60_000)
    page.wait_for_selector(".job.running", timeout=60_000)
    page.click(".job.running .job-cancel")


def test_what_is_missing_from_a_chapter_stands_on_its_card(
    open_page: Open, library: Served
) -> None:
    workspace = Workspace(library.output / "sample")
    unheard = (Unheard(start_ms=17_000, end_ms=29_000, reason="no_words"),)
    report = SpeechReport(engine="whisper", unheard=unheard)
    workspace.folder("transcribe").write_json("report.json", report)
    write_rendered(workspace)
    page = open_page(library.address).page
    assert page.inner_text(".card-warning") == "12 s of speech missing"
    page.click(".card-warning a")
    page.wait_for_selector("#about-unheard >> visible=true")
    page.click("#about-unheard a")
    page.wait_for_selector(".player:not([hidden])")


def test_cancel_ends_a_running_job(open_page: Open, library: Served) -> None:
    page = open_page(library.address).page
    page.click("#demo")
    page.wait_for_selector(".job.running", timeout=60_000)
    page.click(".job-cancel")
    page.wait_for_selector(".job.cancelled")
    assert page.locator(".job-cancel").count() == 0


def test_without_scripts_the_form_takes_an_address(open_page: Open, library: Served) -> None:
    page = open_page(library.address, java_script_enabled=False).page
    page.fill("#source", "http://127.0.0.1:1/talk.mp4")
    page.click("text=Make the chapter")
    page.wait_for_url(library.address + "/")
    assert (library.output / ".jobs" / "job000001.json").is_file()


def test_an_address_that_cannot_be_is_said_to_be_so(open_page: Open, library: Served) -> None:
    page = open_page(library.address).page
    page.fill("#source", "http://127.0.0.1:1/talk.mp4")
    page.click("text=Make the chapter")
    page.wait_for_selector(".job.failed", timeout=120_000)
    assert page.inner_text(".job-error")


def test_an_address_of_this_machine_is_refused_with_the_reason(
    open_page: Open, served: Served
) -> None:
    page = open_page(served.address).page
    page.fill("#source", "http://127.0.0.1:1/talk.mp4")
    page.click("text=Make the chapter")
    page.wait_for_selector("#add-status:not(:empty)")
    assert "serve.private_hosts" in page.inner_text("#add-status")


def test_search_on_the_library_page_goes_through_all_chapters(
    open_page: Open, library: Served
) -> None:
    page = open_page(library.address).page
    page.keyboard.press("/")
    page.fill("dialog.search input", "dictionary")
    page.wait_for_selector(".search li")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sample/render/index.html#s0006")


def test_another_sites_page_cannot_add_a_job(open_page: Open, library: Served) -> None:
    watched = open_page(f"{library.address}/sample/")
    # The address by its other name is another origin to the browser.
    other = library.address.replace("127.0.0.1", "localhost")
    watched.page.goto(other)
    until(watched.page, "document.readyState === 'complete'")
    status = watched.page.request.post(
        f"{library.address}/jobs", form={"source": "demo"}, headers={"Origin": other}
    ).status
    assert status == 403
    assert not list((library.output / ".jobs").glob("*.json"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_books_stand_above_their_chapters(
    open_page: Open, library: Served, scheme: str, width: int
) -> None:
    put_book(library.output, "course", "A course", ("sample", 1), ("gone", 2))
    watched = open_page(
        library.address,
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
        bypass_csp=True,  # axe itself is injected
    )
    page = watched.page
    book, chapter = page.locator(".card.book"), page.locator(".card:not(.book)")
    above, below = book.bounding_box(), chapter.bounding_box()
    assert above and below and above["y"] + above["height"] <= below["y"]
    assert "2 chapters" in book.inner_text() and "3 min 22 s" in book.inner_text()
    assert chapter.locator(".card-place").inner_text() == "Chapter 1 of “A course”"
    assert book.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    from tests.browser.test_access import violations  # skips where axe is not installed

    assert violations(page) == []
    assert watched.complaints == []


def test_a_book_is_opened_with_the_keyboard(open_page: Open, library: Served) -> None:
    put_book(library.output, "course", "A course", ("sample", 1))
    page = open_page(library.address).page
    page.focus("#demo")
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Enter")
    page.wait_for_url("**/books/course/index.html")
    assert page.title() == "A course"
