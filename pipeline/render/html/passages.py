"""Passages: blocks of text with the moment at which they were spoken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.document.citations import Citation
from pipeline.models import Segment
from pipeline.render.html.anchors import Anchors


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


def cited_span(
    segments: Mapping[str, Segment], citations: Sequence[Citation], moment_ms: int | None
) -> CitedSpan | None:
    """The stretch that the citations name, from the moment on if that lies in it; None when none
    of them names a segment."""
    known = [segments[name] for name in _ids(citations) if name in segments]
    if not known:
        return None
    first = min(known, key=lambda segment: segment.start_ms)
    end_ms = max(segment.end_ms for segment in known)
    is_inside = moment_ms is not None and first.start_ms <= moment_ms < end_ms
    start_ms = moment_ms if moment_ms is not None and is_inside else first.start_ms
    return CitedSpan(first.id, start_ms, end_ms)


def _ids(citations: Sequence[Citation]) -> list[str]:
    return [name for one in citations for name in dict.fromkeys([one.first, one.last])]


class PassageMaker:
    """Makes the passages of one chapter and collects them in the order of the page.

    ``unknown`` are the ids that are cited and are no segment's, in order, maybe repeated.

    Args:
        segments: the lecture's segments by id.
        time_link: the HTML of a time link, for a moment and a class name.
        tail: the HTML that follows a passage, for its anchor and stretch (the speaker's own words
            and the link to it).
        anchors: the names of the page.
    """

    def __init__(
        self,
        segments: Mapping[str, Segment],
        time_link: Callable[[int, str], str],
        tail: Callable[[str, CitedSpan], str],
        anchors: Anchors,
    ) -> None:
        self.segments = segments
        self.order = {name: at for at, name in enumerate(segments)}
        self.time_link = time_link
        self.passages: list[Passage] = []
        self.unknown: list[str] = []
        self._tail = tail
        self._anchors = anchors

    def span(self, citations: Sequence[Citation], moment_ms: int | None) -> CitedSpan | None:
        """See ``cited_span``; takes note of what is no segment."""
        self.unknown += [name for name in _ids(citations) if name not in self.segments]
        return cited_span(self.segments, citations, moment_ms)

    def add(
        self, citations: Sequence[Citation], moment_ms: int | None, text: str
    ) -> Passage | None:
        """A new passage; None where no citation names a segment."""
        span = self.span(citations, moment_ms)
        if span is None:
            return None
        passage = Passage(self._anchors.take(span.first), span, text)
        self.passages.append(passage)
        return passage

    def lead(self, passage: Passage) -> str:
        """What stands before a passage: the link to its moment."""
        return f'<span class="at">{self.time_link(passage.span.start_ms, "time")}</span>'

    def tail(self, passage: Passage) -> str:
        """What stands behind a passage."""
        return f'<div class="tail">{self._tail(passage.anchor, passage.span)}</div>'

    def solid(self, passage: Passage, html: str) -> str:
        """A figure, a cell, a table as a passage."""
        attributes = attributes_of(passage, "passage solid")
        return f"<div {attributes}>{self.lead(passage)}{html}{self.tail(passage)}</div>"


def attributes_of(passage: Passage, css_class: str = "passage") -> str:
    """The attributes of the element that holds a passage."""
    span = passage.span
    return (
        f'class="{css_class}" id="{passage.anchor}" data-s="{span.start_ms}" data-e="{span.end_ms}"'
    )
