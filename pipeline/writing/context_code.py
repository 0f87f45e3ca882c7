"""The code of each chunk: what its screens show, put together from all frames that show it.

A screen's text is one reading of one moment, with the window around it and at most a window's
height of a program. The cells of the transcript edition are read from several frames: what scrolled
by is whole in them, and most misreadings are gone. A writer is given these.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.models import Frame
from pipeline.writing.chunks import Chunk
from pipeline.writing.spoken_of import spoken_in
from pipeline.writing.transcript_edition.screen_code.extraction import ScreenCell

# Letters of one piece of code, and of its output: some eighty lines, and a dozen.
_LONGEST_CODE = 3_000
_LONGEST_OUTPUT = 500
_CUT = "[...]"
_DEFINED = re.compile(r"^(?:async +def|def|class) +(\w+)", re.MULTILINE)


@dataclass(frozen=True)
class ContextCode:
    """Code as the writer gets to know it.

    ``frame`` shows its last line; ``output`` is what stood below it on screen, "" where nothing is
    known; ``is_cut`` says that a part of it is on no screen whole (``...`` stands for it);
    ``is_shortened`` that only a text in it goes on beyond the screen's edge (after ``…``): it runs;
    ``needs_more`` that it does not: names, a file or the network are missing.
    """

    frame: Frame
    source: str
    output: str
    is_cut: bool
    is_shortened: bool = False
    needs_more: bool = False

    @property
    def defined(self) -> frozenset[str]:
        """The functions and classes that it defines."""
        return frozenset(_DEFINED.findall(self.source))

    @property
    def lines(self) -> list[str]:
        """The lines of the code and of its output."""
        return [*self.source.splitlines(), *self.output.splitlines()]


def context_code(
    chunks: Sequence[Chunk], cells: Sequence[ScreenCell], owners: Mapping[str, int]
) -> list[tuple[ContextCode, ...]]:
    """The code of every chunk, in order of time.

    Args:
        cells: of the whole lecture.
        owners: which chunk a frame belongs to (see ``frame_owners``); a frame of none belongs to
            the chunk during which it is at its fullest.
    """
    found: list[list[ContextCode]] = [[] for _ in chunks]
    for cell in cells:
        found[_place(cell, chunks, owners)].append(
            ContextCode(
                frame=cell.frame,
                source=at_most(cell.source, _LONGEST_CODE),
                output=at_most(cell.output, _LONGEST_OUTPUT),
                is_cut=bool(cell.unread) and not cell.shortened,
                is_shortened=cell.shortened,
                needs_more=cell.excerpt and not cell.unread,
            )
        )
    return [tuple(one) for one in found]


def _place(cell: ScreenCell, chunks: Sequence[Chunk], owners: Mapping[str, int]) -> int:
    """The chunk that is given the cell: that of its frame, unless another one speaks of it."""
    frame = cell.frame
    home = owners.get(frame.id)
    if home is None:
        home = next(
            (n for n, chunk in enumerate(chunks) if frame.at_ms < chunk.end_ms), len(chunks) - 1
        )
    return spoken_in(cell.source, frame, chunks, home)


def at_most(text: str, longest: int) -> str:
    """Whole lines of ``text``, at most so many letters, with a mark where there are more."""
    text = text.rstrip("\n")
    if len(text) <= longest:
        return text
    return f"{text[: longest + 1].rpartition(chr(10))[0] or text[:longest]}\n{_CUT}"
