"""The output that a screen shows of a piece of code: what stands in the output area of its cell.

Below the code, in its column, nothing else between the two. What stands beside it, further away, or
in the head of a window is none: then the output is not known, and none is claimed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.writing.transcript_edition.screen_code.documents import SURE, SeenRow, space_between

LONGEST = 12  # rows: more were cut off by the edge of the screen as often as not ...
LONGEST_SEEN = 40  # ... unless the next cell is seen below them
APART = 3.5  # rows between the code and its output, at most
WITHIN = 1.6  # columns: how far to the left of the code an output may begin
_EMPTY = 1.7  # rows: more space between two rows of an output is an empty row
# Confidence of a single sign: one that the reader does not know (U+FFFD) was read as "a" at 0.94.
_SURE_SIGN = 0.97
_WORD = re.compile(r"[A-Za-z]{2,}")
_PROSE_WORDS = 8
_DEFINES = re.compile(r"\b(?:class|def|import)\s+\w+")
_ASIDE = re.compile(
    r" {4}[^\W\d]{1,2}$| {4}[^\w\s]{1,2}$"
)  # a sign of the window, far to the right
_PAIRS = (("[", "]"), ("(", ")"), ("{", "}"))


def shown_output(
    code: Sequence[SeenRow], below: Sequence[SeenRow], in_notebook: bool, least: int, most: int
) -> str:
    """The text of the output area of ``code``; "" when there is none, or it is not sure.

    Args:
        below: the rows under the code, up to the next cell, prompt or code.
        in_notebook: a notebook's cell; elsewhere the output has to begin where the code does.
        least, most: how many rows it has at least and at most.
    """
    left = min(seen.row.left for seen in code)
    rows: list[SeenRow] = []
    last = code[-1]
    for seen in below:
        space = space_between(last, seen)
        if seen.row.mark == "ran":
            last = seen
            continue
        aside = seen.row.left < left - WITHIN or (not in_notebook and seen.row.left > left + WITHIN)
        if space is None or space > APART or (aside and not seen.row.mark):
            break
        rows.append(seen)
        last = seen
    parts = _up_to_gaps(rows)
    for shown in parts if in_notebook else (rows, parts[0]):
        lines = [_value(_ASIDE.sub("", seen.row.text.strip()).strip()) for seen in shown]
        if least <= len(lines) <= most and _is_output(lines) and all(map(_is_sure, shown)):
            return "\n".join(lines)
    return ""


def _up_to_gaps(rows: Sequence[SeenRow]) -> list[Sequence[SeenRow]]:
    """The rows up to the first empty one, the second, ..., and all: the heading of what comes next
    in a notebook may stand below an output, in its column."""
    ends = [
        place
        for place, (above, below) in enumerate(pairwise(rows), start=1)
        if (space := space_between(above, below)) is None or space > _EMPTY
    ]
    return [rows[:end] for end in [*ends, len(rows)]]


def _is_sure(seen: SeenRow) -> bool:
    """Whether the row was read surely: a sign that the reader does not know is read as a letter."""
    row = seen.row
    return not row.cut and row.confidence >= (SURE if len(row.text.strip()) > 1 else _SURE_SIGN)


def _value(line: str) -> str:
    """A line as Python prints it: where it is a value, the spaces inside are known."""
    try:
        written = repr(ast.literal_eval(line))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return line
    return written if "".join(written.split()) == "".join(line.split()) else line


def _is_output(lines: Sequence[str]) -> bool:
    if not lines:
        return False
    if any(len(_WORD.findall(line)) >= _PROSE_WORDS or _DEFINES.search(line) for line in lines):
        return False
    if any(line[0] in "[({'\"" and line.count("'") % 2 for line in lines if line):
        return False
    text = "\n".join(lines)
    return all(text.count(opening) == text.count(closing) for opening, closing in _PAIRS)
