"""Code that goes on beyond the edge of the view: a line says that the screen begins or ends there.

What is seen of such a definition, loop or call is shown as a part of it, never run nor judged.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from pipeline.writing.transcript_edition.screen_code.docstrings import quote_after
from pipeline.writing.transcript_edition.screen_code.documents import (
    Document,
    Reading,
    SeenRow,
)
from pipeline.writing.transcript_edition.screen_code.heads import Line, column_of
from pipeline.writing.transcript_edition.screen_code.indentation import STEPS
from pipeline.writing.transcript_edition.screen_code.lines import code_text
from pipeline.writing.transcript_edition.screen_code.lost_ends import ELLIPSIS, missing_closers
from pipeline.writing.transcript_edition.screen_code.rows import CUT

SCREEN_BEGINS, SCREEN_ENDS = "the screen begins here", "the screen ends here"
_BEGINNINGS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_ENDS = ("return", "raise", "break", "continue")


def without_halves(rows: Document) -> Document:
    """The rows without the first and last ones that the edges of the view cut in two."""
    whole = [not (_is_at_edge(row) and row.row.confidence <= CUT) for row in rows]
    if True not in whole:
        return rows
    return rows[whole.index(True) : len(rows) - whole[::-1].index(True)]


def _is_at_edge(row: SeenRow) -> bool:
    return row.is_highest or row.is_lowest


def begins_above(row: SeenRow, statement: ast.stmt) -> bool:
    """Whether code that begins with this row may go on above the edge of the view: nothing tells
    its beginning, such as the number of a cell, the first line of a file, an import or a head."""
    first = row.row
    known = first.mark in ("cell", "repl") or first.number == 1 or first.text.startswith("#")
    return row.is_highest and not known and not isinstance(statement, _BEGINNINGS)


def cut_end(lines: Sequence[Line]) -> list[Line]:
    """The lines that stand for the rest of what the last of ``lines``, a run of code, belongs to;
    none where it is not the lowest of its view."""
    if not lines[-1].row.is_lowest:
        return []
    last = head = lines[-1]
    quote, opened = "", ""
    for line in lines:
        text = code_text(line.text)
        if not quote:
            if not opened or _begins(line, head):
                head, opened = line, ""
            opened = missing_closers(text, opened)
        quote = quote_after(text, quote)
    column = column_of(last.text)
    found = []
    if quote:
        found.append(_line(column, ELLIPSIS + quote, last))
    if opened:
        note = _line(column, f"# ... {SCREEN_ENDS}", last)
        return [*found, note, _line(column_of(head.text), opened[::-1], last)]
    return [*found, _line(_column_below(lines, head), f"...  # {SCREEN_ENDS}", last)]


def _begins(line: Line, head: Line) -> bool:
    """Whether a statement begins on the line: then no bracket of the one before is open."""
    return line.text.lstrip()[:1].isalpha() and column_of(line.text) <= column_of(head.text)


def _column_below(lines: Sequence[Line], head: Line) -> int:
    """Where the line below the last one stands: deeper than one that opens a block, further left
    than one that ends it."""
    column = column_of(head.text)
    if lines[-1].text.endswith(":"):
        return column + STEPS[0]
    if head.text.split()[0].rstrip("(:") not in _ENDS:
        return column
    outer = (column_of(one.text) for one in reversed(lines))
    return next((one for one in outer if one <= column - STEPS[-1]), column)


def _line(column: int, text: str, above: Line) -> Line:
    """The line right below ``above``, whatever is in its place."""
    readings = tuple(_below(one, text) for one in above.row.readings)
    return Line(" " * column + text, SeenRow(readings))


def _below(one: Reading, text: str) -> Reading:
    row = replace(one.row, text=text, top=one.row.top + 1, mark="end", margin="", cut=True)
    return replace(one, row=row)
