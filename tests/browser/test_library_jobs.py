"""What stays of a job on the library page, and what no chapter is; a chapter's folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.engine.workspace import to_json
from pipeline.server.job_model import Job
from pipeline.settings.serve import ServeSettings
from tests.browser.conftest import Served, Watched, serve_in_thread, write_rendered
from tests.render.sample import sample_workspace

Open = Callable[..., Watched]

FAILED = Job(
    id="job000001", number=1, source="https://example.org/talk.mp4", title="A talk",
    state="failed", error="the server broke off", log=("it was slow", "it was tried twice"),
)  # fmt: skip


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A chapter, and what a run that failed left behind."""
    output = tmp_path / "output"
    write_rendered(sample_workspace(output / "sample"))
    (output / "talk-0123abcd" / "download").mkdir(parents=True)
    (output / ".jobs").mkdir()
    (output / ".jobs" / "job000001.json").write_bytes(to_json(FAILED))
    opener = tmp_path / "bin" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text(f'#!/bin/sh\nprintf "%s" "$1" > {tmp_path}/opened\n')
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", f"{opener.parent}:/usr/bin:/bin")
    monkeypatch.setattr("sys.platform", "linux")
    yield from serve_in_thread(output, ServeSettings(private_addresses="allow"))


def test_a_failed_run_is_a_job_with_its_reason_and_no_chapter(
    open_page: Open, library: Served
) -> None:
    page = open_page(library.address).page
    page.wait_for_selector(".job.failed")
    assert page.inner_text(".job-error") == "the server broke off"
    assert page.locator(".card").count() == 1
    assert page.locator(".job-read").count() == 0


def test_notes_stay_with_their_job_and_open_while_others_come(
    open_page: Open, library: Served
) -> None:
    page = open_page(library.address).page
    page.click(".job-log summary")
    notes = page.locator(".job:has-text('A talk') .job-log li")
    assert notes.all_inner_texts() == list(FAILED.log)
    page.fill("#source", f"{library.address}/other.mp4")
    page.click("text=Make the chapter")
    page.wait_for_selector(".job >> nth=1")
    assert page.inner_text(".job >> nth=1 >> .job-title") == "A talk"
    assert notes.first.is_visible()


def test_a_failed_job_is_tried_again_from_the_page(open_page: Open, library: Served) -> None:
    page = open_page(library.address).page
    row = page.locator(".job:has-text('A talk')")
    row.get_by_role("button", name="Try again").click()
    page.wait_for_selector(".job:has-text('A talk'):not(.failed)")
    assert row.locator(".job-error").count() == 0
    assert row.get_by_role("button", name="Cancel").is_visible()


def test_a_job_shows_its_options_and_takes_those_that_are_given_last(
    open_page: Open, library: Served
) -> None:
    page = open_page(library.address).page
    page.fill("#source", f"{library.address}/first.mp4")
    page.click("text=Make the chapter")
    page.wait_for_selector(".job.running")
    page.click(".add-options summary")
    page.fill("[name=start]", "0:50")
    page.fill("[name=end]", "0:10")
    page.fill("#source", f"{library.address}/second.mp4")
    page.click("text=Make the chapter")
    page.wait_for_selector("#add-status:has-text('is not later than the start')")
    for end, shown in (("1:20", "0:50–1:20"), ("2:00", "0:50–2:00")):
        page.fill("#source", f"{library.address}/second.mp4")
        page.fill("[name=end]", end)
        page.click("text=Make the chapter")
        page.wait_for_selector(f".job-options:has-text('{shown}')")
        assert page.locator(".job:has-text('second.mp4')").count() == 1


def test_the_folder_of_a_chapter_is_opened(
    open_page: Open, library: Served, tmp_path: Path
) -> None:
    page = open_page(library.address).page
    page.hover(".card")
    page.click(".card-more summary")
    page.click(".card-more >> text=Open the folder")
    for _ in range(200):
        if (tmp_path / "opened").is_file() and (tmp_path / "opened").read_text():
            break
        page.wait_for_timeout(50)
    assert (tmp_path / "opened").read_text() == str(library.output / "sample")
