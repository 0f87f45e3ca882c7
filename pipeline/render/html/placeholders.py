"""Lifts out of a section's Markdown what a Markdown parser must not touch.

Fences, formulas, figures and special-token strings (``<|endoftext|>``) are replaced by short marks
of two private characters around a number; after the conversion the marks are replaced by the
finished HTML. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from pipeline.document.fences import fences

_OPEN, _CLOSE = "\ue000", "\ue001"
MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_FORBIDDEN = re.compile(f"[{_OPEN}{_CLOSE}\x00-\x08\x0b\x0c\x0e-\x1f]")
_FIGURE = re.compile(r"!\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(\s*frame:([A-Za-z0-9_-]+)\s*\)")
_DRAWING = re.compile(r"^\s*!\[[^\[\]]*\]\(([\w./-]+\.(?:png|jpe?g|gif|webp))\)\s*$")
_TOKEN = re.compile(r"<\|[^|<>\n]{1,80}\|>")


@dataclass(frozen=True)
class FencePlaceholder:
    """A fenced block: its language (lower case, maybe empty), further info words, and source.

    ``output`` is the text of the output fence that directly follows it, None when none does;
    ``drawings`` are the paths of the pictures after that (what the cell drew).
    """

    language: str
    words: tuple[str, ...]
    source: str
    output: str | None = None
    drawings: tuple[str, ...] = ()

    @property
    def is_output(self) -> bool:
        """True for what a cell printed (a ``text output`` fence)."""
        return self.language in ("", "text") and "output" in self.words


@dataclass(frozen=True)
class FormulaPlaceholder:
    """A displayed formula, without its dollar signs."""

    latex: str


@dataclass(frozen=True)
class FigurePlaceholder:
    """A figure by the id of its frame; the caption is Markdown."""

    frame: str
    caption: str


@dataclass(frozen=True)
class Special:
    """A string that must appear on the page letter by letter."""

    text: str


Piece = FencePlaceholder | FormulaPlaceholder | FigurePlaceholder | Special


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
    text = _FORBIDDEN.sub("", markdown.replace("\r\n", "\n"))
    lines = text.split("\n")
    blocks = {block.start: block for block in fences(text)}
    out: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if block := blocks.get(at):
            at = block.end
            fence = FencePlaceholder(block.language, block.tags, block.body.removesuffix("\n"))
            if not _join_output(fence, out, lifted):
                out += ["", block.indent + lifted.mark(fence), ""]
        elif (drawing := _DRAWING.match(line)) and _join_drawing(drawing[1], out, lifted):
            at += 1
        elif formula := _read_formula(lines, at):
            at, latex = formula
            indent = line[: len(line) - len(line.lstrip())]
            out += ["", indent + lifted.mark(FormulaPlaceholder(latex)), ""]
        else:
            out += _lift_figures(line, lifted)
            at += 1
    lifted.markdown = _TOKEN.sub(lambda match: lifted.mark(Special(match[0])), "\n".join(out))
    return lifted


def _join_output(fence: FencePlaceholder, out: list[str], lifted: Lifted) -> bool:
    """Give an output fence to the code fence right before it; False when there is none."""
    number, code = _cell_before(out, lifted)
    if not fence.is_output or code is None or code.output is not None:
        return False
    lifted.pieces[number] = replace(code, output=fence.source)
    return True


def _join_drawing(path: str, out: list[str], lifted: Lifted) -> bool:
    """Give a picture to the code fence right before it; False when there is none."""
    number, code = _cell_before(out, lifted)
    if code is None:
        return False
    lifted.pieces[number] = replace(code, drawings=(*code.drawings, path))
    return True


def _cell_before(out: list[str], lifted: Lifted) -> tuple[int, FencePlaceholder | None]:
    """The code fence that is the last block of ``out``, and its number."""
    last = next((line for line in reversed(out) if line), "")
    mark = MARK.fullmatch(last.strip())
    piece = lifted.pieces[int(mark[1])] if mark else None
    if mark is None or not isinstance(piece, FencePlaceholder) or piece.is_output:
        return 0, None
    return int(mark[1]), piece


def _read_formula(lines: list[str], at: int) -> tuple[int, str] | None:
    """The line after the ``$$`` block that opens at line ``at``, and its LaTeX.

    None when no line closes it before the paragraph ends: then the dollars are text.
    """
    first = lines[at].strip()
    if not first.startswith("$$"):
        return None
    if first.endswith("$$") and first.strip("$ "):
        return at + 1, first[2:-2]
    body = [first[2:]]
    for number in range(at + 1, len(lines)):
        line = lines[number].strip()
        if line.endswith("$$"):
            return number + 1, "\n".join([*body, line[:-2]]).strip()
        if not line:
            break
        body.append(line)
    return None


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
        out += ["", indent + lifted.mark(FigurePlaceholder(match[2], match[1])), ""]
        end = match.end()
    if rest := line[end:].strip():
        out.append(indent + rest)
    return out
