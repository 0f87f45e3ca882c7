"""The command ``ask``: a question to a chapter or a book, answered with seconds of the lecture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.answering.answer import Answer
from pipeline.artifacts import VIDEO
from pipeline.book import record
from pipeline.engine.workspace import Workspace
from pipeline.render.links import moment_url
from pipeline.timecode import clock

SILENT = "The lecture does not say."


def workspaces_of_book(output: Path, name: str) -> tuple[Workspace, ...]:
    """The chapters of the book ``name``, in order; empty when there is no such book."""
    found = record.load(output / "books" / name) if "/" not in name else None
    entries = [one for one in found.entries if one.chapter is not None] if found else []
    entries.sort(key=lambda one: one.chapter or 0)
    return tuple(Workspace(output / one.id) for one in entries)


def as_text(found: Answer, workspaces: Sequence[Workspace]) -> str:
    """For a user: each sentence with its seconds, then where these are."""
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


def cost_line(found: Answer) -> str:
    """What the answer cost."""
    usage = found.usage
    if usage.cached_calls and not usage.calls - usage.cached_calls:
        return "asked before: this answer cost nothing"
    tokens = usage.input_tokens + usage.output_tokens
    return f"the answer took {tokens:,} tokens and cost {usage.cost:.4f}"
