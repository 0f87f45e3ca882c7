"""Markdown as a sequence of blocks: paragraphs, headings, fenced code, figures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["prose", "heading", "code", "figure"]

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:\s(.*))?", re.DOTALL)
_FIGURE = re.compile(r"\s*!\[[^\]]*\]\(frame:[^)]*\)\s*")


@dataclass(frozen=True)
class MarkdownBlock:
    """One block; ``text`` holds it whole, without the empty lines around it.

    A ``figure`` is a paragraph that is nothing but one picture. Lists, quotations and tables are
    ``prose``. ``closed`` is false for a fence that is never closed.
    """

    kind: Kind
    text: str
    closed: bool = True

    @property
    def level(self) -> int:
        """1 to 6 for a heading, else 0."""
        found = _HEADING.fullmatch(self.text) if self.kind == "heading" else None
        return len(found.group(1)) if found else 0

    @property
    def title(self) -> str:
        """A heading's text, else an empty string."""
        found = _HEADING.fullmatch(self.text) if self.kind == "heading" else None
        title = (found.group(2) or "").strip() if found else ""
        bare = title.rstrip("#")
        # Closing marks stand apart: "C#" is a name.
        return bare.rstrip() if not bare or bare[-1].isspace() else title

    @property
    def info(self) -> str:
        """What stands behind a fence's opening marks (``python``), else an empty string."""
        found = _FENCE.match(self.text) if self.kind == "code" else None
        return found.group(2).strip() if found else ""

    @property
    def code(self) -> str:
        """What stands between a fence's marks, else an empty string."""
        if self.kind != "code":
            return ""
        lines = self.text.splitlines()[1:]
        return "\n".join(lines[:-1] if self.closed else lines)


def split_blocks(markdown: str) -> tuple[MarkdownBlock, ...]:
    """The blocks in order; joined with empty lines between them they are the text again."""
    blocks: list[MarkdownBlock] = []
    pending: list[str] = []

    def flush() -> None:
        if text := "\n".join(pending).strip("\n"):
            blocks.append(MarkdownBlock("figure" if _FIGURE.fullmatch(text) else "prose", text))
        pending.clear()

    lines = iter(markdown.replace("\r\n", "\n").split("\n"))
    for line in lines:
        if found := _FENCE.match(line):
            flush()
            blocks.append(_fenced(line, found.group(1), lines))
        elif not line.strip():
            flush()
        elif _HEADING.fullmatch(line):
            flush()
            blocks.append(MarkdownBlock("heading", line.strip()))
        else:
            pending.append(line.rstrip())
    flush()
    return tuple(blocks)


def join_blocks(blocks: Iterable[MarkdownBlock]) -> str:
    """Markdown of the blocks; a fence left open is closed. Ends in one newline unless empty."""
    texts = [
        block.text if block.closed else f"{block.text}\n{_marks(block.text)}" for block in blocks
    ]
    return "\n\n".join(texts) + "\n" if texts else ""


def prose_of(markdown: str) -> str:
    """Only what is read as text: no code, no citations, no addresses; captions and titles stay."""
    kept = [block for block in split_blocks(markdown) if block.kind != "code"]
    text = "\n".join(block.title or block.text for block in kept)
    text = re.sub(r"\[\[[^\[\]]*\]\]", "", text)
    return re.sub(r"!?\[([^\[\]]*)\]\((?:[^()]++|\([^()]*\))*+\)", r"\1", text)


def _fenced(line: str, marks: str, lines: Iterable[str]) -> MarkdownBlock:
    taken = [line.strip() if line.startswith(" ") else line.rstrip()]
    for inner in lines:
        taken.append(inner.rstrip())
        found = _FENCE.match(inner)
        if found and found.group(1).startswith(marks) and not found.group(2).strip():
            taken[-1] = found.group(1)
            return MarkdownBlock("code", "\n".join(taken))
    return MarkdownBlock("code", "\n".join(taken).rstrip(), closed=False)


def _marks(text: str) -> str:
    found = _FENCE.match(text)
    return found.group(1) if found else "```"
