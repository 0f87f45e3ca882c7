"""Markdown as a typed document: the one parser, used where a text comes in from outside.

These are two doors: the reply of a model, and a file that a user edited. Inside the program the
document goes from hand to hand as blocks.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from pipeline.document.blocks import (
    MATH,
    PLAIN,
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
    settled,
)
from pipeline.document.characters import clean_prose
from pipeline.document.citations import Citation
from pipeline.document.dialect import block_tokens, is_label
from pipeline.document.inline import Picture, from_words, read_tokens, write
from pipeline.document.runs import tidied
from pipeline.document.walk import cells, changed
from pipeline.models import Box

_ROLE = re.compile(r"\[!([A-Za-z]{1,20})\][ ]*")
_FRAME = re.compile(r"frame:([A-Za-z0-9_-]+)(?:#(.*))?")
# The part that is shown, as in W3C's Media Fragments URI.
_PART = re.compile(r"xywh=(?:pixel:)?(\d{1,5}),(\d{1,5}),(\d{1,5}),(\d{1,5})")
_DRAWN = re.compile(r"pictures/[\w.-]+")


def parse(
    markdown: str, cell_ids: Iterable[str] = (), segments: Sequence[str] = ()
) -> tuple[AnyBlock, ...]:
    """The blocks of a Markdown text; no word of it is lost. Never fails: any text is Markdown.

    Args:
        cell_ids: ids of the cells in order (of the text before an edit, say, or an endless
            ``numbered(prefix)``); cells beyond them are called ``cell-1``, ``cell-2`` and so on.
        segments: see ``citation_at``: given for a model's reply, not for a file.

    >>> [block.kind for block in parse("Hello. [[s0001]]\\n\\n```python\\nprint(1)\\n```\\n")]
    ['paragraph', 'cell']
    """
    text = markdown.replace("\r\n", "\n").replace("\r", "\n")
    tree = SyntaxTreeNode(block_tokens(text, segments))
    return _Builder(cell_ids).blocks(tree.children)


def parse_edited(
    markdown: str,
    before: Sequence[AnyBlock],
    new_ids: Iterable[str],
    segments: Sequence[str] = (),
) -> tuple[AnyBlock, ...]:
    """The blocks of a text that a user edited; cells that are as they were keep their ids.

    Args:
        before: the blocks that the text was written from.
        new_ids: ids for cells that are new or changed; those of ``before`` are passed over.
        segments: see ``citation_at``: given where a model edited it.
    """
    known = cells(before)
    kept: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for cell in known:
        kept[cell.language, cell.source].append(cell.id)
    fresh = (one for one in new_ids if one not in {cell.id for cell in known})
    blocks = parse(markdown, segments=segments)

    def named(block: AnyBlock) -> list[AnyBlock]:
        if not isinstance(block, Cell):
            return [block]
        ids = kept[block.language, block.source]
        return [block.model_copy(update={"id": ids.pop(0) if ids else next(fresh)})]

    return changed(blocks, named)


def numbered(prefix: str) -> Iterator[str]:
    """Ids for the cells of a text: ``prefix`` and a number from 1, without end."""
    return (f"{prefix}{number}" for number in itertools.count(1))


class _Builder:
    """Makes blocks of the parser's tree; hands out ids, each once."""

    def __init__(self, cell_ids: Iterable[str]) -> None:
        self._ids = itertools.chain(cell_ids, numbered("cell-"))
        self._used: set[str] = set()

    def blocks(self, nodes: Iterable[SyntaxTreeNode]) -> tuple[AnyBlock, ...]:
        made: list[AnyBlock] = []
        for node in nodes:
            for block in self._of(node, made):
                made[-1:] = settled([*made[-1:], block])
        return tuple(made)

    def _of(self, node: SyntaxTreeNode, before: list[AnyBlock]) -> Iterator[AnyBlock]:
        match node.type:
            case "paragraph":
                yield from self._paragraph(node, before)
            case "heading":
                text, figures = _text(node)
                yield Heading(level=int(node.tag[1]), text=text)
                yield from figures
            case "fence" | "code_block":
                yield self._fence(node)
            case "display":
                yield from _formula(node.content)
            case "table":
                yield from _table(node)
            case "bullet_list" | "ordered_list":
                yield List(
                    ordered=node.type == "ordered_list",
                    start=int(node.attrs.get("start", 1)),
                    items=tuple(self.blocks(item.children) for item in node.children),
                )
            case "blockquote":
                yield from self._quote(node)
            case "footnote_reference":
                yield from self._footnote(node)
            case "hr":
                return  # a line between passages has no words
            case kind:
                raise AssertionError(f"the parser has no {kind}")

    def _paragraph(self, node: SyntaxTreeNode, before: list[AnyBlock]) -> Iterator[AnyBlock]:
        if before and isinstance(cell := before[-1], Cell) and (drawn := _drawings(node, cell)):
            before[-1] = cell.model_copy(update={"pictures": (*cell.pictures, *drawn)})
        elif latex := _lone_formula(node):
            cited = [Citation.of(one.content) for one in _tokens(node) if one.type == "citation"]
            yield from _formula(latex, tuple(cited))
        else:
            text, figures = _text(node)
            yield Paragraph(text=text)
            yield from figures

    def _fence(self, node: SyntaxTreeNode) -> AnyBlock:
        words = _info_words(node.info)
        language, tags = (words[0].lower(), words[1:]) if words else ("text", [])
        if language == MATH and node.content.strip():
            return Formula(latex=node.content)
        if language in PLAIN or language == MATH:
            plain = language if language in PLAIN else "text"
            return Listing(language=plain, tags=tuple(tags), source=node.content)
        return Cell(id=self._id(), language=language, tags=tuple(tags), source=node.content)

    def _id(self) -> str:
        found = next(one for one in self._ids if one not in self._used)
        self._used.add(found)
        return found

    def _quote(self, node: SyntaxTreeNode) -> Iterator[AnyBlock]:
        role = _take_role(node)
        blocks = self.blocks(node.children)
        if role:
            yield Note(role=role, blocks=blocks)
        elif blocks:
            yield Quote(blocks=blocks)

    def _footnote(self, node: SyntaxTreeNode) -> Iterator[AnyBlock]:
        label = str(node.meta["label"])
        blocks = self.blocks(node.children)
        if is_label(label):
            yield Note(role="footnote", label=label, blocks=blocks)
        else:
            yield Paragraph(text=from_words(f"[^{label}]:"))
            yield from blocks


