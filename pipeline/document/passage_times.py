"""The second that each passage and figure leads to, found in the words that were spoken.

A passage leads to the first spoken word that it retells (see ``alignment``). A figure leads to the
moment from which its screen is up, within the passage it stands in. Nothing on the page ever leads
to a moment before the one ahead of it, and no moment is made up: each is the start of a spoken
word, of a cited segment or of a screen.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.document.article import Article, Section
from pipeline.document.citation_markup import (
    CITATION,
    CitationMarkup,
    find_citations,
    find_figures,
)
from pipeline.document.markdown_blocks import MarkdownBlock, join_blocks, split_blocks
from pipeline.document.passage_alignment import CitedPassage, SpokenKeys, first_words
from pipeline.models import Frame, Segment, Segments, Transcript


def with_passage_times(
    article: Article, segments: Segments, transcript: Transcript
) -> tuple[Article, Segments]:
    """The article and the frames with the moments that their links lead to (ms).

    Citations become ``[[s0012@754300]]`` where a passage begins inside the cited segment; a frame's
    ``at_ms`` becomes the moment its figure leads to. Both are for rendering only: artifacts keep
    ``[[s0012]]`` and the frame's own time.
    """
    finder = _Finder(segments, transcript)
    sections = tuple(
        section.model_copy(update={"markdown": finder.section(section)})
        for section in article.sections
    )
    frames = tuple(
        frame.model_copy(update={"at_ms": finder.shown_ms.get(frame.id, frame.at_ms)})
        for frame in segments.frames
    )
    return (
        article.model_copy(update={"sections": sections}),
        segments.model_copy(update={"frames": frames}),
    )


@dataclass(frozen=True)
class _Cited:
    """A block that is a passage: its place, its citation, and the segments it cites, the first
    one without the words of the section before."""

    block: int
    citation: CitationMarkup
    begin: Segment
    end: Segment
    text: str


class _Finder:
    def __init__(self, segments: Segments, transcript: Transcript) -> None:
        self._segments = {segment.id: segment for segment in segments.segments}
        self._frames = {frame.id: frame for frame in segments.frames}
        self._words = transcript.words
        self._spoken = SpokenKeys(transcript)
        self._latest_ms = 0
        self.shown_ms: dict[str, int] = {}

    def section(self, section: Section) -> str:
        blocks = list(split_blocks(section.markdown))
        cited = list(self._cited(blocks, section))
        moments = self._moments(cited)
        for one in cited:
            moment_ms = moments[one.block]
            if moment_ms > self._segments[one.citation.first].start_ms:
                block = blocks[one.block]
                stamped = _stamped(block.text, one.citation, moment_ms)
                blocks[one.block] = MarkdownBlock(block.kind, stamped)
        self._place_figures(blocks, moments)
        return join_blocks(blocks)

    def _cited(self, blocks: Sequence[MarkdownBlock], section: Section) -> Iterator[_Cited]:
        for number, block in enumerate(blocks):
            citations = find_citations(block.text) if block.kind == "prose" else []
            if not citations:
                continue
            begin = self._segments.get(citations[0].first)
            end = self._segments.get(citations[-1].last)
            if begin is None or end is None or end.start_ms < begin.start_ms:
                continue
            text = CITATION.sub(" ", block.text)
            yield _Cited(number, citations[0], self._within(begin, section), end, text)

    def _within(self, segment: Segment, section: Section) -> Segment:
        """The segment without the words of the section before, which may share it."""
        if section.start_ms <= segment.start_ms or section.start_ms >= segment.end_ms:
            return segment
        words = range(segment.first_word, segment.last_word + 1)
        own = (at for at in words if self._words[at].start_ms >= section.start_ms)
        first = next(own, segment.last_word + 1)
        return segment.model_copy(update={"start_ms": section.start_ms, "first_word": first})

    def _moments(self, cited: Sequence[_Cited]) -> dict[int, int]:
        """The moment of each passage by its block."""
        passages = [
            CitedPassage(one.text, one.begin.first_word, one.end.last_word) for one in cited
        ]
        moments: dict[int, int] = {}
        for one, place in zip(cited, first_words(passages, self._spoken), strict=True):
            if place is None:
                # It shares the stretch with the passage before it, so it is not earlier than that.
                shares = self._latest_ms < one.end.end_ms
                moment_ms = max(one.begin.start_ms, self._latest_ms if shares else 0)
            else:
                moment_ms = max(self._words[place].start_ms, one.begin.start_ms, self._latest_ms)
            moments[one.block] = moment_ms
            self._latest_ms = max(self._latest_ms, moment_ms)
        return moments

    def _place_figures(self, blocks: Sequence[MarkdownBlock], moments: dict[int, int]) -> None:
        """Each figure from the moment its screen is up, between the passages around it."""
        places = sorted(moments)
        for number, block in enumerate(blocks):
            if block.kind not in ("figure", "prose"):
                continue
            for figure in find_figures(block.text):
                if frame := self._frames.get(figure.frame):
                    at = bisect_left(places, number)
                    before = moments[places[at - 1]] if at else 0
                    after = moments[places[at]] if at < len(places) else None
                    self.shown_ms[frame.id] = _between(frame, before, after)


def _between(frame: Frame, before_ms: int, after_ms: int | None) -> int:
    """The start of the frame's screen, kept between the passages around its figure."""
    moment_ms = max(before_ms, frame.start_ms)
    return moment_ms if after_ms is None else max(before_ms, min(moment_ms, after_ms))


def _stamped(text: str, citation: CitationMarkup, moment_ms: int) -> str:
    marked = text[citation.start : citation.end].removesuffix("]]")
    return f"{text[: citation.start]}{marked}@{moment_ms}]]{text[citation.end :]}"
