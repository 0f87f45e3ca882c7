"""The write stage: the text of the chapter, section by section."""

from __future__ import annotations

import os
from collections.abc import Mapping

from pipeline.article.section_files import section_file, with_edits
from pipeline.article.transcript_edition import write_transcript
from pipeline.article.transcript_report import report
from pipeline.config import Config
from pipeline.llm.edition import wanted_edition
from pipeline.model import Article, Outline, Segments, Transcript, Video
from pipeline.settings.llm import LLMSettings
from pipeline.settings.outline import OutlineSettings
from pipeline.settings.write import WriteSettings
from pipeline.stages.base import Context, Stage, pick


def depends(config: Config) -> Mapping[str, str]:
    """The edition, and the settings that matter to it."""
    edition = wanted_edition(config.write, config.llm, os.environ)
    return {"edition": edition, **pick(config, "outline", "write.language")}


def run(context: Context, outline: OutlineSettings, write: WriteSettings, llm: LLMSettings) -> None:
    """Write ``article.json``, ``fidelity.json`` and ``sections/NN-slug.md``.

    Raises:
        OutlineError: the outline does not cover the segments in order (after a hand edit).
    """
    workspace = context.workspace
    segments = workspace.read("segment/segments.json", Segments)
    article = with_edits(
        write_transcript(
            workspace.read("download/video.json", Video),
            segments,
            workspace.read("transcribe/transcript.json", Transcript),
            workspace.read("outline/outline.json", Outline),
            outline,
        ),
        context.edited,
    )
    _write_sections(context, article)
    context.folder.write_json("fidelity.json", report(article, segments))
    context.folder.write_json("article.json", article)


def _write_sections(context: Context, article: Article) -> None:
    names = []
    for number, section in enumerate(article.sections, start=1):
        names.append(section_file(number, section.title))
        context.folder.write_text(names[-1], section.markdown)
    for name in sorted(set(context.edited) - set(names)):
        context.progress.warn(f"write/{name} belongs to no section of the outline any more")


STAGE = Stage(
    name="write",
    version=1,
    reads=(
        "download/video.json",
        "transcribe/transcript.json",
        "segment/segments.json",
        "outline/outline.json",
    ),
    sections=("outline", "write", "llm"),
    depends=depends,
    run=run,
    editable=("sections/*.md",),
)
