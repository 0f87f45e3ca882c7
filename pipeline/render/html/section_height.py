"""How high a section will be: the room that is kept for it until it is laid out."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from pipeline.document.blocks import AnyBlock, Cell, Figure, Heading, List, Listing, Table
from pipeline.document.walk import prose_of, walk

# In lines of the text on a phone (390 pixels), each measured on a chapter of 37 sections and 38
# figures and rounded up: too much room costs nothing, too little lets parts of a section that is
# not laid out lie, to programs that measure places, on the next one.
_LETTERS = 36  # in a line
_FIGURE, _HEADING, _BLOCK, _FRAME, _CODE_LINE, _ROW = 11.0, 3.5, 0.6, 2.5, 0.75, 1.8
_TITLE = 6.0


def lines_of(blocks: Sequence[AnyBlock]) -> int:
    """The height of a section with these blocks, in lines of text, rather too much than too little.

    >>> lines_of([])
    6
    """
    return ceil(_TITLE + len(prose_of(blocks)) / _LETTERS + sum(map(_room, walk(blocks))))


def _room(block: AnyBlock) -> float:
    """What a block takes besides the letters of its prose."""
    match block:
        case Figure():
            return _FIGURE
        case Heading():
            return _HEADING
        case Cell():
            printed = _framed(block.output) if block.output is not None else 0
            return _framed(block.source) + printed + _FIGURE * 2 * len(block.pictures)
        case Listing():
            return _framed(block.source)
        case Table():
            return _ROW * (1 + len(block.rows)) + _BLOCK
        case List():
            return _BLOCK * (1 + len(block.items))
        case _:
            return 2 * _BLOCK


def _framed(text: str) -> float:
    return _FRAME + _CODE_LINE * (text.count("\n") + 1)
