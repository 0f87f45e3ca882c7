"""The cells of a Markdown text by its lines, as the notebook export reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.cells.program import prepared
from pipeline.document.blocks import PLAIN, PYTHON, Cell
from pipeline.document.fences import Fence, fences

_LEAD = re.compile(r"^[*_]*(the )?(output|result|prints?|this prints|out)\b[^.]{0,40}[:*_]+$", re.I)


@dataclass(frozen=True)
class ExtractedCell:
    """One fenced block of Python: where it stands, the source to run, the output after it."""

    fence: Fence
    tags: tuple[str, ...]
    source: str
    output: Fence | None = None
    is_python: bool = True


def extract(markdown: str) -> list[ExtractedCell]:
    """The Python cells of ``markdown`` in order."""
    lines = markdown.split("\n")
    blocks = fences(markdown)
    cells = []
    for fence, following in zip(blocks, [*blocks[1:], None], strict=True):
        if fence.language in PYTHON:
            source = prepared(Cell(id="x", language="python", source=fence.body)).source
            output = following if following and _is_output(fence, following, lines) else None
            cells.append(ExtractedCell(fence, fence.tags, source, output))
    return cells


def _is_output(fence: Fence, following: Fence, lines: list[str]) -> bool:
    if following.language not in PLAIN | {""}:
        return False
    between = [line.strip() for line in lines[fence.end : following.start] if line.strip()]
    return not between or (len(between) == 1 and bool(_LEAD.match(between[0])))
