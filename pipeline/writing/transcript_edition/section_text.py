"""The blocks of one section of the transcript edition."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from pipeline.document.blocks import SHORTENED, AnyBlock, Cell, Figure, Heading, Paragraph
from pipeline.document.citations import Citation
from pipeline.document.inline import from_words, words_of, write
from pipeline.document.outline import Link
from pipeline.document.runs import Run, tidied
from pipeline.i18n.transcript_edition import EditionWords
from pipeline.models import Frame, Segments
from pipeline.text.words import bare
from pipeline.writing.transcript_edition.figure_captions import FigureCaptions
from pipeline.writing.transcript_edition.inline_code import spoken_runs
from pipeline.writing.transcript_edition.paragraphs import SpokenParagraph, paragraphs
from pipeline.writing.transcript_edition.punctuation.sentences import Sentence
from pipeline.writing.transcript_edition.screen_code.cut_ends import (
    SCREEN_BEGINS,
    SCREEN_ENDS,
)
from pipeline.writing.transcript_edition.screen_code.extraction import ScreenCell

# A hesitation that is left out at the start of a turn lasts no longer.
_HESITATION_MS = 3_000


@dataclass(frozen=True)
class Show:
    """Something from the screen, and the time it belongs to."""

    at_ms: int
    what: Frame | ScreenCell | Link


@dataclass(frozen=True)
class Headings:
    """What stands before a sentence, by the sentence's start in ms.

    ``heads`` are headings of their own, ``marks`` stand in bold at the start of a paragraph.
    """

    heads: Mapping[int, str]
    marks: Mapping[int, str]


@dataclass
class SectionText:
    """The blocks of one section as they are written.

    Args:
        title: of the section.
        segments: of the whole lecture.
        first, end: indices of the section's segments, ``end`` not included.
        words: the few words of our own.
        captions: makes the captions, one for each figure of the lecture.
        cell_ids: ids for its cells, without end.
    """

    title: str
    segments: Segments
    first: int
    end: int
    words: EditionWords
    captions: FigureCaptions
    cell_ids: Iterator[str]
    blocks: list[AnyBlock] = field(default_factory=list)

    def write(
        self,
        spoken: Sequence[Sentence],
        shows: Sequence[Show],
        headings: Headings,
        turns_ms: Sequence[int] = (),
        next_ms: int | None = None,
    ) -> list[Show]:
        """Paragraphs in order, and between them what the screen showed at that time.

        Args:
            turns_ms: when another person begins to speak: in a paragraph of their own.
            next_ms: when the next section begins; None: there is none.

        Returns:
            The figures that belong below the next section's heading: they would stand behind the
            last paragraph, and their screen is still up when that section begins.
        """
        opening = headings.heads.keys() | headings.marks.keys()
        starts = {n for n, sentence in enumerate(spoken) if sentence.start_ms in opening}
        starts |= _first_sentences(spoken, turns_ms)
        written = paragraphs(spoken, [show.at_ms for show in shows], starts)
        places = [_place(show.at_ms, written) for show in shows]
        later = [
            show
            for show, place in zip(shows, places, strict=True)
            if written and place == len(written) and _is_up(show, next_ms)
        ]
        for number in range(len(written) + 1):
            begin = written[number].start_ms if number < len(written) else -1
            if begin in headings.heads:
                title = write(tidied(spoken_runs(headings.heads[begin])))
                self.blocks.append(Heading(text=title))
            for show, place in zip(shows, places, strict=True):
                if place == number and show not in later:
                    self._show(show, written, number, [self.title, *headings.heads.values()])
            if number < len(written):
                mark = headings.marks.get(begin, "")
                self._paragraph(written[number], "" if self._is_named(mark) else mark)
        return later

    def _is_named(self, mark: str) -> bool:
        """Whether a figure right above says it: in its caption, and in its picture."""
        above = takewhile(lambda block: isinstance(block, Figure), reversed(self.blocks))
        captions = [words_of(one.caption) for one in above if isinstance(one, Figure)]
        return any(bare(caption).endswith(bare(mark)) for caption in captions)

    def _paragraph(self, paragraph: SpokenParagraph, mark: str) -> None:
        found = list(spoken_runs(paragraph.text))
        if mark:
            stop = "" if mark[-1] in ".?!:…。？！：" else self.words.stop
            bold = [_strong(one) for one in [*spoken_runs(mark), Run("text", stop)]]
            found = [*bold, Run("text", " "), *found]
        cited = self._citation(*paragraph.segments)
        self.blocks.append(Paragraph(text=write(tidied(found)), citations=(cited,)))

    def _show(
        self, show: Show, written: Sequence[SpokenParagraph], number: int, above: Sequence[str]
    ) -> None:
        """A figure, a cell or an address; a figure names its source where no paragraph beside it
        does."""
        at = self._segment_at(show.at_ms, written, number)
        told = [Run("text", self.words.on_screen, frozenset({"emphasis"}))]
        if isinstance(show.what, Link):
            told += [
                Run("text", self.words.colon),
                Run("text", show.what.title, link=show.what.url),
            ]
        source = Paragraph(text=write(tidied(told)), citations=(self._citation(at, at),))
        if isinstance(show.what, Link):
            self.blocks.append(source)
            return
        if isinstance(show.what, Frame):
            if not written and source not in self.blocks:  # said once for each silent segment
                self.blocks.append(source)
            caption = from_words(self.captions.caption(show.what, above))
            self.blocks.append(Figure(frame=show.what.id, caption=caption))
            return
        cell = Cell(
            id=next(self.cell_ids),
            language="python",
            tags=_tags(show.what),
            source=self._in_own_words(show.what.source),
            output=show.what.output or None,
        )
        self.blocks += [source, cell]

    def _in_own_words(self, source: str) -> str:
        """The source, its notes in the lecture's language."""
        source = source.replace(SCREEN_BEGINS, self.words.screen_begins)
        return source.replace(SCREEN_ENDS, self.words.screen_ends)

    def _segment_at(self, at_ms: int, written: Sequence[SpokenParagraph], number: int) -> int:
        """The segment of the time, kept between those of the paragraphs around it."""
        pieces = self.segments.segments
        inside = range(self.first, self.end)
        index = next((n for n in inside if pieces[n].end_ms > at_ms), self.end - 1)
        if number > 0:
            index = max(index, written[number - 1].segments[0])
        if number < len(written):
            index = min(index, written[number].segments[0])
        return index

    def _citation(self, first: int, last: int) -> Citation:
        pieces = self.segments.segments
        return Citation(first=pieces[first].id, last=pieces[last].id)


