"""Taking out of a chunk what must not reach a reader, whatever a model wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline.document.blocks import AnyBlock, Cell, Figure, Heading, Paragraph, Table
from pipeline.document.citations import Citation
from pipeline.document.inline import runs, write
from pipeline.document.runs import Run, tidied
from pipeline.document.walk import changed
from pipeline.writing.checks.block_text import known_addresses
from pipeline.writing.prompt_context import PromptContext

_ADDRESS = re.compile(r"https?://[^\s<>)\]\"]+", re.IGNORECASE)


def cleaned(blocks: Sequence[AnyBlock], material: PromptContext) -> tuple[AnyBlock, ...]:
    """The blocks without what must not reach a reader whatever happens.

    Citations of segments outside the chunk, figures that do not exist, are used twice or are out of
    order, addresses that are not known, and drawings that no code has made yet go. Nothing else
    changes.
    """
    return changed(blocks, _Cleaner(material).change)


class _Cleaner:
    """Goes through one chunk in reading order."""

    def __init__(self, material: PromptContext) -> None:
        self._order = [segment.id for segment in material.chunk.segments]
        self._addresses = known_addresses(material.links)
        self._usable = material.usable
        self._latest_ms = -1

    def change(self, block: AnyBlock) -> list[AnyBlock]:
        cited = tuple(one for old in block.citations for one in self._citation(old))
        if isinstance(block, Figure) and not self._is_good(block):
            return [Paragraph(text="", citations=cited)]
        if isinstance(block, Cell) and block.pictures:
            block = block.model_copy(update={"pictures": ()})
        if cited != block.citations:
            block = block.model_copy(update={"citations": cited})
        return [self._with_good_texts(block)]

    def _is_good(self, figure: Figure) -> bool:
        frame = self._usable.get(figure.frame)
        if frame is None or frame.at_ms <= self._latest_ms:
            return False
        self._latest_ms = frame.at_ms
        return True

    def _with_good_texts(self, block: AnyBlock) -> AnyBlock:
        fields: dict[str, object]
        match block:
            case Paragraph() | Heading():
                fields = {"text": self._text(block.text)}
            case Figure():
                fields = {"caption": self._text(block.caption)}
            case Table():
                fields = {
                    "header": tuple(map(self._text, block.header)),
                    "rows": tuple(tuple(map(self._text, row)) for row in block.rows),
                }
            case _:
                return block
        if all(getattr(block, name) == value for name, value in fields.items()):
            return block
        return type(block).model_validate(dict(block) | fields)

    def _text(self, text: str) -> str:
        found = runs(text)
        kept = list(self._runs(found))
        return text if kept == list(found) else write(tidied(kept))

    def _runs(self, found: Iterable[Run]) -> Iterator[Run]:
        for one in found:
            if one.kind == "citation":
                for citation in self._citation(Citation.of(one.text)):
                    yield replace(one, text=citation.ids)
                continue
            if one.link in self._addresses:
                yield one
                continue
            unlinked = replace(one, link="") if one.link else one
            if one.kind == "text":
                unlinked = replace(unlinked, text=_ADDRESS.sub(self._address, one.text))
            yield unlinked

    def _address(self, found: re.Match[str]) -> str:
        return found[0] if found[0].rstrip(".,;") in self._addresses else ""

    def _citation(self, citation: Citation) -> list[Citation]:
        """The citation within the chunk, in order; none where it is outside of it."""
        order = self._order
        if citation.first not in order and citation.last not in order:
            return []
        first = citation.first if citation.first in order else order[0]
        last = citation.last if citation.last in order else order[-1]
        if order.index(first) > order.index(last):
            first, last = last, first
        return [Citation(first=first, last=last)]
