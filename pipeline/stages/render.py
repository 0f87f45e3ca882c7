"""Stage render: the checked article and all behind it become a page."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from pipeline.config import Config
from pipeline.model import Article, FidelityReport, Outline, Segments, Transcript, Video
from pipeline.settings.render import RenderSettings
from pipeline.site.assets import assets_fingerprint
from pipeline.site.chapter import Sources
from pipeline.site.render import render_chapter
from pipeline.site.verdicts import Verdicts
from pipeline.stages.base import Context, Stage, pick
from pipeline.workspace import Workspace


def depends(config: Config) -> Mapping[str, str]:
    """The stage's settings and everything the page is built from."""
    return pick(config, "render") | {"templates": assets_fingerprint()}


def run(context: Context, settings: RenderSettings) -> None:
    """Render the chapter of the workspace into its ``render/`` folder."""
    rendered = render_chapter(sources_of(context.workspace), settings)
    for name in rendered.chapter.unknown_citations:
        context.progress.warn(f"the text cites {name}, which is no segment: left out")
    total = len(rendered.files)
    for done, (name, data) in enumerate(rendered.files.items(), start=1):
        context.folder.write_bytes(name, data)
        context.progress.update(done, total, "files")


def sources_of(workspace: Workspace) -> Sources:
    """What the workspace's chapter is rendered from.

    Raises:
        ArtifactError: an artifact is missing or damaged.
    """
    video = workspace.read("download/video.json", Video)
    report = workspace.root / "check" / "report.json"
    fidelity = workspace.root / "write" / "fidelity.json"
    written = workspace.folder("write").manifest()
    return Sources(
        name=workspace.video_id,
        video=video,
        transcript=workspace.read("transcribe/transcript.json", Transcript),
        segments=workspace.read("segment/segments.json", Segments),
        outline=workspace.read("outline/outline.json", Outline),
        article=workspace.read("check/article.json", Article),
        verdicts=Verdicts.from_json(report.read_bytes()) if report.is_file() else Verdicts(),
        fidelity=(
            workspace.read("write/fidelity.json", FidelityReport) if fidelity.is_file() else None
        ),
        file=_address(workspace, video),
        frames=workspace.root / "segment",
        # The day only: a chapter resumed later the same day is the same page.
        made_on=written.finished_at[:10] if written else None,
    )


def _address(workspace: Workspace, video: Video) -> str | None:
    """The local video's address as a page in ``render/`` sees it, None when it is not there."""
    path = workspace.video_path(video)
    if not path.is_file():
        return None
    relative = os.path.relpath(path.absolute(), (workspace.root / "render").absolute())
    return quote(Path(relative).as_posix())


STAGE = Stage(
    name="render",
    version=1,
    reads=(
        "download/video.json",
        "transcribe/transcript.json",
        "segment/segments.json",
        "outline/outline.json",
        "check/article.json",
        "check/report.json",
    ),
    sections=("render",),
    depends=depends,
    run=run,
)
