"""Tables as GitHub writes them, without losing a cell: a rule for markdown-it.

The specification (https://github.github.com/gfm/#tables-extension-) drops cells beyond the header's
columns, and parts cells at every bar that has no backslash, inside code and formulas too. Here what
is too much stays in the last cell, and where parting by the letter does not give the right number
of cells, bars inside code, formulas and special tokens (``<|name|>``) part nothing.
"""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock

_MOST_CELLS = 65_536  # as markdown-it: a row of one cell is filled up to the header's width
_DELIMITER = re.compile(r"[-:|][-:| \t]*")
_ALIGNMENT = re.compile(r":?-+:?")
_BAR = re.compile(r"(?<!\\)\|")
_WHOLE = re.compile(
    r"(`+)(?!`).*?(?<!`)\1(?!`)|<\|[^|<>\s]{1,80}\|>|\$(?![\s$])[^$]*[^\s$\\]\$(?![A-Za-z0-9$])"
)


def table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a table: tokens ``table_open``, a ``row_open`` for each row (the header first) with an
    ``inline`` for each cell, and so on. ``meta["alignment"]`` of the first has a word a column."""
    if start + 2 > end or state.sCount[start + 1] < state.blkIndent:
        return False
    if state.is_code_block(start) or state.is_code_block(start + 1):
        return False
    alignment = _alignment(_line(state, start + 1))
    header = _line(state, start)
    if alignment is None or "|" not in header:
        return False
    titles = _cells(header, len(alignment))
    if len(titles) != len(alignment):
        return False
    if silent:
        return True
    opening = state.push("table_open", "table", 1)
    opening.meta = {"alignment": alignment}
    _push(state, titles, start)
    at = start + 2
    while at < end and (at - start) * len(titles) < _MOST_CELLS and not _ends(state, at, end):
        row = _cells(_line(state, at), len(titles))
        if len(row) > len(titles):
            row[len(titles) - 1 :] = [" | ".join(row[len(titles) - 1 :])]
        _push(state, row + [""] * (len(titles) - len(row)), at)
        at += 1
    state.push("table_close", "table", -1)
    opening.map = [start, at]
    state.line = at
    return True


def _alignment(line: str) -> list[str] | None:
    if not _DELIMITER.fullmatch(line) or re.match(r"-[ \t]", line):
        return None
    columns = [one.strip() for one in line.removeprefix("|").removesuffix("|").split("|")]
    if not all(_ALIGNMENT.fullmatch(column) for column in columns):
        return None
    words = {(True, True): "center", (True, False): "left", (False, True): "right"}
    return [words.get((one[0] == ":", one[-1] == ":"), "") for one in columns]


def _cells(line: str, columns: int) -> list[str]:
    """The cells of a row, as many as it has."""
    line = line.removeprefix("|")
    if line.endswith("|") and not line.endswith("\\|"):
        line = line[:-1]
    cells = _BAR.split(line)
    if len(cells) != columns:
        cells = _parted(line)
    return [cell.strip().replace("\\|", "|") for cell in cells]


def _parted(line: str) -> list[str]:
    """Parted only at bars outside of what belongs together."""
    whole = [found.span() for found in _WHOLE.finditer(line)]
    cells, begin = [], 0
    for bar in _BAR.finditer(line):
        if not any(first < bar.start() < last for first, last in whole):
            cells.append(line[begin : bar.start()])
            begin = bar.end()
    return [*cells, line[begin:]]


def _ends(state: StateBlock, line: int, end: int) -> bool:
    """Whether the table ends before ``line``."""
    if state.sCount[line] < state.blkIndent or state.isEmpty(line) or state.is_code_block(line):
        return True
    return any(rule(state, line, end, True) for rule in state.md.block.ruler.getRules("blockquote"))


def _push(state: StateBlock, cells: list[str], line: int) -> None:
    state.push("row_open", "tr", 1)
    for cell in cells:
        token = state.push("inline", "", 0)
        token.content, token.map, token.children = cell, [line, line + 1], []
    state.push("row_close", "tr", -1)


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()
