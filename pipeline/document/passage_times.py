"""The second that each passage and figure leads to, found in the words that were spoken.

A passage (a block that cites) leads to the first spoken word that it retells, see
``passage_alignment``. A figure leads to the moment from which its screen is up, within the passage
it stands in. Nothing in a chapter leads to a moment before the one ahead of it, and no moment is
made up: each is the start of a spoken word, of a cited segment or of a screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.document.article import Article, Section
from pipeline.document.blocks import AnyBlock, Figure, List, Note, Quote
from pipeline.document.citations import Citation, leading
from pipeline.document.inline import runs
from pipeline.document.passage_alignment import CitedPassage, SpokenKeys, first_words
from pipeline.document.runs import Run
from pipeline.document.walk import inside, prose_of, texts, walk
from pipeline.models import Frame, Segment, Segments, Transcript


def with_passage_times(article: Article, segments: Segments, transcript: Transcript) -> Article:
    """The article with ``moment_ms`` on every block that cites and on every figure.

    Blocks whose citations name no segment, or end before they begin, and figures of unknown frames
    get None, as do footnotes and what was added to the chapter: these stand apart from its order.
    """
    finder = _Finder(segments, transcript)
    places = [finder.places(section) for section in article.sections]
    moments = iter(_shown([place for found in places for place in found]))
    return article.model_copy(
        update={
            "sections": tuple(
                section.model_copy(update={"blocks": _timed(section.blocks, moments)})
                for section in article.sections
            )
        }
    )


def own_citations(block: AnyBlock) -> tuple[Citation, ...]:
    """The citations in the block's own text and at its end, not those of blocks inside it."""
    in_text = (Citation.of(one.text) for text in texts(block) for one in _cited_runs(text))
    return (*in_text, *block.citations)


def _cited_runs(text: str) -> Iterator[Run]:
    return (one for one in runs(text) if one.kind == "citation")


@dataclass(frozen=True)
class _Cited:
    """A block that is a passage: the segments it cites, the first one without the words of the
    section before."""

    begin: Segment
    end: Segment
    text: str


@dataclass(frozen=True)
class _Place:
    """A block's place in the chapter: where it is a passage, the moment it leads to; where it is a
    figure, its frame, and the earliest moment its own citations allow."""

    moment_ms: int | None = None
    frame: Frame | None = None
    earliest_ms: int = 0


class _Finder:
    """Finds the moments of one section after the other, in the order of the chapter."""

    def __init__(self, segments: Segments, transcript: Transcript) -> None:
        self._segments = {segment.id: segment for segment in segments.segments}
        self._order = {name: at for at, name in enumerate(self._segments)}
        self._frames = {frame.id: frame for frame in segments.frames}
        self._words = transcript.words
        self._spoken = SpokenKeys(transcript)
        self._latest_ms = 0

    def places(self, section: Section) -> list[_Place]:
        """The place of each block, in the order of ``_in_order``."""
        found: list[_Place] = []
        cited: list[tuple[int, _Cited]] = []
        for block in _in_order(section.blocks):
            passage = self._cited(block, section)
            if isinstance(block, Figure):
                earliest_ms = passage.begin.start_ms if passage else 0
                found.append(_Place(None, self._frames.get(block.frame), earliest_ms))
                continue
            if passage:
                cited.append((len(found), passage))
            found.append(_Place())
        moments = self._moments([passage for _, passage in cited])
        for (at, _), moment_ms in zip(cited, moments, strict=True):
            found[at] = _Place(moment_ms)
        return found

    def _cited(self, block: AnyBlock | None, section: Section) -> _Cited | None:
        citations = own_citations(block) if block else ()
        if not block or not citations:
            return None
        begin = self._segments.get(citations[0].first)
        end = self._segments.get(leading(citations, self._order)[-1].last)
        if begin is None or end is None or end.start_ms < begin.start_ms:
            return None
        return _Cited(self._within(begin, section), end, prose_of([block]))

    def _within(self, segment: Segment, section: Section) -> Segment:
        """The segment without the words of the section before, which may share it."""
        if section.start_ms <= segment.start_ms or section.start_ms >= segment.end_ms:
            return segment
        words = range(segment.first_word, segment.last_word + 1)
        own = (at for at in words if self._words[at].start_ms >= section.start_ms)
        first = next(own, segment.last_word + 1)
        return segment.model_copy(update={"start_ms": section.start_ms, "first_word": first})

    def _moments(self, cited: Sequence[_Cited]) -> Iterator[int]:
        """The moment of each passage."""
        passages = [
            CitedPassage(one.text, one.begin.first_word, one.end.last_word) for one in cited
        ]
        for one, word in zip(cited, first_words(passages, self._spoken), strict=True):
            spoken_ms = self._words[word].start_ms if word is not None else 0
            moment_ms = max(spoken_ms, one.begin.start_ms, self._latest_ms)
            # What is cited out of order is linked to where it was said.
            if moment_ms >= one.end.end_ms:
                moment_ms = one.begin.start_ms
            self._latest_ms = max(self._latest_ms, moment_ms)
            yield moment_ms


def _shown(places: Sequence[_Place]) -> list[int | None]:
    """The moments of all blocks: each figure from when its screen is up, between the passages
    around it."""
    moments: list[int | None] = []
    limits = _following(places)
    latest_ms = 0
    for place, limit_ms in zip(places, limits, strict=True):
        moment_ms = place.moment_ms
        if place.frame:
            moment_ms = max(place.frame.start_ms, place.earliest_ms)
            if limit_ms is not None:
                moment_ms = min(moment_ms, limit_ms)
            moment_ms = max(moment_ms, latest_ms)
        if moment_ms is not None:
            latest_ms = moment_ms
        moments.append(moment_ms)
    return moments


def _following(places: Sequence[_Place]) -> list[int | None]:
    """For each block the moment of the next passage, None after the last."""
    following: list[int | None] = []
    next_ms: int | None = None
    for place in reversed(places):
        following.append(next_ms)
        next_ms = next_ms if place.moment_ms is None else place.moment_ms
    return following[::-1]


def _in_order(blocks: Iterable[AnyBlock]) -> Iterator[AnyBlock | None]:
    """Every block before those inside it; None for an aside that stands apart, and all in it."""
    for block in blocks:
        if isinstance(block, Note) and block.is_apart:
            yield from (None for _ in walk([block]))
        else:
            yield block
            yield from _in_order(inside(block))


def _timed(blocks: Iterable[AnyBlock], moments: Iterator[int | None]) -> tuple[AnyBlock, ...]:
    """The blocks with their moments, which come in the order of ``_in_order``."""
    made = []
    for block in blocks:
        update: dict[str, object] = {"moment_ms": next(moments)}
        if isinstance(block, List):
            update["items"] = tuple(_timed(item, moments) for item in block.items)
        elif isinstance(block, (Quote, Note)):
            update["blocks"] = _timed(block.blocks, moments)
        made.append(block.model_copy(update=update))
    return tuple(made)
