"""Stage render: the checked article and all behind it become a page."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.artifacts import CHECKED, FIDELITY, OUTLINE, SEGMENTS, TRANSCRIPT, VIDEO
from pipeline.cells.report import REPORT
from pipeline.config import Config
from pipeline.site.assets import assets_fingerprint
from pipeline.site.library_index import write_list
from pipeline.site.load import sources_of
from pipeline.site.render import render_chapter
from pipeline.stages.base import Context, Stage, pick


def depends(config: Config) -> Mapping[str, str]:
    """The stage's settings and everything the page is built from."""
    return pick(config, "render") | {"templates": assets_fingerprint()}


def run(context: Context, config: Config) -> None:
    """Render the chapter of the workspace into its ``render/`` folder."""
    rendered = render_chapter(sources_of(context.workspace), config.render)
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
        VIDEO.name,
        TRANSCRIPT.name,
        SEGMENTS.name,
        OUTLINE.name,
        CHECKED.name,
        REPORT.name,
        FIDELITY.name,
    ),
    depends=depends,
    run=run,
)
