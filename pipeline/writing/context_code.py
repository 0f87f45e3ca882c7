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
from pipeline.text.content import content_stems
from pipeline.writing.chunks import Chunk
from pipeline.writing.transcript_edition.screen_code.extraction import ScreenCell

# Letters of one piece of code, and of its output: some eighty lines, and a dozen.
_LONGEST_CODE = 3_000
_LONGEST_OUTPUT = 500
_CUT = "[...]"
_DEFINED = re.compile(r"^(?:async +def|def|class) +(\w+)", re.MULTILINE)
_APART = re.compile(r"[\W_]+")
# Words of the code that a chunk has to say more than the one in which the code is complete. Code is
# spoken of while it is typed and just before.
_MUCH_MORE = 2
_AROUND_MS = 10_000


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
    """The chunk that is given the cell: that of its frame, unless another one in which it is on
    screen speaks of it much more."""
    frame = cell.frame
    home = owners.get(frame.id)
    if home is None:
        home = next(
            (n for n, chunk in enumerate(chunks) if frame.at_ms < chunk.end_ms), len(chunks) - 1
        )
    named = content_stems(_APART.sub(" ", cell.source))
    spoken = {
        n: len(named & content_stems(" ".join(_said_during(frame, chunk))))
        for n, chunk in enumerate(chunks)
        if n == home or frame.overlap_ms(chunk.start_ms, chunk.end_ms) > 0
    }
    best = max(spoken, key=lambda n: (spoken[n], n == home))
    return best if spoken[best] >= spoken[home] + _MUCH_MORE else home


def _said_during(frame: Frame, chunk: Chunk) -> list[str]:
    return [
        one.text
        for one in chunk.segments
        if frame.overlap_ms(one.start_ms - _AROUND_MS, one.end_ms + _AROUND_MS) > 0
    ]


def at_most(text: str, longest: int) -> str:
    """Whole lines of ``text``, at most so many letters, with a mark where there are more."""
    text = text.rstrip("\n")
    if len(text) <= longest:
        return text
    return f"{text[: longest + 1].rpartition(chr(10))[0] or text[:longest]}\n{_CUT}"
