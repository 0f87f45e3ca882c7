"""Passages: a block of text with the moment it was spoken, from the citations in the Markdown.

``[[s0012]]`` at the end of a paragraph or list item makes it a passage; in the middle of one, or in
a table, it becomes a small time link where it stands. Times come from the segments, and from the
spoken word at which a passage begins (``[[s0012@754300]]``, see ``document/passage_times.py``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

from pipeline.models import Segment
from pipeline.render.html.placeholders import MARK

CITATION = r"\[\[\s*(s\d+(?:\s*[-–,]\s*s\d+)*)(?:@(\d{1,12}))?\s*\]\]"
_REFERENCE = "lecture-time"
_BLOCKS = frozenset({
    "p", "ul", "ol", "dl", "table", "blockquote", "div", "pre", "figure", "details", "h1", "h2",
    "h3", "h4", "h5", "h6",
})  # fmt: skip


@dataclass(frozen=True)
class CitedSpan:
    """A stretch of the lecture: first segment's id, start and end in milliseconds."""

    first: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class Passage:
    """A passage as it stands on the page: the anchor, its stretch, and its plain text."""

    anchor: str
    span: CitedSpan
    text: str


class PassageMaker:
    """Turns citations into passages while one chapter is converted; collects them in order.

    Args:
        segments: the lecture's segments by id.
        time_link: the HTML of a time link, for a moment and a class name.
        tail: the HTML that follows a passage, for its anchor and stretch (the speaker's own words
            and the link to it).
    """

    def __init__(
        self,
        segments: Mapping[str, Segment],
        time_link: Callable[[int, str], str],
        tail: Callable[[str, CitedSpan], str],
    ) -> None:
        self.segments = segments
        self.time_link = time_link
        self.tail = tail
        self.passages: list[Passage] = []
        self.unknown: list[str] = []
        self._anchors: dict[str, int] = {}

    def span(self, reference: str) -> CitedSpan | None:
        """The stretch that ``s0012``, ``s0012-s0015@754300`` or ``s0012, s0014`` names, or None."""
        ids = re.findall(r"s\d+", reference)
        known = [self.segments[one] for one in ids if one in self.segments]
        self.unknown += [one for one in ids if one not in self.segments]
        if not known:
            return None
        first = min(known, key=lambda segment: segment.start_ms)
        moment = re.search(r"@(\d+)", reference)
        end_ms = max(segment.end_ms for segment in known)
        start_ms = int(moment[1]) if moment else first.start_ms
        # A moment that is not in the cited speech was not found by us.
        if not first.start_ms <= start_ms < end_ms:
            start_ms = first.start_ms
        return CitedSpan(first.id, start_ms, end_ms)

    def anchor(self, span: CitedSpan) -> str:
        """A name for the passage that is used once in the chapter: ``s0012``, ``s0012-2``, ..."""
        count = self._anchors[span.first] = self._anchors.get(span.first, 0) + 1
        return span.first if count == 1 else f"{span.first}-{count}"

    def install(self, markdown: Markdown) -> None:
        """Register with a converter, after everything that changes the text."""
        markdown.inlinePatterns.register(_Citation(CITATION, markdown), "citation", 178)
        markdown.treeprocessors.register(_Passages(markdown, self), "passages", 3)


class _Citation(InlineProcessor):
    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, match: re.Match[str], data: str
    ) -> tuple[ElementTree.Element, int, int]:
        element = ElementTree.Element(_REFERENCE, {"of": match[0]})
        return element, match.start(0), match.end(0)


