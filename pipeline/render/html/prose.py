"""A section's blocks as safe HTML: passages with their times, cells with verdicts, figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import assert_never

from pipeline.cells.report import Report
from pipeline.document.blocks import (
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
from pipeline.document.citations import Citation, leading
from pipeline.document.inline import words_of
from pipeline.document.passage_times import own_citations
from pipeline.document.walk import prose_of, walk
from pipeline.i18n.page import note_title
from pipeline.render.html.anchors import Anchors, slug
from pipeline.render.html.footnotes import Footnotes
from pipeline.render.html.formulas import mathml
from pipeline.render.html.fragments import FragmentMaker, PageFigure
from pipeline.render.html.inline import InlineHtml
from pipeline.render.html.passages import Passage, PassageMaker, attributes_of
from pipeline.render.html.sanitise import sanitise
from pipeline.render.html.typography import is_english
from pipeline.render.pictures import PagePicture


@dataclass(frozen=True)
class PageHeading:
    """A heading inside a section: level (3 to 6), anchor and plain text."""

    level: int
    anchor: str
    text: str


@dataclass(frozen=True)
class Prose:
    """A converted section: its HTML, sub-headings, passages and figures, each in order."""

    html: str
    headings: tuple[PageHeading, ...]
    passages: tuple[Passage, ...]
    figures: tuple[PageFigure, ...]


@dataclass
class _Section:
    """What is found while one section is converted; ``moment_ms`` is that of the block at hand."""

    notes: Footnotes
    headings: list[PageHeading] = field(default_factory=list)
    figures: list[PageFigure] = field(default_factory=list)
    moment_ms: int | None = None
    is_apart: bool = False  # in a footnote or what was added: nothing is a passage


class ProseMaker:
    """Converts the sections of one chapter, in order (figures are numbered).

    ``unknown_frames`` are the frames of figures that the lecture does not have, in order.
    """

    def __init__(
        self,
        passages: PassageMaker,
        pieces: FragmentMaker,
        pictures: Mapping[str, PagePicture],
        report: Report,
        anchors: Anchors,
        language: str = "en",
    ) -> None:
        self.unknown_frames: list[str] = []
        self._passages = passages
        self._pieces = pieces
        self._pictures = pictures
        self._report = report
        self._anchors = anchors
        self._figures = 0
        self._section = _Section(Footnotes((), anchors))
        self._inline = InlineHtml(
            self._citation,
            lambda label: self._section.notes.mark(label),
            smart_quotes=is_english(language),
        )

    def section(self, blocks: Sequence[AnyBlock]) -> Prose:
        """The HTML of one section."""
        notes = [one for one in walk(blocks) if isinstance(one, Note) and one.label]
        self._section = _Section(Footnotes(notes, self._anchors))
        before = len(self._passages.passages)
        html = self._blocks(blocks)
        self._section.is_apart = True
        html += self._section.notes.html(self._blocks)
        return Prose(
            sanitise(html),
            tuple(self._section.headings),
            tuple(self._passages.passages[before:]),
            tuple(self._section.figures),
        )

    def _blocks(self, blocks: Sequence[AnyBlock]) -> str:
        return "\n".join(filter(None, map(self._block, blocks)))

    def _block(self, block: AnyBlock) -> str:
        if isinstance(block, Note) and block.label:
            return ""  # at the end of the section
        if isinstance(block, Heading):
            return self._heading(block)
        passage = self._passage(block)
        if isinstance(block, Paragraph):
            text, behind = self._led(block, passage)
            if not passage:
                return f"<p>{text}</p>" if text else ""
            return f"<div {attributes_of(passage)}><p>{text}</p>{behind}</div>"
        html = self._solid(block)
        return self._passages.solid(passage, html) if passage and html else html

    def _solid(self, block: Figure | Cell | Listing | Formula | Table | List | Quote | Note) -> str:
        match block:
            case Figure():
                return self._figure(block)
            case Cell():
                return self._pieces.cell(block, self._report.by_id.get(block.id))
            case Listing():
                return self._pieces.listing(block)
            case Formula():
                return f'<div class="formula" tabindex="0">{mathml(block.latex, "block")}</div>'
            case Table():
                return self._table(block)
            case List():
                return self._list(block)
            case Quote():
                return f"<blockquote>\n{self._blocks(block.blocks)}\n</blockquote>"
            case Note():
                words = escape(note_title(self._pieces.words, block.role))
                title = f'<p class="admonition-title">{words}</p>'
                inside = self._inside(block)
                if block.role == "answer":
                    return (
                        f'<details class="answer"><summary>{words}</summary>\n{inside}\n</details>'
                    )
                return f'<div class="admonition {escape(block.role)}">{title}\n{inside}\n</div>'
            case _:
                assert_never(block)

    def _inside(self, note: Note) -> str:
        before = self._section.is_apart
        self._section.is_apart = before or note.is_apart
        html = self._blocks(note.blocks)
        self._section.is_apart = before
        return html

    def _passage(self, block: AnyBlock) -> Passage | None:
        """The block as a passage, if it cites; in a table only what stands behind it counts."""
        if self._section.is_apart:
            return None
        cited = block.citations
        if isinstance(block, Paragraph):
            cited = leading(own_citations(block), self._passages.order)
        text = " ".join(prose_of([block]).split())
        return self._passages.add(cited, block.moment_ms, text) if cited else None

    def _led(self, block: Paragraph, passage: Passage | None) -> tuple[str, str]:
        """The HTML of a text, after the link to its moment, and what stands behind it."""
        text = self._text(block.text, block.moment_ms)
        if passage:
            return self._passages.lead(passage) + text, self._passages.tail(passage)
        if self._section.is_apart:
            text += self._links(block)
        return text, ""

    def _text(self, text: str, moment_ms: int | None = None) -> str:
        self._section.moment_ms = moment_ms
        return self._inline.html(text)

    def _citation(self, citation: Citation) -> str:
        """The link of a citation in the middle of a text; not to before the text itself."""
        span = self._passages.span((citation,), self._section.moment_ms)
        return self._passages.time_link(span.start_ms, "time inline") if span else ""

    def _links(self, block: AnyBlock) -> str:
        """The links of citations at the end of a text that is no passage."""
        self._section.moment_ms = block.moment_ms
        return "".join(f" {html}" for one in block.citations if (html := self._citation(one)))

    def _heading(self, block: Heading) -> str:
        words = words_of(block.text)
        heading = PageHeading(block.level, self._anchors.take(slug(words)), words)
        self._section.headings.append(heading)
        text = self._text(block.text, block.moment_ms) + self._links(block)
        return f'<h{heading.level} id="{heading.anchor}">{text}</h{heading.level}>'

    def _figure(self, block: Figure) -> str:
        picture = self._pictures.get(block.picture)
        if picture is None:
            self.unknown_frames.append(block.frame)
            return ""
        self._figures += 1
        figure = PageFigure(
            block.frame,
            self._figures,
            self._anchors.take(f"{block.frame}-{self._figures}"),
            picture.frame.at_ms if block.moment_ms is None else block.moment_ms,
            words_of(block.caption),
        )
        self._section.figures.append(figure)
        return self._pieces.figure(picture, figure, self._text(block.caption), figure.number == 1)

    def _table(self, block: Table) -> str:
        """A wide table scrolls within itself, by keyboard too."""
        attributes = [f' class="{where}"' if where else "" for where in block.alignment]

        def row(cells: Sequence[str], tag: str) -> str:
            made = (
                f"<{tag}{attribute}>{self._text(cell, block.moment_ms)}</{tag}>"
                for cell, attribute in zip(cells, attributes, strict=True)
            )
            return f"<tr>{''.join(made)}</tr>"

        head = f"<thead>{row(block.header, 'th')}</thead>"
        body = "\n".join(row(cells, "td") for cells in block.rows)
        return f'<div class="scroll" tabindex="0"><table>{head}<tbody>{body}</tbody></table></div>'

    def _list(self, block: List) -> str:
        tag = "ol" if block.ordered else "ul"
        start = f' start="{block.start}"' if block.ordered and block.start != 1 else ""
        items = "\n".join(map(self._item, block.items))
        return f"<{tag}{start}>\n{items}\n</{tag}>"

    def _item(self, blocks: Sequence[AnyBlock]) -> str:
        """An item of one text, maybe with a list below it, has no paragraph around the text."""
        first = blocks[0] if blocks else None
        if not isinstance(first, Paragraph) or not all(isinstance(b, List) for b in blocks[1:]):
            return f"<li>{self._blocks(blocks)}</li>"
        passage = self._passage(first)
        text, behind = self._led(first, passage)
        attributes = f" {attributes_of(passage)}" if passage else ""
        return f"<li{attributes}>{text}{behind}{self._blocks(blocks[1:])}</li>"
