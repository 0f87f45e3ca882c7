"""The outline stage: the plan of the chapter."""

from __future__ import annotations

import os
from collections.abc import Mapping

from pipeline.article.section_ranges import section_ranges
from pipeline.article.sections import plan_transcript
from pipeline.config import Config
from pipeline.llm.edition import chosen_edition, wanted_edition
from pipeline.model import Segments, Video
from pipeline.settings.llm import LLMSettings
from pipeline.settings.outline import OutlineSettings
from pipeline.settings.write import WriteSettings
from pipeline.stages.base import Context, Stage, pick


def depends(config: Config) -> Mapping[str, str]:
    """The edition, and the settings that matter to it."""
    edition = wanted_edition(config.write, config.llm, os.environ)
    return {"edition": edition, **pick(config, "outline", "write.language")}


def run(context: Context, outline: OutlineSettings, write: WriteSettings, llm: LLMSettings) -> None:
    """Write ``outline.json``.

    Raises:
        OutlineError: an outline edited by hand does not cover the segments in order.
        ConfigError: the llm edition is asked for and no model is set.
    """
    video = context.workspace.read("download/video.json", Video)
    segments = context.workspace.read("segment/segments.json", Segments)
    chosen_edition(write, llm, os.environ, context.request.replay)
    plan = plan_transcript(video, segments, outline)
    section_ranges(plan, segments)
    context.folder.write_json("outline.json", plan)
    context.progress.note(f"{len(plan.sections)} sections")


STAGE = Stage(
    name="outline",
    version=1,
    reads=("download/video.json", "segment/segments.json"),
    sections=("outline", "write", "llm"),
    depends=depends,
    run=run,
    editable=("outline.json",),
)
