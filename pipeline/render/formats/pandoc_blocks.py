"""The chapter's blocks as a document of pandoc: its JSON, built without writing any markup.

Names and shapes are those of pandoc-types 1.23 (``Text.Pandoc.Definition``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, assert_never

from pipeline.document.blocks import (
    Alignment,
    AnyBlock,
    Cell,
    Figure,
    Formula,
    Heading,
    List,
    Listing,
    Note,
    Paragraph,
    Quote,
    Table,
)
from pipeline.document.inline import runs
from pipeline.document.runs import Run, Style
from pipeline.document.walk import walk
from pipeline.i18n.page import note_title
from pipeline.render.formats.tex import tex_of

Element = dict[str, Any]

_STYLES: dict[Style, str] = {
    "strong": "Strong",
    "emphasis": "Emph",
    "deleted": "Strikeout",
    "subscript": "Subscript",
    "superscript": "Superscript",
}
_ALIGNMENTS: dict[Alignment, str] = {
    "": "AlignDefault",
    "left": "AlignLeft",
    "center": "AlignCenter",
    "right": "AlignRight",
}
# The text is 150 mm wide and 235 mm high; a picture has at least 96 pixels an inch there, so
# that a small part of the screen stays sharp, and takes three fifths of the height at most.
_TEXT_PIXELS = 567
_HIGHEST = 0.93  # in widths of the text
_LINE = 84  # letters of a line of the text
_SHORT = 14  # lines; longer code may be continued on the next page (see ``chapter.typ``)
NO_ATTRIBUTES: tuple[str, list[str], list[list[str]]] = ("", [], [])


def element(name: str, content: Any = None) -> Element:
    """An element of pandoc's JSON; those without content have none."""
    return {"t": name} if content is None else {"t": name, "c": content}


def text_of(words: str) -> list[Element]:
    """Plain words as inlines."""
    made: list[Element] = []
    for word in words.split():
        made += [element("Space"), element("Str", word)] if made else [element("Str", word)]
    return made


@dataclass(frozen=True)
class PrintedPicture:
    """A picture's file, as the document sees it, and its size in pixels."""

    file: str
    width: int
    height: int

    def shown(self, most: float) -> Element:
        """The image, no wider than this share of the text."""
        share = min(most, self.width / _TEXT_PIXELS, _HIGHEST * self.width / self.height)
        attributes = ["", [], [["width", f"{max(0.01, 100 * share):.4g}%"]]]
        return element("Image", [attributes, [], [self.file, ""]])


