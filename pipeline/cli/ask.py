"""The command ``ask``: a question to a chapter or a book, answered with seconds of the lecture."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.answering.answer import Answer, answer
from pipeline.answering.passages import FoundPassage, passages_of
from pipeline.artifacts import CHECKED, OUTLINE, VIDEO
from pipeline.book import record
from pipeline.engine.progress import Progress
from pipeline.engine.workspace import Workspace
from pipeline.llm.stage_client import ASKING
from pipeline.render.links import moment_url
from pipeline.settings.llm import LLMSettings
from pipeline.timecode import clock

SILENT = "The lecture does not say."


def workspaces_of_book(output: Path, name: str) -> tuple[Workspace, ...]:
    """The chapters of the book ``name``, in order; empty when there is no such book."""
    found = record.load(output / "books" / name) if "/" not in name else None
    entries = [one for one in found.entries if one.chapter is not None] if found else []
    entries.sort(key=lambda one: one.chapter or 0)
    return tuple(Workspace(output / one.id) for one in entries)


def ask(
    workspaces: Sequence[Workspace],
    question: str,
    settings: LLMSettings,
    progress: Progress,
) -> Answer:
    """The answer of one chapter, or of all chapters of a book.

    Replies are kept in ``ask/replies/`` of the first lecture; what they cost counts with those of
    its stages.

    Raises:
        ArtifactError: a chapter is not written yet, or damaged.
        LLMError, UsageError: see ``answer``.
    """
    passages: list[FoundPassage] = []
    for workspace in workspaces:
        article = workspace.read(CHECKED)
        passages += passages_of(workspace.video_id, article, len(passages) + 1)
    root, outline = workspaces[0].root, workspaces[0].read(OUTLINE)
    others = [root / name / "replies" for name in ASKING]
    return answer(
        question, passages, outline.title, outline.language, settings,
        root / "ask" / "replies", progress, others,
    )  # fmt: skip


def as_text(found: Answer, workspaces: Sequence[Workspace]) -> str:
    """For a person: each sentence with its seconds, then where these are."""
    if not found.sentences:
        return SILENT
    urls = {one.video_id: one.read(VIDEO).url for one in workspaces}
    lines, links = [], dict[str, str]()
    for sentence in found.sentences:
        marks = []
        for passage in sentence.passages:
            where = f"{passage.lecture} " if len(workspaces) > 1 else ""
            mark = f"[{where}{clock(passage.at_ms)}]"
            marks.append(mark)
            if url := moment_url(urls[passage.lecture], None, passage.at_ms):
                links[mark] = url
        lines.append(f"{sentence.text} {' '.join(dict.fromkeys(marks))}")
    return "\n".join(["\n".join(lines), *(f"{mark} {url}" for mark, url in links.items())])


def as_json(found: Answer) -> str:
    """For programs: ``{sentences: [{text, passages: [{lecture, section, at_ms}]}], cost}``."""
    sentences: list[dict[str, Any]] = [
        {
            "text": sentence.text,
            "passages": [
                {"lecture": one.lecture, "section": one.section, "at_ms": one.at_ms}
                for one in sentence.passages
            ],
        }
        for sentence in found.sentences
    ]
    return json.dumps(
        {"sentences": sentences, "dropped": found.dropped, "cost": found.usage.cost},
        ensure_ascii=False, indent=2,
    )  # fmt: skip


def cost_line(found: Answer) -> str:
    """What the answer cost."""
    usage = found.usage
    if usage.cached_calls and not usage.calls - usage.cached_calls:
        return "asked before: this answer cost nothing"
    tokens = usage.input_tokens + usage.output_tokens
    return f"the answer took {tokens:,} tokens and cost {usage.cost:.4f}"
