"""A typed document as Markdown: the one serialiser.

What it writes reads back as the same blocks, without their moments and the cells' ids
(``parse``), and shows the same in any reader of CommonMark with tables, footnotes and maths. Only
pictures are the project's own: ``frame:ID`` and the check folder's files, or what ``Forms`` says.
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


class Forms:
    """How the parts of a document are written: here so that they are read back as the same."""

    line_break = "\\\n"  # what ``text`` writes for a line break

    def text(self, text: str) -> str:
        """A canonical text as Markdown."""
        return text

    def info(self, block: Source) -> str:
        """The words behind a fence."""
        return " ".join([block.language, *block.tags])

    def figure(self, figure: Figure, caption: str) -> str:
        """A figure, given its caption for square brackets; "" leaves it out."""
        crop = figure.crop
        part = f"#xywh={crop.x},{crop.y},{crop.width},{crop.height}" if crop else ""
        return f"![{caption}](frame:{figure.frame}{part})"

    def drawing(self, path: str, words: str) -> str:
        """What a cell drew, by its path in the check folder; "" leaves it out."""
        return f"![{words}]({path})"

    def marker(self, marker: str) -> str:
        """An item's marker with the spaces behind it."""
        return f"{marker} "


def serialise(blocks: Iterable[AnyBlock], forms: Forms | None = None) -> str:
    """The blocks, an empty line between them; ends in one newline unless empty."""
    lines = _Writer(forms or Forms()).lines_of(tuple(blocks))
    return "\n".join(lines) + "\n" if lines else ""


class _Writer:
    """Writes blocks as lines."""

    def __init__(self, forms: Forms) -> None:
        self._forms = forms

    def lines_of(
        self, blocks: Sequence[AnyBlock], outer: str = "", compact: bool = False
    ) -> list[str]:
        """The lines of a sequence.

        Args:
            outer: the mark of the list that it is an item of.
            compact: leave out the empty lines between blocks.
        """
        lines: list[str] = []
        mark = ""
        for block in blocks:
            mark = _mark(block, mark, outer) if isinstance(block, List) else ""
            made = self._block(block, mark)
            if lines and made and not compact:
                lines.append("")
            lines += made
            if block.citations and not isinstance(block, (Paragraph, Heading)):
                lines += ["", _citations(block)]
                mark = ""
        return lines

    def _block(self, block: AnyBlock, mark: str) -> list[str]:
        match block:
            case Paragraph():
                words = filter(None, [self._forms.text(block.text), _citations(block)])
                return _shielded(" ".join(words)).split("\n")
            case Heading():
                text = _CLOSING_MARKS.sub(r"\1\\\2", self._forms.text(block.text))
                return [" ".join(filter(None, ["#" * block.level, text, _citations(block)]))]
            case Figure():
                figure = self._forms.figure(block, self._caption(block.caption))
                return [figure] if figure else []
            case Cell():
                return self._cell(block)
            case Listing():
                return self._fence(block)
            case Formula():
                return _formula(block)
            case Table():
                return self._table(block)
            case List():
                return self._list(block, mark)
            case Quote():
                return self._quote(block)
            case Note():
                return self._note(block)
            case _:
                assert_never(block)

    def _caption(self, text: str) -> str:
        """The caption for square brackets."""
        has_brackets = "[" in text or "]" in text
        return written(runs(text), safe=True) if has_brackets else self._forms.text(text)

    def _cell(self, cell: Cell) -> list[str]:
        lines = self._fence(cell)
        if cell.output is not None:
            lines += ["", *self._fence(Listing(tags=("output",), source=cell.output))]
        for number, path in enumerate(cell.pictures, 1):
            which = f" {number}" if len(cell.pictures) > 1 else ""
            if drawn := self._forms.drawing(path, f"Picture{which} drawn by the code above"):
                lines += ["", drawn]
        return lines

    def _fence(self, block: Source) -> list[str]:
        return _fenced(self._forms.info(block), block.source)

    def _table(self, table: Table) -> list[str]:
        rules = {"": "---", "left": ":---", "center": ":---:", "right": "---:"}
        rows = [table.header, *table.rows]
        lines = ["| " + " | ".join(map(self._table_cell, row)) + " |" for row in rows]
        return [
            lines[0],
            "| " + " | ".join(rules[one] for one in table.alignment) + " |",
            *lines[1:],
        ]

    def _table_cell(self, text: str) -> str:
        return self._forms.text(text).replace(self._forms.line_break, "<br>").replace("|", "\\|")

    def _list(self, block: List, mark: str) -> list[str]:
        compact = _is_compact(block)
        lines: list[str] = []
        for number, item in enumerate(block.items, block.start):
            marker = f"{min(number, _LARGEST)}{mark}" if block.ordered else mark
            first = self._forms.marker(marker)
            inside = self.lines_of(item, mark, compact) or [""]
            if lines and not compact:
                lines.append("")
            lines.append((first + inside[0]).rstrip(" ") if not inside[0] else first + inside[0])
            lines += _indented(inside[1:], " " * len(first))
        return lines

    def _quote(self, block: Quote) -> list[str]:
        lines = self.lines_of(block.blocks)
        if isinstance(block.blocks[0], Paragraph):
            lines[0] = _ROLE.sub("&#91;", lines[0], count=1) if _ROLE.match(lines[0]) else lines[0]
        return _quoted(lines)

    def _note(self, note: Note) -> list[str]:
        lines = self.lines_of(note.blocks)
        if note.role == "footnote":
            begins_with_text = note.blocks and isinstance(note.blocks[0], Paragraph)
            first = f"[^{note.label}]:" + (f" {lines[0]}" if begins_with_text else "")
            return [first, *_indented(lines[1 if begins_with_text else 0 :], "    ")]
        gap = [""] if note.blocks and not isinstance(note.blocks[0], Paragraph) else []
        return _quoted([f"[!{note.role.upper()}]", *gap, *lines])


def _mark(block: List, before: str, outer: str) -> str:
    """What stands before an item: not what the list right before has, or they would be one; nor
    what the list around it has, or empty items would be a line (``- - -``)."""
    marks = ".)" if block.ordered else "-*+"
    return next(mark for mark in marks if mark != before and (block.ordered or mark != outer))


def _citations(block: BaseBlock) -> str:
    return " ".join(citation.markdown for citation in block.citations)


def _shielded(text: str) -> str:
    """``text`` so that it begins no other block than a paragraph."""
    text = _LINE_START.sub(lambda found: (found[1] or "") + "\\", text)
    return _DEFINITION.sub(r"\1\\:", text)


def _fenced(info: str, text: str) -> list[str]:
    """A fence that no line of ``text`` closes."""
    runs_of_ticks = re.findall(r"^[ \t]*(`{3,})", text, re.MULTILINE)
    fence = "`" * max([3, *(len(ticks) + 1 for ticks in runs_of_ticks)])
    return [fence + info, *text.split("\n")[:-1], fence]


def _formula(formula: Formula) -> list[str]:
    if "$$" in formula.latex or formula.latex.endswith("$"):
        return _fenced(MATH, formula.latex + "\n")
    return ["$$", *formula.latex.split("\n"), "$$"]


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


def _quoted(lines: Sequence[str]) -> list[str]:
    return [f"> {line}" if line else ">" for line in lines]


def _indented(lines: Sequence[str], indent: str) -> list[str]:
    return [indent + line if line else "" for line in lines]
