"""Stage render: the checked article and all behind it become a page."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from pipeline.artifacts import CHECKED, FIDELITY, OUTLINE, SEGMENTS, TRANSCRIPT, VIDEO
from pipeline.cells.report import REPORT
from pipeline.engine.stage import Context, Stage, pick
from pipeline.engine.workspace import Workspace
from pipeline.render.assets import assets_fingerprint
from pipeline.render.corrections import corrections_of
from pipeline.render.files import render_chapter
from pipeline.render.library_index import write_list
from pipeline.render.load import sources_of, warnings_of
from pipeline.settings.config import Config
from pipeline.transcript.asr.report import SPEECH_REPORT

log = logging.getLogger(__name__)


def depends(config: Config) -> Mapping[str, str]:
    """The stage's settings and everything the page is built from."""
    return pick(config, "render") | {"templates": assets_fingerprint()}


def finds(workspace: Workspace, config: Config) -> Mapping[str, str]:
    """The warnings of earlier stages, which the page shows, and the words corrected since."""
    warnings = warnings_of(workspace)
    corrections = corrections_of(workspace)
    found = {"warnings": "\n".join(warnings)} if warnings else {}
    laid_over = corrections.title is not None or corrections.corrections
    return found | ({"corrections": corrections.model_dump_json()} if laid_over else {})


def run(context: Context, config: Config) -> None:
    """Render the chapter of the workspace into its ``render/`` folder."""
    rendered = render_chapter(sources_of(context.workspace), config.render)
    for name in rendered.chapter.unknown_citations:
        context.progress.warn(f"the text cites {name}, which is not a segment: left out")
    for name in rendered.chapter.unknown_frames:
        context.progress.warn(f"the text shows {name}, which is not a frame: left out")
    total = len(rendered.files)
    log.info("%d words in %d sections", rendered.chapter.word_count, len(rendered.chapter.sections))
    for done, (name, data) in enumerate(rendered.files.items(), start=1):
        context.folder.write_bytes(name, data)
        context.progress.update(done, total, "files")
    write_list(context.workspace.root.parent)


STAGE = Stage(
    name="render",
    version=11,
    reads=(
        VIDEO.name,
        TRANSCRIPT.name,
        SPEECH_REPORT.name,
        SEGMENTS.name,
        OUTLINE.name,
        CHECKED.name,
        REPORT.name,
        FIDELITY.name,
    ),
    depends=depends,
    run=run,
    finds=finds,
)
