"""Earlier chapters of the same book: what a chapter's writer is told of them, and when it changes.

A book lays ``earlier.json`` in the folder of each lecture: what it would tell its writer now. The
write stage takes it before it first asks the model, and keeps what it took in
``write/earlier.json``. From the first paid reply on that copy counts: when a lecture is put in
front, edited or removed later, the chapter keeps its text, because every one of its calls would
have to be paid for again. ``status`` says what changed; ``write.follow_book`` has it rewritten.
Without a book there is no such file, and nothing of this is part of the question.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from pipeline.artifacts import EARLIER, EARLIER_TOLD
from pipeline.document.outline import Earlier, EarlierChapter
from pipeline.engine.workspace import Artifact, Workspace, to_json
from pipeline.errors import ArtifactError
from pipeline.llm.tokens import estimate_tokens

OFFERED = "earlier.json"
TAKEN = "earlier.json"  # in the folder of the write stage
# The list stands in every call of the chapter. It holds some 80 titles, or 25 with their terms.
ROOM_TOKENS = 1_000
_NAMED = 3


def earlier_chapters(workspace: Workspace, follow: bool = False) -> Earlier:
    """What the chapter's writer is told: what it was told when the first reply was paid for, before
    that what the book says now; nothing outside of a book.

    Args:
        follow: in any case what the book says now.
    """
    offered = _read(workspace, EARLIER)
    if follow or not _is_paid_for(workspace):
        return offered or Earlier()
    taken = workspace.root / "write" / TAKEN
    if not taken.exists():
        return Earlier()  # written before it belonged to a book
    return _read(workspace, EARLIER_TOLD) or offered or Earlier()


def earlier_hash(earlier: Earlier) -> str:
    """What the list is recognised by."""
    return hashlib.sha256(to_json(earlier)).hexdigest()[:16]


def changes(workspace: Workspace) -> str:
    """How the book's earlier chapters differ from those that the chapter was written with, in
    words; empty when they do not, and while nothing is written."""
    offered = _read(workspace, EARLIER)
    if offered is None or not _is_paid_for(workspace):
        return ""
    before = earlier_chapters(workspace).chapters
    now = offered.chapters
    if before == now:
        return ""
    old, new = {one.title for one in before}, {one.title for one in now}
    said = [
        *_named([one.title for one in now if one.title not in old], "new"),
        *_named([one.title for one in before if one.title not in new], "gone"),
    ]
    return "; ".join(said) or "their terms or their order are others"


def earlier_lines(chapters: Sequence[EarlierChapter]) -> list[str]:
    """One line for each chapter, in the order of the book: its title, and its terms."""
    return [earlier_line(chapter) for chapter in chapters]


def earlier_line(chapter: EarlierChapter) -> str:
    """The chapter's line."""
    return f"{chapter.title}: {'; '.join(chapter.terms)}" if chapter.terms else chapter.title


def line_tokens(chapter: EarlierChapter) -> int:
    """About how many tokens its line takes, with the line's mark and end."""
    return estimate_tokens(f"- {earlier_line(chapter)}\n")


def _read(workspace: Workspace, artifact: Artifact[Earlier]) -> Earlier | None:
    """None when it is missing or damaged."""
    try:
        return workspace.read(artifact)
    except ArtifactError:
        return None


def _is_paid_for(workspace: Workspace) -> bool:
    """Whether a reply to the write stage is on disk, or (with recorded replies, which leave none)
    it was finished."""
    folder = workspace.root / "write"
    replies = (one.name for one in folder.glob("replies/*.md"))
    if any(not name.endswith(".prompt.md") for name in replies):
        return True
    return (folder / TAKEN).exists() and (folder / "manifest.json").exists()


def _named(titles: Sequence[str], what: str) -> list[str]:
    if not titles:
        return []
    named = ", ".join(f"“{title}”" for title in titles[:_NAMED])
    more = f" and {len(titles) - _NAMED} more" if len(titles) > _NAMED else ""
    return [f"{what}: {named}{more}"]
