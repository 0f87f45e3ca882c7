"""The render stage writes everything a chapter needs into one folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.engine.progress import Silent
from pipeline.engine.stage import Context, Request
from pipeline.engine.workspace import Workspace
from pipeline.errors import RenderError
from pipeline.settings.config import Config, load_config
from pipeline.stages.render import STAGE
from tests.render.sample import sample_workspace


def run(workspace: Workspace) -> Path:
    context = Context(workspace, workspace.folder("render"), Silent(), Request("x"))
    STAGE.run(context, Config())
    return workspace.root / "render"


def test_the_folder_holds_page_markdown_and_pictures(tmp_path: Path) -> None:
    folder = run(sample_workspace(tmp_path / "output" / "sample"))
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {
        "index.html", "chapter.md", "assets/chapter.css", "assets/chapter.js", "assets/search.js",
        "assets/f0001.png", "assets/f0001-small.webp", "assets/text.woff2",
    } <= names  # fmt: skip


def test_the_list_of_chapters_beside_the_lectures_names_all_of_them(tmp_path: Path) -> None:
    for name in ("one", "two"):
        run(sample_workspace(tmp_path / "output" / name))
    listed = (tmp_path / "output" / "library.js").read_text(encoding="utf-8")
    assert listed == 'lectureLibrary(["one", "two"]);\n'


def test_a_chapter_without_its_video_still_renders(tmp_path: Path) -> None:
    folder = run(sample_workspace(tmp_path / "output" / "sample", video=False))
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert 'id="player"' not in page
    assert '<span class="time">0:17</span>' in page


def test_a_missing_picture_names_the_frame_and_the_remedy(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path / "output" / "sample")
    (workspace.root / "screens" / "frames" / "f0002.png").unlink()
    with pytest.raises(RenderError, match=r"frame f0002: .*stage screens --force"):
        run(workspace)


def test_a_frame_outside_its_folder_is_refused(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path / "output" / "sample")
    segments = workspace.root / "segment" / "segments.json"
    text = segments.read_text(encoding="utf-8")
    segments.write_text(
        text.replace("screens/frames/f0001.png", "download/video.json"), encoding="utf-8"
    )
    with pytest.raises(RenderError, match="outside"):
        run(workspace)


def test_a_changed_setting_changes_what_the_stage_depends_on() -> None:
    before = STAGE.depends(Config())
    after = STAGE.depends(load_config(overrides=["render.player=none"], environment={}))
    assert before != after
    assert "templates" in before