def _text(node: SyntaxTreeNode) -> tuple[str, list[Figure]]:
    """A node's text and the figures in it. Pictures from elsewhere are links in the text."""
    found, pictures = read_tokens(_tokens(node), _FRAME)
    return write(tidied(found)), [_figure(one) for one in pictures]


def _figure(picture: Picture) -> Figure:
    name, _, part = picture.address.removeprefix("frame:").partition("#")
    crop = None
    if found := _PART.fullmatch(part):
        x, y, width, height = map(int, found.groups())
        crop = Box(x=x, y=y, width=width, height=height) if width and height else None
    return Figure(frame=name, caption=write(picture.caption), crop=crop)


def _tokens(node: SyntaxTreeNode) -> Sequence[Token]:
    """The inline tokens of a paragraph, a heading, or a cell of a table."""
    inline = node if node.type == "inline" else node.children[0]
    return inline.token.children or () if inline.token else ()


def _drawings(node: SyntaxTreeNode, cell: Cell) -> list[str]:
    """The paths of pictures that the cell drew, where the node is nothing but these; else none."""
    found, pictures = read_tokens(_tokens(node), _DRAWN)
    return [] if cell.citations or tidied(found) else [one.address for one in pictures]


def _lone_formula(node: SyntaxTreeNode) -> str:
    """The LaTeX of a paragraph that is one displayed formula, maybe with citations; else ""."""
    shown = [
        one
        for one in _tokens(node)
        if one.type not in ("citation", "softbreak") and (one.type != "text" or one.content.strip())
    ]
    if len(shown) == 1 and shown[0].type == "formula" and shown[0].markup in ("$$", "\\["):
        return shown[0].content
    return ""


def _formula(latex: str, citations: tuple[Citation, ...] = ()) -> Iterator[AnyBlock]:
    if latex.strip():
        yield Formula(latex=latex, citations=citations)


def _table(node: SyntaxTreeNode) -> Iterator[AnyBlock]:
    rows, figures = [], []
    for row in node.children:
        found = [_text(cell) for cell in row.children]
        rows.append(tuple(text for text, _ in found))
        figures += [figure for _, shown in found for figure in shown]
    yield Table(header=rows[0], alignment=node.meta["alignment"], rows=tuple(rows[1:]))
    yield from figures


def _take_role(node: SyntaxTreeNode) -> str:
    """The role of a note, taken out of its text; "" for a quotation."""
    first = node.children[0] if node.children else None
    tokens = _tokens(first) if first and first.type == "paragraph" else ()
    if not first or not tokens or tokens[0].type != "text":
        return ""
    # In the text as it was written, an entity for the bracket says that it is none.
    found = _ROLE.match(first.children[0].content)
    if not found:
        return ""
    tokens[0].content = tokens[0].content[found.end() :]
    return found[1].lower()


def _info_words(info: str) -> list[str]:
    """The words behind a fence: ``{.python .excerpt}`` is ``python excerpt``."""
    words = re.split(r"[\s,{}]+", re.sub(r"[`~\\&]", "", clean_prose(info)))
    return [word for word in (one.lstrip(".") for one in words) if word]
