"""Measuring a finished chapter: how dense, how linked, how illustrated, in whose voice."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from pipeline.document.article import Article
from pipeline.document.blocks import AnyBlock, Heading, Note
from pipeline.document.inline import words_of
from pipeline.document.walk import cells, cited, prose_of, walk
from pipeline.models import Model, Segments
from pipeline.text.house_words import fillers, is_boilerplate
from pipeline.text.units import word_count
from pipeline.text.words import shared_runs, words
from pipeline.writing.checks.wording import persons_per_hundred

_MS_PER_MINUTE = 60_000


class Quality(Model):
    """A chapter in numbers; rates are per minute of the lecture, gaps in seconds.

    ``ratio`` is words written per word spoken, for each section in order; ``link_gaps_s`` are the
    times between one cited passage and the next, the beginning and the end of the lecture included.
    ``shared_runs`` is the part of the chapter's runs of four words that the speech has too.
    """

    minutes: float
    ratios: tuple[float, ...]
    ratio: float
    code_lines_per_minute: float
    pictures: int
    pictures_per_minute: float
    pictures_out_of_order: int
    pictures_twice: int
    links: int
    longest_gap_s: float
    median_gap_s: float
    links_out_of_order: int
    headings: int
    headings_per_minute: float
    headings_twice: int
    headings_boilerplate: int
    persons_per_hundred: float
    persons_in_speech: float
    shared_runs: float
    fillers: tuple[str, ...]

    def table(self) -> list[tuple[str, str, str]]:
        """Rows of (what, the bar, measured)."""
        spread = max(self.ratios) / max(min(self.ratios), 0.01) if self.ratios else 0.0
        lowest, highest = (min(self.ratios), max(self.ratios)) if self.ratios else (0.0, 0.0)
        return [
            (
                "words out per word spoken, every section",
                ".45 to .85",
                f"{lowest:.2f} to {highest:.2f}",
            ),
            ("the same, max/min", "<= 2.5", f"{spread:.2f}"),
            ("code lines per minute", "what is built", f"{self.code_lines_per_minute:.1f}"),
            (
                "pictures per minute",
                ".2 to .35",
                f"{self.pictures_per_minute:.2f} ({self.pictures})",
            ),
            (
                "pictures out of order or twice",
                "0",
                str(self.pictures_out_of_order + self.pictures_twice),
            ),
            ("longest gap between links, s", "<= 180", f"{self.longest_gap_s:.0f}"),
            ("median gap between links, s", "<= 90", f"{self.median_gap_s:.0f} ({self.links})"),
            ("links out of order", "0", str(self.links_out_of_order)),
            (
                "headings per minute",
                ".3 to .65",
                f"{self.headings_per_minute:.2f} ({self.headings})",
            ),
            (
                "headings twice, or boilerplate",
                "0",
                str(self.headings_twice + self.headings_boilerplate),
            ),
            (
                "I, we, you per 100 words",
                ">= 3",
                f"{self.persons_per_hundred:.1f} (speech {self.persons_in_speech:.1f})",
            ),
            ("runs of four words shared", "8 to 30%", f"{100 * self.shared_runs:.1f}%"),
            ("filler", "0", ", ".join(self.fillers) or "0"),
        ]


def measure(article: Article, segments: Segments) -> Quality:
    """The numbers of ``article``, a chapter made from ``segments``, without its study aids."""
    spoken = {segment.id: segment.text for segment in segments.segments}
    speech = " ".join(spoken.values())
    own = [[one for one in section.blocks if not _is_added(one)] for section in article.sections]
    blocks = [block for section in own for block in section]
    prose = prose_of(blocks)
    minutes = _minutes(segments)
    starts = _cited_ms(blocks, segments)
    order = {frame.id: frame.at_ms for frame in segments.frames}
    figures = [name for section in article.sections for name in section.figures]
    titles = [section.title for section in article.sections]
    titles += [words_of(block.text) for block in walk(blocks) if isinstance(block, Heading)]
    code = [cell for cell in cells(blocks) if cell.is_python]
    written = [word_count(prose_of(section)) for section in own]
    said = [
        word_count(" ".join(spoken[name] for name in section.segments))
        for section in article.sections
    ]
    gaps = _gaps_s(starts, segments)
    return Quality(
        minutes=minutes,
        ratios=tuple(out / into for out, into in zip(written, said, strict=True) if into),
        ratio=sum(written) / max(1, sum(said)),
        code_lines_per_minute=sum(len(cell.source.splitlines()) for cell in code) / minutes,
        pictures=len(figures),
        pictures_per_minute=len(figures) / minutes,
        pictures_out_of_order=sum(order[a] > order[b] for a, b in pairwise(figures)),
        pictures_twice=len(figures) - len(set(figures)),
        links=len(starts),
        longest_gap_s=max(gaps, default=0.0),
        median_gap_s=median(gaps) if gaps else 0.0,
        links_out_of_order=sum(a > b for a, b in pairwise(_led_ms(blocks, segments))),
        headings=len(titles),
        headings_per_minute=len(titles) / minutes,
        headings_twice=len(titles) - len({" ".join(words(title)) for title in titles}),
        headings_boilerplate=sum(is_boilerplate(title) for title in titles),
        persons_per_hundred=persons_per_hundred(prose),
        persons_in_speech=persons_per_hundred(speech),
        shared_runs=shared_runs(prose, speech),
        fillers=tuple(fillers(prose, speech)),
    )


def _is_added(block: AnyBlock) -> bool:
    return isinstance(block, Note) and block.is_apart


def _minutes(segments: Segments) -> float:
    if not segments.segments:
        return 1 / 60
    first, last = segments.segments[0], segments.segments[-1]
    return max(1000, last.end_ms - first.start_ms) / _MS_PER_MINUTE


def _cited_ms(blocks: Sequence[AnyBlock], segments: Segments) -> list[int]:
    starts = {segment.id: segment.start_ms for segment in segments.segments}
    return [
        starts[citation.first]
        for block in blocks
        for citation in cited(block)
        if citation.first in starts
    ]


def _led_ms(blocks: Sequence[AnyBlock], segments: Segments) -> list[int]:
    """Where each block that cites leads: a later citation in it only says the same again."""
    return [ms for block in blocks for ms in _cited_ms([block], segments)[:1]]


def _gaps_s(starts: Sequence[int], segments: Segments) -> list[float]:
    if not segments.segments:
        return []
    # Several paragraphs may stand for one passage: what counts is how far apart the passages are.
    marks = sorted({segments.segments[0].start_ms, *starts, segments.segments[-1].end_ms})
    return [(later - earlier) / 1000 for earlier, later in pairwise(marks)]
