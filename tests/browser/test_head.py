"""The head of the chapter: what it teaches, how long it is, its cells, and what it lacks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.artifacts import FIDELITY
from pipeline.cells.report import REPORT, summary_of
from pipeline.document.article import FidelityReport
from pipeline.engine.workspace import to_json
from pipeline.transcript.asr.report import SpeechReport
from tests.browser.conftest import Watched, write_rendered
from tests.render.sample import sample_workspace

Open = Callable[..., Watched]


@pytest.mark.parametrize("width", [390, 1280])
def test_the_first_window_says_what_it_is_how_long_and_what_it_lacks(
    open_page: Open, tmp_path: Path, width: int
) -> None:
    workspace = sample_workspace(tmp_path / "output" / "sample")
    report = workspace.read(REPORT)
    first, *others = report.cells
    part = first.model_copy(update={"status": "skipped", "tags": ("excerpt",)})
    cells = (part, *others)
    changed = report.model_copy(update={"cells": cells, "summary": summary_of(cells)})
    workspace.path(REPORT).write_bytes(to_json(changed))
    page = open_page(write_rendered(workspace), viewport={"width": width, "height": 844}).page
    assert page.inner_text(".summary")
    facts = page.locator(".fact").all_inner_texts()
    assert facts[0] == "Watch the lecture (3 min 22 s)"
    assert facts[2] == "4 code cells: 3 ran, 1 excerpt"
    known = page.locator(".known-gaps")
    box = known.bounding_box()
    assert box and box["y"] + box["height"] < 844
    assert known.inner_text().startswith("Known gaps: ")
    assert "1 piece of code was seen only in part" in known.inner_text()
    assert page.locator("#about-not_covered").is_hidden()
    known.locator("a[href='#about-not_covered']").click()
    page.wait_for_selector("#about-not_covered >> visible=true")


def test_one_line_says_that_nothing_is_missing(open_page: Open, tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path / "output" / "sample")
    heard = SpeechReport(engine="faster-whisper", audio_ms=200_000, voiced_ms=150_000)
    workspace.folder("transcribe").write_json("report.json", heard)
    workspace.path(FIDELITY).write_bytes(to_json(FidelityReport(sections=())))
    page = open_page(write_rendered(workspace)).page
    assert page.inner_text(".known-gaps").startswith("Nothing is known to be missing")
    assert page.locator(".notice").count() == 0
