"""A typed document as Markdown: the one serialiser.

What it writes reads back as the same blocks, without their moments and the cells' ids
(``parse``), and shows the same in any reader of CommonMark with tables, footnotes and maths.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import assert_never

from pipeline.document.blocks import (
    MATH,
    AnyBlock,
    BaseBlock,
    Cell,
    Figure,
    Formula,
    Heading,
    List,
    Listing,
    Note,
    Paragraph,
    Quote,
    Source,
    Table,
)
from pipeline.document.inline import runs
from pipeline.document.inline_writer import written

# What begins a block where a line begins; a backslash makes it text.
_LINE_START = re.compile(
    r"^(?:(\d{1,9})(?=[.)](?:\s|$))|(?=#{1,6}(?:\s|$)|>|[-+*](?:\s|$)|~~~|[-=]+ *$|[-:| ]+$))",
    re.MULTILINE,
)
_DEFINITION = re.compile(r"^(\[(?:[^\[\]\\]|\\.)*\]):", re.MULTILINE)
_CLOSING_MARKS = re.compile(r"(^|\s)(#+)$")
_ROLE = re.compile(r"\[(?=![A-Za-z]{1,20}\])")
_LARGEST = 999_999_999  # number of an item


def serialise(blocks: Iterable[AnyBlock]) -> str:
    """The blocks, an empty line between them; ends in one newline unless empty."""
    lines = _lines_of(tuple(blocks))
    return "\n".join(lines) + "\n" if lines else ""


def _lines_of(blocks: Sequence[AnyBlock], outer: str = "", compact: bool = False) -> list[str]:
    """The lines of a sequence.

    Args:
        outer: the mark of the list that it is an item of.
        compact: leave out the empty lines between blocks.
    """
    lines: list[str] = []
    mark = ""
    for block in blocks:
        if lines and not compact:
            lines.append("")
        mark = _mark(block, mark, outer) if isinstance(block, List) else ""
        lines += _block(block, mark)
        if block.citations and not isinstance(block, (Paragraph, Heading)):
            lines += ["", _citations(block)]
            mark = ""
    return lines


def _mark(block: List, before: str, outer: str) -> str:
    """What stands before an item: not what the list right before has, or they would be one; nor
    what the list around it has, or empty items would be a line (``- - -``)."""
    marks = ".)" if block.ordered else "-*+"
    return next(mark for mark in marks if mark != before and (block.ordered or mark != outer))


def _block(block: AnyBlock, mark: str) -> list[str]:
    match block:
        case Paragraph():
            return _shielded(" ".join(filter(None, [block.text, _citations(block)]))).split("\n")
        case Heading():
            text = _CLOSING_MARKS.sub(r"\1\\\2", block.text)
            return [" ".join(filter(None, ["#" * block.level, text, _citations(block)]))]
        case Figure():
            return [f"![{_caption(block.caption)}](frame:{block.frame})"]
        case Cell():
            return _cell(block)
        case Listing():
            return _fence(block)
        case Formula():
            return _formula(block)
        case Table():
            return _table(block)
        case List():
            return _list(block, mark)
        case Quote():
            return _quote(block)
        case Note():
            return _note(block)
        case _:
            assert_never(block)


def _citations(block: BaseBlock) -> str:
    return " ".join(citation.markdown for citation in block.citations)


def _shielded(text: str) -> str:
    """``text`` so that it begins no other block than a paragraph."""
    text = _LINE_START.sub(lambda found: (found[1] or "") + "\\", text)
    return _DEFINITION.sub(r"\1\\:", text)


def _caption(text: str) -> str:
    """The caption for square brackets."""
    return written(runs(text), safe=True) if "[" in text or "]" in text else text


def _cell(cell: Cell) -> list[str]:
    lines = _fence(cell)
    if cell.output is not None:
        lines += ["", *_fence(Listing(tags=("output",), source=cell.output))]
    for number, path in enumerate(cell.pictures, 1):
        which = f" {number}" if len(cell.pictures) > 1 else ""
        lines += ["", f"![Picture{which} drawn by the code above]({path})"]
    return lines


def _fence(block: Source) -> list[str]:
    info = " ".join([block.language, *block.tags])
    return _fenced(info, block.source)


def _fenced(info: str, text: str) -> list[str]:
    """A fence that no line of ``text`` closes."""
    runs_of_ticks = re.findall(r"^[ \t]*(`{3,})", text, re.MULTILINE)
    fence = "`" * max([3, *(len(ticks) + 1 for ticks in runs_of_ticks)])
    return [fence + info, *text.split("\n")[:-1], fence]


def _formula(formula: Formula) -> list[str]:
    if "$$" in formula.latex or formula.latex.endswith("$"):
        return _fenced(MATH, formula.latex + "\n")
    return ["$$", *formula.latex.split("\n"), "$$"]


def _table(table: Table) -> list[str]:
    rules = {"": "---", "left": ":---", "center": ":---:", "right": "---:"}
    rows = [table.header, *table.rows]
    lines = ["| " + " | ".join(map(_table_cell, row)) + " |" for row in rows]
    return [lines[0], "| " + " | ".join(rules[one] for one in table.alignment) + " |", *lines[1:]]


def _table_cell(text: str) -> str:
    return written(runs(text), hard_break="<br>").replace("|", "\\|")


def _list(block: List, mark: str) -> list[str]:
    compact = _is_compact(block)
    lines: list[str] = []
    for number, item in enumerate(block.items, block.start):
        first = f"{min(number, _LARGEST)}{mark} " if block.ordered else f"{mark} "
        inside = _lines_of(item, mark, compact) or [""]
        if lines and not compact:
            lines.append("")
        lines.append((first + inside[0]).rstrip(" ") if not inside[0] else first + inside[0])
        lines += _indented(inside[1:], " " * len(first))
    return lines


def _is_compact(block: List) -> bool:
    """Whether each item is a line of text, maybe with such a list below it."""
    return all(
        len(item) < 2
        or (
            len(item) == 2
            and isinstance(item[0], Paragraph)
            and isinstance(item[1], List)
            and bool(item[1].items[0])
            and item[1].start == 1
            and _is_compact(item[1])
        )
        for item in block.items
    ) and not any(one.citations for item in block.items for one in item[1:])


def _quote(block: Quote) -> list[str]:
    lines = _lines_of(block.blocks)
    if isinstance(block.blocks[0], Paragraph):
        lines[0] = _ROLE.sub("&#91;", lines[0], count=1) if _ROLE.match(lines[0]) else lines[0]
    return _quoted(lines)


def _note(note: Note) -> list[str]:
    lines = _lines_of(note.blocks)
    if note.role == "footnote":
        begins_with_text = note.blocks and isinstance(note.blocks[0], Paragraph)
        first = f"[^{note.label}]:" + (f" {lines[0]}" if begins_with_text else "")
        return [first, *_indented(lines[1 if begins_with_text else 0 :], "    ")]
    gap = [""] if note.blocks and not isinstance(note.blocks[0], Paragraph) else []
    return _quoted([f"[!{note.role.upper()}]", *gap, *lines])


def _quoted(lines: Sequence[str]) -> list[str]:
    return [f"> {line}" if line else ">" for line in lines]


def _indented(lines: Sequence[str], indent: str) -> list[str]:
    return [indent + line if line else "" for line in lines]
