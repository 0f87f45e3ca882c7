"""The library page in a real browser: the form runs a real conversion to its end, or cancels it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.engine.workspace import Workspace
from pipeline.server.job_model import Job, JobOptions
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
    page.click("text=Make the chapter")
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
    page.click("text=Make the chapter")
    page.wait_for_selector(".job.asks .job-confirm", timeout=60_000)
    assert page.inner_text(".job-state") == "has a chapter already"
    assert chapter.parent.parent.name in (page.get_attribute(".job-read", "href") or "")
    page.click(".job-cancel")
    page.wait_for_selector(".job.cancelled")
    assert chapter.read_text() == "the chapter"
    page.set_input_files("#file", str(narrated_video))
    page.click("text=Make the chapter")
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
    page.fill("#source", f"{library.address}/talk.mp4")
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
    page.focus(".add-options summary")
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Enter")
    page.wait_for_url("**/books/course/index.html")
    assert page.title() == "A course"


def test_the_options_of_the_form_are_those_of_the_job(open_page: Open, library: Served) -> None:
    page = open_page(library.address).page
    page.click(".add-options summary")
    page.fill("[name=language]", "de")
    page.fill("[name=start]", "0:05")
    page.fill("[name=end]", "x")
    page.fill("#source", f"{library.address}/talk.mp4")
    page.click("text=Make the chapter")
    page.wait_for_selector("#add-status >> text=is no time such as 1:02:03")
    page.fill("[name=end]", "0:30")
    page.select_option("[name=edition]", "transcript")
    page.click("text=Make the chapter")
    page.wait_for_selector(".job.failed", timeout=120_000)
    job = Job.model_validate_json((library.output / ".jobs" / "job000001.json").read_bytes())
    assert job.options == JobOptions(
        language="de", start="0:05", end="0:30", edition="transcript", model=""
    )


def test_captions_go_up_with_their_file(
    open_page: Open, library: Served, narrated_video: Path, tmp_path: Path
) -> None:
    words = tmp_path / "words.en.srt"
    words.write_text(
        "1\n00:00:00,000 --> 00:00:04,000\nThese words came with the file.\n\n"
        "2\n00:00:04,000 --> 00:00:09,000\nNobody had to listen to them.\n"
    )
    page = open_page(library.address).page
    page.set_input_files("#file", str(narrated_video))
    page.click(".add-options summary")
    page.set_input_files("#captions", str(words))
    page.click("text=Make the chapter")
    page.click(".job-read", timeout=240_000)
    page.wait_for_selector("article >> text=Nobody had to listen to them")
    assert not list((library.output / ".jobs" / "uploads").iterdir())


def test_a_chosen_file_waits_for_the_button_and_can_be_taken_back(
    open_page: Open, library: Served, narrated_video: Path, tmp_path: Path
) -> None:
    page = open_page(library.address).page
    page.set_input_files("#file", str(narrated_video))
    assert page.get_attribute("#source", "placeholder") == narrated_video.name
    assert page.is_disabled("#source")
    page.click(".add-more >> text=Cancel")
    assert page.is_enabled("#source") and page.get_attribute("#source", "placeholder") != ""
    other = tmp_path / "notes.txt"
    other.write_text("no video")
    page.set_input_files("#file", str(other))
    page.click("text=Make the chapter")
    page.wait_for_selector("#add-status.bad >> text=is not named like a video")
    assert page.get_attribute("#source", "placeholder") == "notes.txt"  # still chosen
    assert not list((library.output / ".jobs").glob("*.json"))


@pytest.mark.parametrize("width", [360, 390, 1280])
def test_the_fields_of_the_form_stand_in_columns(
    open_page: Open, library: Served, width: int
) -> None:
    page = open_page(library.address, viewport={"width": width, "height": 900}).page
    page.click(".add-options summary")
    boxes = page.evaluate(
        "[...document.querySelectorAll('.add-fields :is(input, select)')]"
        ".map(field => field.getBoundingClientRect()).map(({x, y, width, height}) =>"
        " ({left: Math.round(x), right: Math.round(x + width), top: Math.round(y), height}))"
    )
    rows: dict[int, list[dict[str, int]]] = {}
    for box in boxes:
        rows.setdefault(box["top"], []).append(box)
    assert len({box["height"] for box in boxes}) == 1
    for edge in ("left", "right"):
        outer = max if edge == "right" else min
        assert len({outer(box[edge] for box in row) for row in rows.values()}) == 1
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_failed_job_is_tried_again_and_taken_off_the_list(
    open_page: Open, library: Served
) -> None:
    page = open_page(library.address).page
    page.fill("#source", f"{library.address}/talk.mp4")
    page.click("text=Make the chapter")
    page.wait_for_selector(".job.failed", timeout=120_000)
    file = library.output / ".jobs" / "job000001.json"
    first = Job.model_validate_json(file.read_bytes())
    page.click("text=Try again")
    for _ in range(2_400):
        again = Job.model_validate_json(file.read_bytes())
        if again.process not in (None, first.process) and again.state == "failed":
            break
        page.wait_for_timeout(50)
    assert again.process != first.process and again.state == "failed"
    page.wait_for_selector(".job.failed", timeout=120_000)
    assert page.locator(".job").count() == 1
    page.click(".job-remove")
    page.wait_for_selector("#jobs", state="hidden")
    assert not list((library.output / ".jobs").glob("*.json"))


def test_a_chapter_is_deleted_after_asking(open_page: Open, library: Served) -> None:
    page = open_page(library.address).page
    page.hover(".card")
    page.click(".card-more summary")
    page.click(".card-more .bad")
    page.wait_for_selector(".ask >> text=Delete “Byte Pair Encoding”")
    page.click(".ask .keep")
    assert page.locator(".card").count() == 1 and (library.output / "sample").is_dir()
    page.click(".card-more summary")
    page.click(".card-more .bad")
    page.click(".ask .bad")
    page.wait_for_selector(".card", state="detached")
    assert not (library.output / "sample").exists()
    page.goto(library.address)
    page.wait_for_selector(".empty")


def test_a_chapter_is_renamed_and_gets_its_own_title_back(open_page: Open, library: Served) -> None:
    root = library.output / "sample"
    video = str(root / "download" / "bpe mini lecture.mp4")
    source = {"source": video, "start_ms": None, "end_ms": None}
    (root / "source.json").write_text(json.dumps(source))
    page = open_page(library.address).page

    def rename(title: str) -> None:
        page.hover(".card")
        page.click(".card-more summary")
        page.click(".card-more >> text=Rename")
        page.fill(".ask form > input", title)
        page.click(".ask .good")

    rename("Tokens & <bytes>")
    page.wait_for_selector(".card-title >> text=Tokens & <bytes>")
    page.goto(f"{library.address}/sample/")
    assert page.inner_text("h1") == "Tokens & <bytes>"
    page.goto(library.address)
    rename("")
    page.wait_for_selector(".card-title >> text=Byte Pair Encoding")


def test_a_wrong_address_has_a_way_back(open_page: Open, library: Served) -> None:
    page = open_page(f"{library.address}/gone/render/index.html").page
    assert page.inner_text("h1") == "There is no such page"
    page.click("main a")
    page.wait_for_selector(".card")


def test_the_bookmark_brings_the_address_of_the_open_page(open_page: Open, library: Served) -> None:
    page = open_page(library.address).page
    code = page.get_attribute("#bookmark", "href") or ""
    other = open_page(f"{library.address}/sample/", bypass_csp=True).page
    other.evaluate(code.removeprefix("javascript:"))
    other.wait_for_selector("#source")
    until(other, "document.querySelector('#source').value.endsWith('/sample/render/index.html')")
    assert other.locator(".job").count() == 0
