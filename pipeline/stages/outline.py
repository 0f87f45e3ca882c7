"""The outline stage: the plan of the chapter."""

from __future__ import annotations

import os
from collections.abc import Mapping

from pipeline.artifacts import OUTLINE, SEGMENTS, TRANSCRIPT, VIDEO
from pipeline.engine.stage import Context, Request, Stage, pick
from pipeline.llm.prompts import prompt_hashes
from pipeline.llm.reply_store import recording_hash
from pipeline.llm.stage_client import open_client
from pipeline.settings.config import Config
from pipeline.writing.edition import chosen_edition, wanted_edition
from pipeline.writing.estimate import estimate
from pipeline.writing.outline import planner
from pipeline.writing.outline.section_parts import section_ranges
from pipeline.writing.transcript_edition.sections import plan_transcript


def depends(config: Config) -> Mapping[str, str]:
    """The edition, and the settings that matter to it."""
    edition = wanted_edition(config.write, config.llm, os.environ)
    common = {"edition": edition, **pick(config, "outline", "write.language")}
    if edition == "transcript":
        return common
    return common | pick(config, "llm") | prompt_hashes(*planner.PROMPTS)


def observes(request: Request) -> Mapping[str, str]:
    """The recorded replies, when they stand in for a server."""
    return {"recorded replies": recording_hash(request.replay)} if request.replay else {}


def run(context: Context, config: Config) -> None:
    """Write ``outline.json``.

    Raises:
        OutlineError: an outline edited by hand does not cover the segments in order.
        ConfigError: the llm edition is asked for and no model is set.
        LLMError: the model cannot be asked.
    """
    outline, write, llm = config.outline, config.write, config.llm
    video = context.workspace.read(VIDEO)
    segments = context.workspace.read(SEGMENTS)
    transcript = context.workspace.read(TRANSCRIPT)
    edition = chosen_edition(write, llm, os.environ, context.request.replay)
    if "outline.json" in context.edited:
        plan = context.workspace.read(OUTLINE)
    elif edition == "llm":
        replay = context.request.replay
        if not replay:
            context.progress.note(estimate(context.workspace, config, context.request).describe())
        client = open_client(context.workspace, "outline", llm, context.progress, replay)
        plan = planner.plan_chapter(
            client,
            video,
            segments,
            transcript,
            write,
            outline,
            llm.context_tokens,
            context.progress,
        )
    else:
        plan = plan_transcript(video, segments, transcript, outline)
    section_ranges(plan, segments)
    context.folder.write_json("outline.json", plan)
    context.progress.note(f"{len(plan.sections)} sections")


STAGE = Stage(
    name="outline",
    version=14,
    reads=(VIDEO.name, TRANSCRIPT.name, SEGMENTS.name),
    depends=depends,
    run=run,
    editable=("outline.json",),
    observes=observes,
)
