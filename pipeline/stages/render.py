"""Stage render: the checked article and all behind it become a page."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.config import Config
from pipeline.settings.render import RenderSettings
from pipeline.site.assets import assets_fingerprint
from pipeline.site.library import write_list
from pipeline.site.load import sources_of
from pipeline.site.render import render_chapter
from pipeline.stages.base import Context, Stage, pick


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
    write_list(context.workspace.root.parent)


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
        "write/fidelity.json",
    ),
    sections=("render",),
    depends=depends,
    run=run,
)
