"""Chapters that are passed on: opened elsewhere, all pictures are there and no link is dead."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.engine.workspace import Workspace
from pipeline.render.formats.export import export
from tests.browser.conftest import Watched, lay_out_all, until
from tests.render.sample import sample_workspace

Open = Callable[..., Watched]

PAGE = "https://lectures.example/bytes"  # where it was loaded from
ALL_LOADED = """() => [...document.images].filter((one) => one.closest('main, body')).every(
  (one) => { one.loading = 'eager'; return one.complete && one.naturalWidth > 0; })"""
LINKS = "[...document.querySelectorAll('a[href]')].map((link) => link.getAttribute('href'))"


@pytest.fixture
def made(tmp_path: Path) -> Workspace:
    """A lecture of the web whose video lies on this machine, too."""
    return sample_workspace(tmp_path / "output" / "tube", url=PAGE)


def elsewhere(file: Path, made: Workspace, tmp_path: Path) -> Path:
    """The file alone in another folder; the lecture's own folder is gone."""
    moved = tmp_path / "elsewhere" / file.name
    moved.parent.mkdir()
    shutil.move(file, moved)
    shutil.rmtree(made.root)
    return moved


def test_a_page_moved_elsewhere_leads_to_the_original_with_its_second(
    open_page: Open, made: Workspace, tmp_path: Path
) -> None:
    moved = elsewhere(export(made, "html", tmp_path / "chapter.html"), made, tmp_path)
    watched = open_page(moved)
    lay_out_all(watched.page)
    until(watched.page, f"({ALL_LOADED})()")
    assert watched.page.locator("figure img").count() == 5
    times = [link for link in watched.page.evaluate(LINKS) if "t=" in link]
    assert len(times) > 10 and all(link.startswith(f"{PAGE}#t=") for link in times)
    outside = [link for link in watched.page.evaluate(LINKS) if link[:1] != "#"]
    assert [link for link in outside if not link.startswith("https://")] == []
    assert watched.complaints == [] and watched.foreign() == []


def test_a_notebook_moved_elsewhere_has_its_pictures_and_live_links(
    open_page: Open, made: Workspace, tmp_path: Path
) -> None:
    nbconvert = pytest.importorskip("nbconvert", reason="nbconvert shows notebooks as pages")
    moved = elsewhere(export(made, "ipynb", tmp_path / "chapter.ipynb"), made, tmp_path)
    html, _ = nbconvert.HTMLExporter(template_name="basic").from_filename(str(moved))
    shown = moved.with_suffix(".html")
    shown.write_text(f"<!doctype html><meta charset='utf-8'><body>{html}", encoding="utf-8")
    page = open_page(shown).page
    until(page, f"({ALL_LOADED})()")
    assert page.locator("img").count() == 5
    times = [link for link in page.evaluate(LINKS) if "t=" in link]
    assert len(times) > 10 and all(link.startswith(f"{PAGE}#t=") for link in times)