class PandocBlocks:
    """Converts the blocks of one chapter.

    Args:
        words: the page's own texts.
        figure: a figure's picture and the inlines behind its caption; None leaves the figure out.
        drawing: what a cell drew, by its path in the check folder; None: it is gone.
        most_lines: longer outputs are shortened to this many lines, with a note.
    """

    def __init__(
        self,
        words: Mapping[str, str],
        figure: Callable[[Figure], tuple[PrintedPicture, list[Element]] | None],
        drawing: Callable[[str], PrintedPicture | None],
        most_lines: int = 60,
    ) -> None:
        self._words = words
        self._figure_of = figure
        self._drawing_of = drawing
        self._most_lines = most_lines
        self._footnotes: dict[str, tuple[AnyBlock, ...]] = {}
        self._figures = 0

    def blocks(self, blocks: Sequence[AnyBlock]) -> list[Element]:
        """All of it; footnotes stand where they are called."""
        notes = [one for one in walk(blocks) if isinstance(one, Note) and one.label]
        self._footnotes = {note.label: note.blocks for note in notes}
        return self._all(blocks)

    def inlines(self, text: str) -> list[Element]:
        """A canonical text."""
        return self._runs(runs(text))

    def _all(self, blocks: Iterable[AnyBlock]) -> list[Element]:
        made: list[Element] = []
        found = list(blocks)
        for before, block, after in zip([None, *found], found, [*found[1:], None], strict=False):
            own = self._block(block)
            made += _with_next(own) if own and _leads(before, block, after) else own
        return made

    def _block(self, block: AnyBlock) -> list[Element]:
        match block:
            case Paragraph():
                return [element("Para", self.inlines(block.text))] if block.text else []
            case Heading():
                content = [block.level - 1, NO_ATTRIBUTES, self.inlines(block.text)]
                return [element("Header", content)]
            case Figure():
                return self._figure(block)
            case Cell():
                return self._cell(block)
            case Listing():
                return [element("CodeBlock", [NO_ATTRIBUTES, block.source.rstrip("\n")])]
            case Formula():
                return [element("Para", [_formula("DisplayMath", block.latex)])]
            case Table():
                return [self._table(block)]
            case List():
                return [self._list(block)]
            case Quote():
                return [element("BlockQuote", self._all(block.blocks))]
            case Note():
                if block.label:
                    return []
                title = element(
                    "Para", [element("Strong", text_of(note_title(self._words, block.role)))]
                )
                return [element("BlockQuote", [title, *self._all(block.blocks)])]
            case _:
                assert_never(block)

    def _figure(self, block: Figure) -> list[Element]:
        found = self._figure_of(block)
        if found is None:
            return []
        picture, behind = found
        words = self.inlines(block.caption)
        caption = [*words, element("Space"), *behind] if words and behind else words or behind
        shown = element("Plain", [picture.shown(0.84)])
        self._figures += 1
        name: list[Any] = [f"figure-{self._figures}", [], []]
        return [element("Figure", [name, [None, [element("Plain", caption)]], [shown]])]

    def _cell(self, cell: Cell) -> list[Element]:
        code = cell.source.rstrip("\n")
        made = [element("CodeBlock", [["", [cell.language], []], code])]
        if cell.output is not None:
            label = element("Plain", [element("Emph", text_of(self._words["output"]))])
            if code.count("\n") < _SHORT:
                made = _with_next(made)
            made += [*_with_next([label]), self._output(cell.output)]
        for path in cell.pictures:
            if picture := self._drawing_of(path):
                made.append(element("Para", [picture.shown(0.7)]))
        return made

    def _output(self, output: str) -> Element:
        lines = output.rstrip("\n").split("\n")
        if len(lines) > self._most_lines:
            left = len(lines) - self._most_lines
            lines = [*lines[: self._most_lines], self._words["print_shortened"].format(lines=left)]
        return element("CodeBlock", [["", ["output"], []], "\n".join(lines)])

    def _table(self, table: Table) -> Element:
        def cell(text: str, alignment: Alignment) -> list[Any]:
            content = [element("Plain", self.inlines(text))] if text else []
            return [NO_ATTRIBUTES, element(_ALIGNMENTS[alignment]), 1, 1, content]

        def row(texts: Sequence[str]) -> list[Any]:
            cells = zip(texts, table.alignment, strict=True)
            return [NO_ATTRIBUTES, [cell(text, alignment) for text, alignment in cells]]

        widths = [
            [element(_ALIGNMENTS[one]), element("ColWidthDefault")] for one in table.alignment
        ]
        head = [NO_ATTRIBUTES, [row(table.header)]]
        body = [NO_ATTRIBUTES, 0, [], [row(one) for one in table.rows]]
        caption: list[Any] = [None, []]
        return element("Table", [NO_ATTRIBUTES, caption, widths, head, [body], [NO_ATTRIBUTES, []]])

    def _list(self, block: List) -> Element:
        items = [self._all(item) for item in block.items]
        if not block.ordered:
            return element("BulletList", items)
        numbers = [block.start, element("Decimal"), element("Period")]
        return element("OrderedList", [numbers, items])

    def _runs(self, found: Iterable[Run]) -> list[Element]:
        made: list[Element] = []
        for link, group in groupby(found, key=lambda one: one.link):
            inside = [inline for one in group for inline in self._run(one)]
            made += [element("Link", [NO_ATTRIBUTES, inside, [link, ""]])] if link else inside
        return made

    def _run(self, one: Run) -> list[Element]:
        match one.kind:
            case "text":
                inside = _spaced(one.text)
            case "code":
                inside = [element("Code", [NO_ATTRIBUTES, one.text])]
            case "formula":
                inside = [_formula("InlineMath", one.text)]
            case "break":
                return [element("LineBreak")]
            case "note":
                return [element("Note", self._all(self._footnotes.get(one.text, ())))]
            case "citation":
                return []
        for style in sorted(one.styles):
            if name := _STYLES.get(style):
                inside = [element(name, inside)]
        return inside


def _formula(kind: str, latex: str) -> Element:
    """A formula; as code where it is more than maths (see ``tex``)."""
    tex = tex_of(latex)
    if tex is None:
        return element("Code", [NO_ATTRIBUTES, latex])
    return element("Math", [element(kind), tex])


def _leads(before: AnyBlock | None, block: AnyBlock, after: AnyBlock | None) -> bool:
    """Whether a paragraph is a line of its own that nothing would be without what follows: a time
    below its heading, "On the screen" above its code."""
    if not isinstance(block, Paragraph) or after is None:
        return False
    if not (isinstance(before, Heading) or isinstance(after, Cell | Listing | Table)):
        return False
    return sum(len(one.text) for one in runs(block.text)) < _LINE


def _with_next(blocks: list[Element]) -> list[Element]:
    """The blocks on the page of what follows them, for Typst and LaTeX."""
    kept = element("Div", [["", [], [["typst:sticky", "true"]]], blocks])
    return [kept, element("RawBlock", ["latex", r"\nopagebreak"])]


def _spaced(text: str) -> list[Element]:
    """Words with the spaces between, before and behind them."""
    made: list[Element] = []
    for at, word in enumerate(text.split(" ")):
        made += [element("Space")] if at else []
        made += [element("Str", word)] if word else []
    return made
