"""Having the faulty blocks of a chunk written again: the request, and the reply laid over them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from pipeline.document.blocks import AnyBlock
from pipeline.document.parse import parse_edited
from pipeline.document.serialise import serialise
from pipeline.document.walk import cells
from pipeline.llm.prompts import render
from pipeline.writing.checks.problems import Problem
from pipeline.writing.omissions import without_list
from pipeline.writing.prompt_context import PromptContext
from pipeline.writing.reply_cleanup import tidied

_BLOCK = re.compile(r"^=== *block +(\d{1,6}) *===[ \t]*$", re.MULTILINE)


def mend_request(blocks: Sequence[AnyBlock], problems: Sequence[Problem]) -> str:
    """The request to write the blocks again that the problems name; all where one names none."""
    concerned = sorted({one.block for one in problems if one.block is not None})
    if any(one.block is None for one in problems):
        concerned = list(range(len(blocks)))
    return render(
        "mend",
        problems=problems,
        blocks=blocks,
        shown=[(number + 1, serialise([blocks[number]]).rstrip("\n")) for number in concerned],
    )


def patched(
    blocks: Sequence[AnyBlock], reply: str, material: PromptContext
) -> tuple[AnyBlock, ...] | None:
    """The blocks with those that the reply gives under their numbers; None when it gives none.

    Each piece is read by itself, so that a fence it leaves open ends with it. A number after the
    last one adds to the end. Cells that are as they were keep their ids.
    """
    marked = _BLOCK.split(without_list(reply))
    if len(marked) < 3:
        return None
    pieces: defaultdict[int, list[str]] = defaultdict(list)
    for number, text in zip(marked[1::2], marked[2::2], strict=True):
        pieces[int(number) - 1].append(text.strip())
    used = {cell.id for cell in cells(blocks)}
    fresh = (name for name in material.cell_ids if name not in used)
    segments = [segment.id for segment in material.chunk.segments]
    made: list[AnyBlock] = []
    for place in sorted({*range(len(blocks)), *(place for place in pieces if place >= 0)}):
        old = blocks[place : place + 1]
        if place in pieces:
            made += parse_edited("\n\n".join(pieces[place]), old, fresh, segments)
        else:
            made += old
    return tidied(made, material)


def new_blocks(before: Sequence[AnyBlock], after: Sequence[AnyBlock]) -> int:
    """How many blocks were not there before."""
    return sum(block not in before for block in after)
