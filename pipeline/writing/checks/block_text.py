"""What the checks read of a document: its running text, its code, its runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.document.blocks import (
    AnyBlock,
    Cell,
    Formula,
    List,
    Listing,
    Note,
    Paragraph,
    Quote,
    Table,
)
from pipeline.document.inline import runs
from pipeline.document.outline import Link
from pipeline.document.runs import Run
from pipeline.document.walk import prose_of, texts, walk

_ADDRESS = re.compile(r"https?://[^\s<>)\]]+")


def is_running_text(block: AnyBlock) -> bool:
    """Whether it is read as text, and is neither a heading nor a figure, nor code by itself."""
    return isinstance(block, (Paragraph, List, Quote, Note, Table))


def prose_beside_code(blocks: Iterable[AnyBlock]) -> str:
    """What is written in a language, a line for each text: prose without its code, whose letters
    and names are words of some other language ("Y", "no", "a")."""
    lines = (_spoken(text) for block in walk(blocks) for text in texts(block))
    return "\n".join(line for line in lines if line)


def _spoken(text: str) -> str:
    return " ".join(run.text for run in runs(text) if run.kind == "text")


def text_of(block: AnyBlock) -> str:
    """All words and formulas of a block, a line for each; empty for code."""
    formulas = [one.latex for one in walk([block]) if isinstance(one, Formula)]
    return "\n".join(filter(None, [prose_of([block]), *formulas]))


def code_of(blocks: Iterable[AnyBlock]) -> tuple[str, ...]:
    """The sources and outputs of all cells and listings, at whatever depth."""
    found: list[str] = []
    for block in walk(blocks):
        if isinstance(block, (Cell, Listing)):
            found.append(block.source)
        if isinstance(block, Cell) and block.output:
            found.append(block.output)
    return tuple(found)


def everything_in(blocks: Iterable[AnyBlock]) -> str:
    """Words, formulas and code of the blocks."""
    own = tuple(blocks)
    return "\n".join([*map(text_of, own), *code_of(own)])


def runs_in(block: AnyBlock) -> Iterator[Run]:
    """The runs of all texts of a block and of those inside it, in reading order."""
    for one in walk([block]):
        for text in texts(one):
            yield from runs(text)


def addresses_in(block: AnyBlock) -> list[str]:
    """Where the links of a block lead, and addresses that stand in its words, in order."""
    found: list[str] = []
    for run in runs_in(block):
        if run.link:
            found.append(run.link)
        elif run.kind == "text":
            found += _ADDRESS.findall(run.text)
    return found


def known_addresses(links: Iterable[Link]) -> frozenset[str]:
    """The addresses of the links, as they are given and as they stand in a document.

    >>> sorted(known_addresses([Link(title="Sun", url="https://a.example/日")]))
    ['https://a.example/%E6%97%A5', 'https://a.example/日']
    """
    given = {link.url for link in links}
    return frozenset(given | {run.link for url in given for run in runs(f"<{url}>") if run.link})
