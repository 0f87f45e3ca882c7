"""A section's Markdown as safe HTML: passages with their times, cells with verdicts, figures."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape, unescape
from xml.etree import ElementTree

from markdown import Markdown
from markdown.extensions.smarty import SmartyExtension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import ETX, HTML_PLACEHOLDER, STX, AtomicString

from pipeline.render.html.brackets import plain_brackets
from pipeline.render.html.formulas import mathml
from pipeline.render.html.fragments import FragmentMaker
from pipeline.render.html.lists import regular_lists
from pipeline.render.html.passages import Passage, PassageMaker
from pipeline.render.html.placeholders import (
    MARK,
    FencePlaceholder,
    FigurePlaceholder,
    FormulaPlaceholder,
    Lifted,
    Piece,
    Special,
    lift,
)
from pipeline.render.html.sanitise import sanitise
from pipeline.render.html.typography import is_english
from pipeline.render.pictures import PagePicture
from pipeline.render.verdicts import Verdicts

_MATH = r"(?<![\\$\w])\$(?=\S)([^$\n]+?)(?<=[^\s\\])\$(?![\d$])"
_SIMPLE_TAG = r"</?(?:sub|sup|kbd)>|<br ?/?>"


@dataclass(frozen=True)
class PageHeading:
    """A heading inside a section: level (3 to 6), anchor and plain text."""

    level: int
    anchor: str
    text: str


@dataclass(frozen=True)
class Prose:
    """A converted section: its HTML, sub-headings, passages and the frames it shows, in order."""

    html: str
    headings: tuple[PageHeading, ...]
    passages: tuple[Passage, ...]
    figures: tuple[str, ...]


class ProseMaker:
    """Converts the sections of one chapter, in order (figures are numbered, cells matched)."""

    def __init__(
        self,
        passages: PassageMaker,
        pieces: FragmentMaker,
        pictures: Mapping[str, PagePicture],
        verdicts: Verdicts,
        language: str = "en",
    ) -> None:
        self._passages = passages
        self._pieces = replace(pieces, inline=self._caption)
        self._pictures = pictures
        self._verdicts = verdicts
        self._figures = 0
        self._headings: list[PageHeading] = []
        self._anchors: dict[str, int] = {}
        self._title = ""
        self._language = language
        self._converter = self._make_converter(passages)
        self._captions = self._make_converter(None)

    def section(self, markdown: str, title: str) -> Prose:
        """The HTML of one section; a first heading that repeats ``title`` is dropped."""
        self._headings, self._title = [], title
        before = len(self._passages.passages)
        lifted = lift(markdown)
        self._converter.reset()
        html = self._converter.convert(regular_lists(plain_brackets(lifted.markdown)))
        shown: list[str] = []
        html = self._fill(html, lifted, shown)
        found = tuple(
            replace(passage, text=self._plain(passage.text, lifted))
            for passage in self._passages.passages[before:]
        )
        return Prose(sanitise(html), tuple(self._headings), found, tuple(shown))

    def _plain(self, text: str, lifted: Lifted) -> str:
        """A passage's text for the search index: special strings and formulas as their source."""
        blocks = self._converter.htmlStash.rawHtmlBlocks

        def stashed(match: re.Match[str]) -> str:
            block = str(blocks[int(match[1])])
            latex = re.search(r'alttext="([^"]*)"', block)
            return unescape(latex[1] if latex else re.sub(r"<[^<>]*>", "", block))

        def lifted_text(match: re.Match[str]) -> str:
            piece = lifted.pieces[int(match[1])]
            return piece.text if isinstance(piece, Special) else ""

        text = re.sub(HTML_PLACEHOLDER % r"(\d+)", stashed, text)
        # A character after a backslash waits as its number.
        text = re.sub(f"{STX}(\\d+){ETX}", lambda match: chr(int(match[1])), text)
        return " ".join(MARK.sub(lifted_text, text).split())

    def _make_converter(self, passages: PassageMaker | None) -> Markdown:
        converter = Markdown(
            extensions=["tables", "footnotes", "def_list", "admonition", "sane_lists"],
            extension_configs={"footnotes": {"UNIQUE_IDS": True, "BACKLINK_TEXT": "↩"}},
        )
        # As in CommonMark, a backslash before any mark makes it plain.
        converter.ESCAPED_CHARS = list(string.punctuation)
        if is_english(self._language):
            SmartyExtension(smart_dashes=False, smart_ellipses=False).extendMarkdown(converter)
        # Raw HTML is text here: "<|endoftext|>" and "<b>" appear as they were written. Code is
        # fenced, so an indented block is only a paragraph that somebody indented.
        converter.preprocessors.deregister("html_block")
        converter.inlinePatterns.deregister("html")
        converter.parser.blockprocessors.deregister("code")
        converter.inlinePatterns.register(_Math(_MATH, converter), "formula", 182)
        converter.inlinePatterns.register(_Tag(_SIMPLE_TAG, converter), "simple tag", 92)
        if passages:
            passages.install(converter)
            converter.treeprocessors.register(_Shape(converter, self), "shape", 4)
        return converter

    def _caption(self, markdown: str) -> str:
        lifted = lift(markdown)
        self._captions.reset()
        html = self._captions.convert(plain_brackets(lifted.markdown.strip()))
        html = html.removeprefix("<p>").removesuffix("</p>")
        return MARK.sub(lambda match: _visible(lifted, match), html)

    def add_heading(self, element: ElementTree.Element) -> bool:
        """Give a heading its place in the page; False when it only repeats the section's title."""
        text = " ".join("".join(element.itertext()).split())
        if not self._headings and _bare(text) == _bare(self._title):
            return False
        level = max(3, int(element.tag[1]))
        anchor = self._anchor(slug(text))
        element.tag = f"h{level}"
        element.set("id", anchor)
        self._headings.append(PageHeading(level, anchor, text))
        return True

    def _anchor(self, wanted: str) -> str:
        """``wanted``, or with the first number from 2 on that makes it new."""
        anchor, number = wanted, self._anchors.get(wanted, 1)
        while anchor in self._anchors:
            number += 1
            anchor = f"{wanted}-{number}"
        self._anchors[wanted] = number
        self._anchors.setdefault(anchor, 1)
        return anchor

    def _fill(self, html: str, lifted: Lifted, shown: list[str]) -> str:
        """Replace the marks by the finished pieces."""

        def block(match: re.Match[str]) -> str:
            return self._fill_one(lifted.pieces[int(match[1])], shown)

        html = re.sub(rf"<p>{MARK.pattern}</p>", block, html)
        return MARK.sub(lambda match: _visible(lifted, match), html)

    def _fill_one(self, piece: Piece, shown: list[str]) -> str:
        if isinstance(piece, FencePlaceholder):
            if piece.is_output:
                return f'<div class="cell alone">{self._pieces.output(piece.source)}</div>'
            return self._pieces.cell(piece, self._verdicts.take(piece.source))
        if isinstance(piece, FormulaPlaceholder):
            return f'<div class="formula" tabindex="0">{mathml(piece.latex, "block")}</div>'
        if isinstance(piece, FigurePlaceholder):
            picture = self._pictures.get(piece.frame)
            if picture is None:
                return ""
            self._figures += 1
            shown.append(piece.frame)
            return self._pieces.figure(picture, piece.caption, self._figures, self._figures == 1)
        return f"<p>{escape(piece.text)}</p>"


