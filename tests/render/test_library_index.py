"""The chapters of an output folder."""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.render.library_index import rendered, write_list


def lecture(output: Path, name: str, page: str | None = "index.html") -> Path:
    """A lecture's folder; with a page unless ``page`` is None."""
    folder = output / name / "render"
    folder.mkdir(parents=True)
    if page:
        (folder / page).write_text("<p>")
    return folder


def test_only_chapters_with_a_page_are_found_by_name(tmp_path: Path) -> None:
    for name in ("b-lecture", "a-lecture", ".jobs"):
        lecture(tmp_path, name)
    lecture(tmp_path, "unfinished", None)
    (tmp_path / "a-file").write_text("x")
    assert [one.name for one in rendered(tmp_path)] == ["a-lecture", "b-lecture"]


def test_a_folder_that_is_not_there_has_no_chapters(tmp_path: Path) -> None:
    assert rendered(tmp_path / "nowhere") == ()


def test_a_chapter_rendered_again_is_told_from_before(tmp_path: Path) -> None:
    page = lecture(tmp_path, "a-lecture") / "index.html"
    os.utime(page, ns=(1, 1))
    before = rendered(tmp_path)
    os.utime(page, ns=(2, 2))
    assert rendered(tmp_path) != before


def test_the_list_for_the_search_is_a_script_beside_the_lectures(tmp_path: Path) -> None:
    lecture(tmp_path, "von-überall")
    write_list(tmp_path)
    assert (tmp_path / "library.js").read_text("utf-8") == 'lectureLibrary(["von-überall"]);\n'