class _Passages(Treeprocessor):
    def __init__(self, markdown: Markdown, maker: PassageMaker) -> None:
        super().__init__(markdown)
        self.maker = maker

    def run(self, root: ElementTree.Element) -> None:
        self._visit(root)
        for parent, reference in _references(root):
            self._inline(parent, reference)

    def _visit(self, parent: ElementTree.Element) -> None:
        for child in list(parent):
            if child.tag in ("p", "li"):
                self._passage(parent, child)
            if child.tag not in ("p", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th"):
                self._visit(child)

    def _passage(self, parent: ElementTree.Element, block: ElementTree.Element) -> None:
        """Make ``block`` a passage when it cites; a block that only cites marks the one before."""
        cited = list(_references(block, within_blocks=False))
        spans = [span for _, one in cited if (span := self.maker.span(one.get("of", "")))]
        trailing = _remove_trailing(block)
        if not spans:
            if trailing and _is_empty(block):
                parent.remove(block)
            return
        span = CitedSpan(spans[0].first, spans[0].start_ms, max(one.end_ms for one in spans))
        target = block
        if _is_empty(block):
            index = list(parent).index(block)
            parent.remove(block)
            if not index:
                return
            target = parent[index - 1]
            if "passage" in target.get("class", ""):
                return
        self._mark(parent, target, span)

    def _mark(
        self, parent: ElementTree.Element, block: ElementTree.Element, span: CitedSpan
    ) -> None:
        anchor = self.maker.anchor(span)
        self.maker.passages.append(Passage(anchor, span, _text(block)))
        holder = block
        if block.tag != "li":
            holder = ElementTree.Element("div")
            holder.tail, block.tail = block.tail, None
            parent[list(parent).index(block)] = holder
            holder.append(block)
        holder.set("class", " ".join(filter(None, [holder.get("class"), "passage"])))
        holder.set("id", anchor)
        holder.set("data-s", str(span.start_ms))
        holder.set("data-e", str(span.end_ms))
        lead = ElementTree.Element("span", {"class": "at"})
        lead.text = self.md.htmlStash.store(self.maker.time_link(span.start_ms, "time"))
        tail = ElementTree.Element("div", {"class": "tail"})
        tail.text = self.md.htmlStash.store(self.maker.tail(anchor, span))
        # Inside the paragraph, so that without the stylesheet it reads "2:03 The text".
        alone = MARK.fullmatch((block.text or "").strip()) and not len(block)
        if block.tag in ("p", "li") and not alone:
            lead.tail, block.text = block.text, None
            block.insert(0, lead)
            nested = [at for at, child in enumerate(holder) if child.tag in _BLOCKS and at]
            holder.insert(nested[0] if nested and block.tag == "li" else len(holder), tail)
        else:
            # A figure, a cell, a table.
            holder.set("class", f"{holder.get('class')} solid")
            holder.insert(0, lead)
            holder.append(tail)

    def _inline(self, parent: ElementTree.Element, reference: ElementTree.Element) -> None:
        span = self.maker.span(reference.get("of", ""))
        reference.attrib.clear()
        reference.tag = "span"
        if span is not None:
            html = self.maker.time_link(span.start_ms, "time inline")
            reference.text = self.md.htmlStash.store(html)


def _references(
    element: ElementTree.Element, within_blocks: bool = True
) -> Iterable[tuple[ElementTree.Element, ElementTree.Element]]:
    """The citations under ``element`` with their parents, in order."""
    for child in element:
        if child.tag == _REFERENCE:
            yield element, child
        elif within_blocks or child.tag not in _BLOCKS:
            yield from _references(child, within_blocks)


def _remove_trailing(block: ElementTree.Element) -> bool:
    """Remove the citations at the end of the block's own text; True when there was one."""
    own = [child for child in block if child.tag not in _BLOCKS]
    removed = False
    while own and own[-1].tag == _REFERENCE and not (own[-1].tail or "").strip(" \n.。"):
        last = own.pop()
        tail = (last.tail or "").strip()
        before = list(block)[list(block).index(last) - 1] if list(block).index(last) else None
        block.remove(last)
        if before is None:
            block.text = (block.text or "").rstrip() + tail
        else:
            before.tail = (before.tail or "").rstrip() + tail
        removed = True
    return removed


def _is_empty(block: ElementTree.Element) -> bool:
    return not len(block) and not (block.text or "").strip()


def _text(block: ElementTree.Element) -> str:
    return " ".join("".join(block.itertext()).split())
