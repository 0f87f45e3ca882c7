"""Going through a document: what is in it, in reading order, and the same with blocks changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from pipeline.document.blocks import (
    AnyBlock,
    Cell,
    Figure,
    Heading,
    List,
    Note,
    Paragraph,
    Quote,
    Table,
    settled,
)
from pipeline.document.citations import Citation
from pipeline.document.inline import runs, words_of, write
from pipeline.document.runs import Run, tidied


def walk(blocks: Iterable[AnyBlock]) -> Iterator[AnyBlock]:
    """Every block, each before those inside it."""
    for block in blocks:
        yield block
        yield from walk(inside(block))


def inside(block: AnyBlock) -> tuple[AnyBlock, ...]:
    """The blocks directly inside a block; none for one that holds no blocks."""
    if isinstance(block, List):
        return tuple(chain.from_iterable(block.items))
    return block.blocks if isinstance(block, (Quote, Note)) else ()


def cells(blocks: Iterable[AnyBlock]) -> tuple[Cell, ...]:
    """The cells, at whatever depth."""
    return tuple(block for block in walk(blocks) if isinstance(block, Cell))


def figures(blocks: Iterable[AnyBlock]) -> tuple[Figure, ...]:
    """The figures, at whatever depth."""
    return tuple(block for block in walk(blocks) if isinstance(block, Figure))


def changed(
    blocks: Iterable[AnyBlock], change: Callable[[AnyBlock], Iterable[AnyBlock]]
) -> tuple[AnyBlock, ...]:
    """The document with each block, those inside first, replaced by what ``change`` gives for it.

    A quotation or list that nothing is left in goes.
    """
    made: list[AnyBlock] = []
    for block in blocks:
        if isinstance(block, List):
            items = tuple(changed(item, change) for item in block.items)
            if any(block.items) and not any(items):
                continue
            block = block.model_copy(update={"items": items})
        elif isinstance(block, (Quote, Note)):
            kept = changed(block.blocks, change)
            if block.blocks and not kept:
                continue
            block = block.model_copy(update={"blocks": kept})
        made += change(block)
    return settled(made)


def texts(block: AnyBlock) -> tuple[str, ...]:
    """The inline texts of the block itself: its words, caption or table; none for code."""
    match block:
        case Paragraph() | Heading():
            return (block.text,)
        case Figure():
            return (block.caption,)
        case Table():
            return (*block.header, *chain.from_iterable(block.rows))
        case _:
            return ()


def with_texts(block: AnyBlock, change: Callable[[Sequence[Run]], Iterable[Run]]) -> AnyBlock:
    """The block with the runs of each of its own texts (see ``texts``) changed."""

    def changed_text(text: str) -> str:
        return write(tidied(change(runs(text))))

    def changed_row(row: Iterable[str]) -> tuple[str, ...]:
        return tuple(map(changed_text, row))

    match block:
        case Paragraph() | Heading():
            update: dict[str, object] = {"text": changed_text(block.text)}
        case Figure():
            update = {"caption": changed_text(block.caption)}
        case Table():
            rows = tuple(map(changed_row, block.rows))
            update = {"header": changed_row(block.header), "rows": rows}
        case _:
            return block
    return block.model_copy(update=update)


def prose_of(blocks: Iterable[AnyBlock]) -> str:
    """What is read as text, a line for each text; code, formulas and citations are left out."""
    lines = (words_of(text) for block in walk(blocks) for text in texts(block))
    return "\n".join(line for line in lines if line)


def cited(block: AnyBlock) -> tuple[Citation, ...]:
    """All citations of a block in reading order: in its text, of the blocks inside, at its end."""
    found = [
        Citation.of(one.text)
        for text in texts(block)
        for one in runs(text)
        if one.kind == "citation"
    ]
    found += chain.from_iterable(cited(one) for one in inside(block))
    return (*found, *block.citations)
