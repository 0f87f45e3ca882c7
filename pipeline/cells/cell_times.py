"""Which moment of the lecture each cell of a section stands for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pipeline.document.article import Section
from pipeline.document.blocks import AnyBlock, Cell, Figure
from pipeline.document.citations import Citation
from pipeline.document.inline import runs
from pipeline.document.walk import inside, texts
from pipeline.models import Segments


class CellTimes:
    """Finds times from the citations and figures around a cell."""

    def __init__(self, segments: Segments) -> None:
        self._segments = {one.id: one.start_ms for one in segments.segments}
        self._frames = {one.id: one.at_ms for one in segments.frames}

    def of(self, section: Section) -> Mapping[str, int]:
        """The time of each cell of a section, in ms, by the cell's id.

        It is that of the cell's own moment or citation, else of the last figure or citation before
        it in reading order, else of the first one after it; without any, the start of the section.
        A figure shows what was on the screen when the code was, so it is as good as a citation.
        """
        found: dict[str, int] = {}
        waiting: list[str] = []
        last: int | None = None
        for cell, at_ms in self._events(section.blocks):
            last = last if at_ms is None else at_ms
            if cell is not None and last is None:
                waiting.append(cell)
            elif last is not None:
                found |= dict.fromkeys(waiting, last)
                waiting.clear()
                found |= {cell: last} if cell is not None else {}
        return found | dict.fromkeys(waiting, section.start_ms)

    def _events(self, blocks: Iterable[AnyBlock]) -> Iterator[tuple[str | None, int | None]]:
        """In reading order: the id of a cell, None for another block; and what time it tells."""
        for block in blocks:
            yield from self._events(inside(block))
            if isinstance(block, Cell):
                own = block.moment_ms
                yield block.id, self._first(block.citations) if own is None else own
            else:
                yield None, self._told_by(block)

    def _told_by(self, block: AnyBlock) -> int | None:
        if block.moment_ms is not None:
            return block.moment_ms
        found = [self._frames.get(block.frame)] if isinstance(block, Figure) else []
        marks = (one for text in texts(block) for one in runs(text) if one.kind == "citation")
        cited = [*map(Citation.of, (one.text for one in marks)), *block.citations]
        known = [*found, *(self._segments.get(one.first) for one in cited)]
        return next((one for one in reversed(known) if one is not None), None)

    def _first(self, citations: Iterable[Citation]) -> int | None:
        known = (self._segments.get(one.first) for one in citations)
        return next((one for one in known if one is not None), None)
