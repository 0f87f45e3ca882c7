"""Questions to the chapters in a folder: one, or all of a book."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.answering.answer import Answer, answer
from pipeline.answering.passages import FoundPassage, passages_of
from pipeline.artifacts import CHECKED, OUTLINE
from pipeline.engine.progress import Progress
from pipeline.engine.symlink_guard import check_links
from pipeline.engine.workspace import Workspace
from pipeline.settings.llm import LLMSettings


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
        WorkspaceError: a link in a lecture's folder leads out of the output folder.
    """
    for workspace in workspaces:
        check_links(workspace.root, workspace.root.parent)
    passages: list[FoundPassage] = []
    for workspace in workspaces:
        article = workspace.read(CHECKED)
        passages += passages_of(workspace.video_id, article, len(passages) + 1)
    root, outline = workspaces[0].root, workspaces[0].read(OUTLINE)
    return answer(
        question, passages, outline.title, outline.language, settings,
        root / "ask" / "replies", progress, root,
    )  # fmt: skip


def as_data(found: Answer) -> dict[str, Any]:
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
    return {"sentences": sentences, "dropped": found.dropped, "cost": found.usage.cost}