def _is_up(show: Show, at_ms: int | None) -> bool:
    """Whether it is a figure whose screen is up then; a cell stands where it was whole."""
    return isinstance(show.what, Frame) and at_ms is not None and show.what.end_ms > at_ms


def _tags(cell: ScreenCell) -> tuple[str, ...]:
    return ("excerpt",) if cell.excerpt else (SHORTENED,) if cell.shortened else ()


def _strong(one: Run) -> Run:
    return replace(one, styles=one.styles | {"strong"})


def _place(at_ms: int, written: Sequence[SpokenParagraph]) -> int:
    """The paragraph before which something that comes up at ``at_ms`` stands: the nearest gap."""
    gaps = [*[paragraph.start_ms for paragraph in written], *[p.end_ms for p in written[-1:]]]
    return min(range(len(gaps)), key=lambda n: (abs(gaps[n] - at_ms), n)) if gaps else 0


def _first_sentences(spoken: Sequence[Sentence], turns_ms: Sequence[int]) -> set[int]:
    """The indices of the sentences that begin a turn; one within a sentence has none."""
    begins = [sentence.start_ms for sentence in spoken]
    found = ((bisect_left(begins, turn), turn) for turn in turns_ms)
    return {n for n, turn in found if n < len(begins) and begins[n] - turn <= _HESITATION_MS}
