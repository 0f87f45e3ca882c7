"""Runs of whole statements in lines of code, put right, with gaps for what was not read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.writing.transcript_edition.screen_code.documents import SeenRow
from pipeline.writing.transcript_edition.screen_code.gaps import GAP, read_lines
from pipeline.writing.transcript_edition.screen_code.heads import Line
from pipeline.writing.transcript_edition.screen_code.indentation import Shaped, shaped
from pipeline.writing.transcript_edition.screen_code.whole_statements import (
    is_code,
    is_telling,
    is_whole,
    reads,
)

_OPENS = re.compile(r"(?:async|def|class|if|for|while|with|try)\b")
_CLAUSE = re.compile(r"(?:else|elif|except|finally)\b")


@dataclass(frozen=True)
class CodeBlock:
    """A run of whole statements, the lines it was read from, and the output below it ("" if none is
    known).

    ``unread`` are the rows of what could not be read, or goes on beyond the edge of the view, by
    the index of the line that stands for them.
    """

    source: str
    rows: tuple[SeenRow, ...]
    output: str = ""
    unread: Mapping[int, tuple[SeenRow, ...]] = field(default_factory=dict)


def whole_runs(lines: Sequence[Line], from_code: bool, any_value: bool) -> list[CodeBlock]:
    """Runs of whole statements in a region; one that was not read ends its run."""
    runs: list[list[_Whole]] = [[]]
    statement: list[Shaped] = []
    rows: list[SeenRow] = []
    pairs: list[tuple[Shaped | None, SeenRow | None]] = [
        *zip(shaped([line.text for line in lines]), [line.row for line in lines], strict=True),
        (None, None),
    ]
    for line, row in pairs:
        begins = line is None or (
            line.level == 0 and not line.continues and not _CLAUSE.match(line.text)
        )
        only_heads = all(_heads(one.text) for one in statement)
        if begins and statement and not (only_heads and line is not None):
            if rows[0].row.mark == "end":
                pass  # what is above it is whole
            elif whole := _whole(statement, rows, any_value):
                runs[-1].append(whole)
            elif only_heads:
                pass  # comments with nothing below them
            elif runs[-1] and runs[-1][-1].is_simple and _is_gap(statement):
                runs[-1].append(_Whole((GAP,), (rows[0],), {0: tuple(rows)}))
            else:
                if runs[-1] and not runs[-1][-1].is_simple:
                    del runs[-1][-1]  # most likely the rest of this definition or loop
                runs.append([])
            statement, rows = [], []
        if line is not None and row is not None:
            statement.append(line)
            rows = [*rows, row]
    blocks = [_block(run) for run in map(_without_last_gaps, runs) if run]
    return [block for block in blocks if is_telling(block.source, from_code, any_value)]


def _heads(text: str) -> bool:
    """Whether a line belongs to what stands below it: a comment or a decorator."""
    return text.startswith(("#", "@"))


def _is_gap(statement: Sequence[Shaped]) -> bool:
    """Whether it may be a simple statement that was misread, by its marks."""
    first = next(one.text for one in statement if not _heads(one.text))
    return not _OPENS.match(first) and any(mark in first for mark in "=([{")


def _without_last_gaps(run: list[_Whole]) -> list[_Whole]:
    """The run; only between statements is it sure that what was not read is one."""
    while run and run[-1].lines == (GAP,):
        run = run[:-1]
    return run


@dataclass(frozen=True)
class _Whole:
    """A statement with the rows of its lines, and those of what was not read, by line."""

    lines: tuple[str, ...]
    rows: tuple[SeenRow, ...]
    unread: Mapping[int, tuple[SeenRow, ...]]

    @property
    def is_simple(self) -> bool:
        """Whether it is a single line, comments aside."""
        return sum(not line.startswith("#") for line in self.lines) == 1


def _whole(statement: Sequence[Shaped], rows: Sequence[SeenRow], any_value: bool) -> _Whole | None:
    """The statement, put right, maybe with gaps; None when it was not read."""
    read = read_lines(statement, lambda node: is_code(node) or (any_value and reads(node)))
    if read is None or not is_whole("\n".join(one.text for one in read), any_value):
        return None
    ends = [*(one.number for one in read[1:]), len(rows)]
    unread = {
        place: tuple(rows[one.number : end])
        for place, (one, end) in enumerate(zip(read, ends, strict=True))
        if one.gap or rows[one.number].row.cut
    }
    return _Whole(tuple(one.text for one in read), tuple(rows[one.number] for one in read), unread)


def _block(run: Sequence[_Whole]) -> CodeBlock:
    unread: dict[int, tuple[SeenRow, ...]] = {}
    place = 0
    for whole in run:
        unread |= {place + line: rows for line, rows in whole.unread.items()}
        place += len(whole.lines)
    source = "\n".join(line for whole in run for line in whole.lines) + "\n"
    return CodeBlock(source, tuple(row for whole in run for row in whole.rows), unread=unread)
