"""Cells that set a text of which the screens show but the beginning: they run on that, marked."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.document.blocks import SHORTENED, AnyBlock, Cell
from pipeline.document.walk import changed
from pipeline.writing.prompt_context import PromptContext

_MARKS = ("…", "...")
# Letters by which a line is known again.
_EDGE = 40
_UNMARKED: tuple[tuple[str, ...], ...] = ((), ("skip-execution",))


def with_shortened(blocks: Sequence[AnyBlock], material: PromptContext) -> tuple[AnyBlock, ...]:
    """The blocks with the mark on each cell in Python that has such a text cut as it was given,
    whether its writer marked it, left it out of the session, or did nothing."""
    openings = [
        line.strip().partition(_MARKS[0])[0][:_EDGE]
        for code in material.code
        if code.is_shortened
        for line in code.source.splitlines()
        if _MARKS[0] in line
    ]

    def visit(block: AnyBlock) -> list[AnyBlock]:
        if not isinstance(block, Cell) or not block.is_python or block.tags not in _UNMARKED:
            return [block]
        if any(
            line.strip().startswith(opening) and any(mark in line for mark in _MARKS)
            for line in block.source.splitlines()
            for opening in openings
        ):
            return [block.model_copy(update={"tags": (SHORTENED,)})]
        return [block]

    return changed(blocks, visit) if openings else tuple(blocks)
