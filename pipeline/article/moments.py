"""The second at which a passage begins, found in the words that were spoken.

A citation names a segment of 15 to 60 seconds. Where a passage begins with words that were said, at
some point of that segment, its link can lead to just there; where it says the same in other words,
to the cue that shares most of its words. A moment is only ever the start of a spoken word inside
the cited stretch; where none fits surely, the segment's own start stays.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from pipeline.article.blocks import Block, join_blocks, split_blocks
from pipeline.article.citations import Citation, find_citations, find_figures
from pipeline.article.stopwords import is_content
from pipeline.model import Article, Section, Segment, Segments, Transcript

# A passage is recognised by its first words: enough to be unmistakable, few enough to be verbatim.
_OPENING = 10
# Of these words, how many must be found in order. Fewer, and "so this is the" would match anywhere.
_SURE = 0.6
# A passage in other words is recognised by the content of its first sentence or two.
_RETOLD = 30
# Words that cleaning took out (uh, the the) may stand between two that are found.
_GAP = 4
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


@dataclass(frozen=True)
class _Said:
    """One spoken word in lower case, and when it began."""

    key: str
    start_ms: int


def with_moments(
    article: Article, segments: Segments, transcript: Transcript
) -> tuple[Article, Segments]:
    """The article and the frames with the moments that their links lead to (ms).

    Citations become ``[[s0012@754300]]`` where a passage's own moment was found; such moments never
    run backwards. A frame's ``at_ms`` becomes the moment at which the text comes to it while it is
    on the screen, instead of the one at which it was taken. Both are for rendering only: artifacts
    keep ``[[s0012]]`` and the frame's own time.
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


class _Finder:
    def __init__(self, segments: Segments, transcript: Transcript) -> None:
        self._segments = {segment.id: segment for segment in segments.segments}
        self._cues = transcript.cues
        self._words = _spoken(transcript)
        self._starts = [word.start_ms for word in self._words]
        self._latest_ms = -1
        self._frames = {frame.id: frame for frame in segments.frames}
        self.shown_ms: dict[str, int] = {}

    def section(self, section: Section) -> str:
        blocks = [self._block(block) for block in split_blocks(section.markdown)]
        return join_blocks(blocks)

    def _block(self, block: Block) -> Block:
        for figure in find_figures(block.text) if block.kind in ("figure", "prose") else ():
            if frame := self._frames.get(figure.frame):
                self.shown_ms[frame.id] = min(max(self._latest_ms, frame.start_ms), frame.at_ms)
        citations = find_citations(block.text) if block.kind == "prose" else []
        if not citations:
            return block
        first, last = citations[0], citations[-1]
        begin, end = self._segments.get(first.first), self._segments.get(last.last)
        if begin is None or end is None or block.text[first.end :].strip(" .\n"):
            return block
        opening = _keys(block.text[: first.start])[:_OPENING]
        moment_ms = self._moment(opening, begin, end.end_ms)
        if moment_ms is None:
            moment_ms = self._retold(block.text[: first.start], begin, end.end_ms)
        if moment_ms is None and begin.start_ms < self._latest_ms < end.end_ms:
            # It shares the stretch with the passage before it, so it is not earlier than that.
            moment_ms = self._latest_ms
        if moment_ms is None:
            self._latest_ms = max(self._latest_ms, begin.start_ms)
            return block
        self._latest_ms = moment_ms
        return Block(block.kind, _stamped(block.text, first, moment_ms))

    def _moment(self, opening: list[str], begin: Segment, end_ms: int) -> int | None:
        """The start of the spoken word that begins the passage, or None."""
        if len(opening) < 4:
            return None
        low = bisect_left(self._starts, max(begin.start_ms, self._latest_ms + 1))
        high = bisect_left(self._starts, end_ms)
        best, best_at = 0, low
        for at in range(low, high):
            if self._words[at].key not in opening[:2]:
                continue
            found = self._found(opening, at, high)
            # A few words later the same words are found again: the later start is the tighter one.
            if found > best or (found == best and at - best_at < _GAP):
                best, best_at = found, at
        if best < _SURE * len(opening):
            return None
        moment_ms = self._words[best_at].start_ms
        return moment_ms if moment_ms > begin.start_ms else None

    def _retold(self, passage: str, begin: Segment, end_ms: int) -> int | None:
        """The start of the cue that shares most content words with the passage's beginning."""
        told = {key for key in _keys(passage)[:_RETOLD] if is_content(key)}
        best, best_ms = 1, None
        for cue in self._cues:
            if not max(begin.start_ms, self._latest_ms + 1) <= cue.start_ms < end_ms:
                continue
            shared = len(told.intersection(_keys(cue.text)))
            if shared > best:
                best, best_ms = shared, cue.start_ms
        return best_ms if best_ms is not None and best_ms > begin.start_ms else None

    def _found(self, opening: list[str], at: int, high: int) -> int:
        """How many words of the opening follow in order from word ``at`` on."""
        found = 0
        for key in opening:
            for ahead in range(at, min(at + _GAP, high)):
                if self._words[ahead].key == key:
                    found += 1
                    at = ahead + 1
                    break
        return found


def _spoken(transcript: Transcript) -> list[_Said]:
    """Every word; those of a cue without word times share its length evenly."""
    said = []
    for cue in transcript.cues:
        if cue.words:
            pairs = [(key, word.start_ms) for word in cue.words for key in _keys(word.text)]
        else:
            keys = _keys(cue.text)
            step = (cue.end_ms - cue.start_ms) / max(1, len(keys))
            pairs = [(key, cue.start_ms + round(n * step)) for n, key in enumerate(keys)]
        said += [_Said(key, start_ms) for key, start_ms in pairs]
    return sorted(said, key=lambda word: word.start_ms)


def _keys(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _stamped(text: str, citation: Citation, moment_ms: int) -> str:
    marked = text[citation.start : citation.end].removesuffix("]]")
    return f"{text[: citation.start]}{marked}@{moment_ms}]]{text[citation.end :]}"
