"""An output folder of real size: many chapters, each with a large video whose bytes are known."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy

from pipeline.artifacts import VIDEO
from pipeline.engine.workspace import Workspace, to_json
from pipeline.render.files import render_chapter
from pipeline.render.library_index import write_list
from pipeline.render.load import sources_of
from pipeline.settings.render import RenderSettings
from tests.render.sample import sample_workspace

FILM = "talk.mp4"


@dataclass(frozen=True)
class Shelf:
    """``names`` are the chapters in ``output``; all share one video, which lies at ``video``."""

    output: Path
    names: tuple[str, ...]
    video: Path

    def page(self, name: str) -> str:
        """The address of a chapter's page."""
        return f"/{name}/render/index.html"

    def video_of(self, name: str) -> str:
        """The address of a chapter's video."""
        return f"/{name}/download/{FILM}"


def fill(output: Path, chapters: int, video_mb: int, first: Workspace | None = None) -> Shelf:
    """Make ``chapters`` chapters with a video of ``video_mb`` MiB.

    ``first`` is a further lecture in ``output``, rendered here, that gets the video, too.
    """
    video = output.parent / FILM
    output.mkdir(parents=True, exist_ok=True)
    with video.open("wb") as file:
        for start in range(0, video_mb << 17, 1 << 17):
            # No two words of it are alike: a range from a wrong place is noticed.
            file.write(numpy.arange(start, start + (1 << 17), dtype=">u8").tobytes())
    sample = sample_workspace(output / "lecture-00", video=False)
    _render(sample)
    names = [sample.video_id]
    for number in range(1, chapters):
        names.append(f"lecture-{number:02d}")
        shutil.copytree(sample.root, output / names[-1], copy_function=os.link)
    if first is not None:
        _render(first)
        names.append(first.video_id)
    for name in names:
        _give_video(Workspace(output / name), video)
    write_list(output)
    return Shelf(output, tuple(names), video)


def _render(workspace: Workspace) -> None:
    for name, data in render_chapter(sources_of(workspace), RenderSettings()).files.items():
        path = workspace.root / "render" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _give_video(workspace: Workspace, video: Path) -> None:
    path = workspace.root / "download" / "video.json"
    known = workspace.read(VIDEO)
    path.unlink()  # It may be one file under many names.
    path.write_bytes(
        to_json(known.model_copy(update={"path": FILM, "video_id": workspace.video_id}))
    )
    os.link(video, path.with_name(FILM))
