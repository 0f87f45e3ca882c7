"""Runs of Python statements in the rows of a screen, and the output shown below them."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.video.ocr.layout import snapped
from pipeline.writing.transcript_edition.screen_code.cut_ends import cut_end
from pipeline.writing.transcript_edition.screen_code.docstrings import quote_after
from pipeline.writing.transcript_edition.screen_code.documents import (
    SeenRow,
    space_between,
)
from pipeline.writing.transcript_edition.screen_code.heads import (
    Line,
    column_of,
    parts_at_heads,
)
from pipeline.writing.transcript_edition.screen_code.indentation import (
    STEPS,
    opened_at,
    shaped,
)
from pipeline.writing.transcript_edition.screen_code.lines import code_text
from pipeline.writing.transcript_edition.screen_code.lost_ends import (
    closed_brackets,
    closed_docstrings,
    closed_strings,
    opened_docstrings,
)
from pipeline.writing.transcript_edition.screen_code.outputs import (
    LONGEST,
    LONGEST_SEEN,
    shown_output,
)
from pipeline.writing.transcript_edition.screen_code.rows import Row
from pipeline.writing.transcript_edition.screen_code.whole_runs import CodeBlock, whole_runs
from pipeline.writing.transcript_edition.screen_code.whole_statements import (
    is_whole,
    parsed,
)

_LONGEST_BLOCK = 400
_NEAR = 2.6  # rows: within a block stands one empty row at most
_NEXT_LINE = 1.35  # rows: the output area of a cell begins further below
_CODE_LIKE = re.compile(
    r"^\s*(?:(?:def|class|if|elif|else|for|while|with|try|except|finally|import|from|return|print"
    r"|assert|raise|pass|break|continue|yield|del|global|nonlocal|async|await)\b|#|@\w)"
    r"|^\s*[A-Za-z_][\w.]*(?:\[[^\]]*\])*(?:\s*,\s*[A-Za-z_][\w.]*(?:\[[^\]]*\])*)*"
    r"(?:\s*:\s*[\w\[\]](?:[\w\[\], .]*[\w\[\]])?)?\s*[-+*/%|&^@<>]{0,2}=(?!=)\s*\S"
    r"|^\s*[\w.\[\]]+\(.*\)\s*(?:#.*)?$|^\s*[\w.]+\($|^\s*\"\"\""
)


def code_blocks(
    rows: Sequence[SeenRow], from_code: bool, in_notebook: bool, followed: bool = False
) -> list[CodeBlock]:
    """The runs of statements among the rows of one cell that parse, top to bottom.

    Args:
        rows: of one cell of a notebook, one command of a shell, or a whole pane.
        from_code: they stand on a screen of code.
        in_notebook: the first row has the number of a cell: a value at its end is code too.
        followed: the next cell is seen below, so that an output ends where its last row stands.
    """
    lines = _lines(rows)
    found: list[CodeBlock] = []
    start = 0
    while start < len(lines):
        end = _region_end(lines, start, in_notebook and start == 0)
        if in_notebook and start == 0:
            end = _cell_end(lines, end)
        if end == start:
            start += 1
            continue
        below = end
        while below < len(lines) and _region_end(lines, below, False) == below:
            below += 1
        region = lines[start:end]
        region += cut_end(region) if end == len(lines) else []
        runs = [
            run
            for part in parts_at_heads(region)
            for run in whole_runs(part, from_code or in_notebook, in_notebook)
        ]
        if runs and runs[-1].rows[-1] is lines[end - 1].row:
            after = [line.row for line in lines[end:below]]
            most = LONGEST_SEEN if followed or below < len(lines) else LONGEST
            runs[-1] = _with_output(runs[-1], after, in_notebook, most)
        # Deeper than code above: the rest of a definition whose head was not read.
        found += [run for run in runs if not found or _left(run) < _left(found[0]) + STEPS[-1]]
        start = below
    return found


def _left(block: CodeBlock) -> float:
    """Where it begins; a comment may begin further left, with what was read before it."""
    code = [row for row in block.rows if not row.row.text.startswith("#")]
    return min(row.row.left for row in code or block.rows)


def _with_output(
    block: CodeBlock, below: Sequence[SeenRow], in_notebook: bool, most: int
) -> CodeBlock:
    tree = parsed(block.source)
    shows = "print(" in block.source or (tree and isinstance(tree.body[-1], ast.Expr))
    # With fewer rows than calls of print it is of an earlier run, or cut off.
    least = _prints(tree) if tree else 0
    output = shown_output(block.rows, below, in_notebook, least, most) if shows else ""
    # Of a text that goes on beyond the edge of the view, what it printed is known all the same.
    known = all(row.row.cut for rows in block.unread.values() for row in rows)
    return replace(block, output=output if known else "")


def _prints(tree: ast.Module) -> int:
    """How many lines the code prints at least."""
    calls = [node.value for node in tree.body if isinstance(node, ast.Expr)]
    return sum(
        isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "print"
        for call in calls
    )


def _lines(rows: Sequence[SeenRow]) -> list[Line]:
    """The rows as text, their indentation in whole columns from the leftmost one."""
    if not rows:
        return []
    rows = closed_docstrings(opened_docstrings(closed_strings(rows)))
    rows = closed_brackets(rows)
    read = [row.row for row in rows]
    read = _with_prompts(read)
    least = min(row.left for row in read)
    indents = snapped([row.left - least for row in read])
    lines = []
    for indent, row, seen in zip(indents, read, rows, strict=True):
        if text := code_text(row.text):
            lines.append(Line(" " * indent + text, seen))
    return lines


def _with_prompts(rows: Sequence[Row]) -> list[Row]:
    """The rows; a prompt of Python inside a docstring is part of it."""
    quote = ""
    found = []
    for row in rows:
        if quote and row.mark == "repl":
            margin = row.margin.rstrip() + " "
            row = replace(row, text=margin + row.text, left=row.left - len(margin), mark="")
        quote = quote_after(code_text(row.text), quote)
        found.append(row)
    return found


def _region_end(lines: Sequence[Line], start: int, first_is_code: bool) -> int:
    """The end of the lines that look like code from ``start`` on; ``start`` when none does.

    What is indented under code belongs to it, whatever it looks like; but not at the end, set off
    from the code: an output may be indented, too.
    """
    texts = [line.text for line in lines]
    end = sure_end = start
    brackets = 0
    quote = ""
    while end < len(lines):
        text = lines[end].text
        mark = lines[end].row.row.mark
        if end > start and mark in ("out", "ran"):
            break
        split = end > start and lines[end - 1].text.endswith("\\")
        is_code = brackets > 0 or bool(quote) or split or bool(_CODE_LIKE.match(text))
        is_code = is_code or (first_is_code and end == start)
        if not is_code and not (end > start and _goes_on(lines, start, end)):
            break
        if not quote:
            brackets = max(0, brackets + opened_at(texts, end))
        quote = quote_after(text, quote)
        end += 1
        if is_code:
            sure_end = end
        if end - start > _LONGEST_BLOCK:
            break
    for place in range(max(sure_end, start + 1), end):
        space = space_between(lines[place - 1].row, lines[place].row)
        if space is None or space > _NEXT_LINE:
            return place
    return end


def _goes_on(lines: Sequence[Line], start: int, end: int) -> bool:
    """Whether a line stands in a block of the code above it: deeper than where that began, below a
    line that does so, too, or that opens the block."""
    above, line = lines[end - 1], lines[end]
    space = space_between(above.row, line.row)
    if space is None or space > _NEAR:
        return False
    least, most = column_of(lines[start].text) + STEPS[-1], column_of(above.text) + STEPS[0]
    in_block = column_of(above.text) >= least or above.text.endswith(":")
    return in_block and least <= column_of(line.text) <= most


def _cell_end(lines: Sequence[Line], end: int) -> int:
    """The end of a notebook's cell: lines that go on at the same distance, if all of it parses."""
    further = end
    while further < len(lines) and not lines[further].row.row.mark:
        space = space_between(lines[further - 1].row, lines[further].row) if further else None
        if space is None or space > _NEXT_LINE:
            break
        further += 1
    source = "\n".join(line.source for line in shaped([line.text for line in lines[:further]]))
    return further if further > end and is_whole(source, any_value=True) else end
