"""Lifts out of a section's Markdown what a Markdown parser must not touch.

Fences, formulas, figures and special-token strings (``<|endoftext|>``) are replaced by short marks
of two private characters around a number; after the conversion the marks are replaced by the
finished HTML. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

_OPEN, _CLOSE = "\ue000", "\ue001"
MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_FORBIDDEN = re.compile(f"[{_OPEN}{_CLOSE}\x00-\x08\x0b\x0c\x0e-\x1f]")
_FENCE = re.compile(r"^([ ]*)(`{3,}|~{3,})[ ]*([^`]*)$")
_FIGURE = re.compile(r"!\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(\s*frame:([A-Za-z0-9_-]+)\s*\)")
_TOKEN = re.compile(r"<\|[A-Za-z0-9_ .:/-]{1,60}\|>")


@dataclass(frozen=True)
class Fence:
    """A fenced block: its language (lower case, maybe empty), further info words, and source.

    ``output`` is the text of the output fence that directly follows it, None when none does.
    """

    language: str
    words: tuple[str, ...]
    source: str
    output: str | None = None

    @property
    def is_output(self) -> bool:
        """True for what a cell printed (a ``text output`` fence)."""
        return self.language in ("", "text") and "output" in self.words


@dataclass(frozen=True)
class Formula:
    """A displayed formula, without its dollar signs."""

    latex: str


@dataclass(frozen=True)
class Figure:
    """A figure by the id of its frame; the caption is Markdown."""

    frame: str
    caption: str


@dataclass(frozen=True)
class Special:
    """A string that must appear on the page letter by letter."""

    text: str


Piece = Fence | Formula | Figure | Special


@dataclass
class Lifted:
    """Markdown with marks, and the pieces that the marks stand for (by number)."""

    markdown: str = ""
    pieces: list[Piece] = field(default_factory=list)

    def mark(self, piece: Piece) -> str:
        """Keep ``piece`` and return the mark that stands for it."""
        self.pieces.append(piece)
        return f"{_OPEN}{len(self.pieces) - 1}{_CLOSE}"


def lift(markdown: str) -> Lifted:
    """Replace fences, display formulas, figures and special tokens by marks, in order.

    Blocks end up as paragraphs of their own, at the indent they had. A fence that is never closed
    reaches to the end, as in CommonMark.
    """
    lifted = Lifted()
    lines = _FORBIDDEN.sub("", markdown.replace("\r\n", "\n")).split("\n")
    out: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if match := _FENCE.match(line):
            at, fence = _read_fence(lines, at, match)
            if not _join_output(fence, out, lifted):
                out += ["", match[1] + lifted.mark(fence), ""]
        elif line.strip().startswith("$$"):
            at, latex = _read_formula(lines, at)
            indent = line[: len(line) - len(line.lstrip())]
            out += ["", indent + lifted.mark(Formula(latex)), ""]
        else:
            out += _lift_figures(line, lifted)
            at += 1
    text = "\n".join(out)
    lifted.markdown = _TOKEN.sub(lambda match: lifted.mark(Special(match[0])), text)
    return lifted


def _read_fence(lines: list[str], at: int, opening: re.Match[str]) -> tuple[int, Fence]:
    """The fence that opens at line ``at``, and the line after it."""
    indent, marker, info = len(opening[1]), opening[2], opening[3].split()
    closing = re.compile(rf"^[ ]*{re.escape(marker[0])}{{{len(marker)},}}[ ]*$")
    body: list[str] = []
    at += 1
    while at < len(lines) and not closing.match(lines[at]):
        line = lines[at]
        body.append(line[min(indent, len(line) - len(line.lstrip(" "))) :])
        at += 1
    language = info[0].lower() if info else ""
    return at + 1, Fence(language, tuple(info[1:]), "\n".join(body))


def _join_output(fence: Fence, out: list[str], lifted: Lifted) -> bool:
    """Give an output fence to the code fence right before it; False when there is none."""
    last = next((line for line in reversed(out) if line), "")
    mark = MARK.fullmatch(last.strip())
    code = lifted.pieces[int(mark[1])] if mark else None
    if not fence.is_output or not mark or not isinstance(code, Fence) or code.is_output:
        return False
    lifted.pieces[int(mark[1])] = replace(code, output=fence.source)
    return True


def _read_formula(lines: list[str], at: int) -> tuple[int, str]:
    """The ``$$`` block that opens at line ``at`` (to a ``$$`` at a line's end, or to the end)."""
    first = lines[at].strip()[2:]
    if first.endswith("$$") and first.strip("$ "):
        return at + 1, first[:-2]
    body = [first]
    at += 1
    while at < len(lines):
        line = lines[at].rstrip()
        at += 1
        if line.endswith("$$"):
            body.append(line[:-2])
            break
        body.append(line)
    return at, "\n".join(body).strip()


def _lift_figures(line: str, lifted: Lifted) -> list[str]:
    """``line`` with each of its figures as a paragraph of its own."""
    if "(frame:" not in line.replace(" ", ""):
        return [line]
    indent = line[: len(line) - len(line.lstrip())]
    out: list[str] = []
    end = 0
    for match in _FIGURE.finditer(line):
        if before := line[end : match.start()].strip():
            out.append(indent + before)
        out += ["", indent + lifted.mark(Figure(match[2], match[1])), ""]
        end = match.end()
    if rest := line[end:].strip():
        out.append(indent + rest)
    return out