class _Math(InlineProcessor):
    """``$x$`` as a formula (a dollar before a digit or after a letter is money or a variable)."""

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, match: re.Match[str], data: str
    ) -> tuple[str, int, int]:
        return self.md.htmlStash.store(mathml(match[1], "inline")), match.start(0), match.end(0)


class _Tag(InlineProcessor):
    """The few tags without attributes that Markdown has no sign for."""

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, match: re.Match[str], data: str
    ) -> tuple[str, int, int]:
        return self.md.htmlStash.store(match[0]), match.start(0), match.end(0)


class _Shape(Treeprocessor):
    """Headings below the section's own, GitHub's notes as admonitions, no foreign pictures."""

    def __init__(self, markdown: Markdown, maker: ProseMaker) -> None:
        super().__init__(markdown)
        self.maker = maker

    def run(self, root: ElementTree.Element) -> None:
        for parent in list(root.iter()):
            for child in list(parent):
                if re.fullmatch(r"h[1-6]", str(child.tag)):
                    if not self.maker.add_heading(child):
                        parent.remove(child)
                elif child.tag == "blockquote":
                    _note(child)
                elif child.tag == "img":
                    _to_link(child)
                elif child.tag == "table":
                    _scrollable(parent, child)


def _note(quote: ElementTree.Element) -> None:
    """``> [!NOTE]`` becomes an admonition."""
    first = quote[0] if len(quote) else None
    match = re.match(r"\s*\[!(\w+)\]\s*", (first.text or "") if first is not None else "")
    if first is None or not match:
        return
    quote.tag = "div"
    quote.set("class", f"admonition {match[1].lower()}")
    first.text = AtomicString((first.text or "")[match.end() :])
    title = ElementTree.Element("p", {"class": "admonition-title"})
    title.text = match[1].capitalize()
    quote.insert(0, title)


def _scrollable(parent: ElementTree.Element, table: ElementTree.Element) -> None:
    """A wide table scrolls within itself, by keyboard too."""
    box = ElementTree.Element("div", {"class": "scroll", "tabindex": "0"})
    box.tail, table.tail = table.tail, None
    parent[list(parent).index(table)] = box
    box.append(table)


def _to_link(image: ElementTree.Element) -> None:
    """A picture from elsewhere would be a request to another host: a link in its place."""
    source, text = image.get("src", ""), image.get("alt", "")
    image.attrib.clear()
    image.tag = "a" if source.startswith(("http://", "https://")) else "span"
    if image.tag == "a":
        image.set("href", source)
    image.text = AtomicString(text or source)


def slug(text: str) -> str:
    """An anchor for a heading: its letters and digits in lower case, joined by hyphens.

    >>> slug("What is `BPE`? 字节对")
    'what-is-bpe-字节对'
    """
    return re.sub(r"[\W_]+", "-", MARK.sub("", text).lower()).strip("-")[:60] or "part"


def _bare(text: str) -> str:
    return re.sub(r"^[\d.]+\s+", "", text).strip().casefold()


def _visible(lifted: Lifted, match: re.Match[str]) -> str:
    piece = lifted.pieces[int(match[1])]
    return escape(piece.text) if isinstance(piece, Special) else ""
