"""Whether links lead to the words they retell: python -m tests.benchmarks.bench_times FOLDER...

Each FOLDER is a lecture's folder (``output/<video_id>``) with its write stage done. The program is
not asked where a passage was said: the first letters of each passage are looked up, in order, in
the letters of the transcript. So this judges the transcript edition, whose passages are the
lecturer's own words; a passage by a model is found only where it begins with the lecturer's words.

A link is late by more than 1 s after the first word, early by more than 3 s before it. Captions
without the times of words date only their cues: there a link is late after the end of the first
word's cue, and early more than 3 s before its start.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.artifacts import TRANSCRIPT, WRITTEN
from pipeline.document.article import Article
from pipeline.document.passage_times import own_citations
from pipeline.document.walk import prose_of, texts, walk
from pipeline.engine.workspace import Workspace
from pipeline.models import Transcript
from pipeline.text.words import bare

LATE_MS = 1_000
EARLY_MS = 3_000

# So many letters begin a passage unmistakably; of a shorter passage all letters are looked up.
FIRST_LETTERS = 18


@dataclass
class Score:
    """The passages of a chapter, by how their links hold."""

    passages: int = 0
    unknown: int = 0
    late: int = 0
    early: int = 0
    back: int = 0
    worst_ms: int = 0


class Spoken:
    """The letters of a transcript, each with the times of the word or cue it belongs to."""

    def __init__(self, transcript: Transcript) -> None:
        self.letters = ""
        self._starts: list[int] = []
        self._times: list[tuple[int, int]] = []
        for cue in transcript.cues:
            for word in cue.words:
                letters = bare(word.text)
                if not letters:
                    continue
                self._starts.append(len(self.letters))
                timed = not cue.approximate
                end_ms = word.start_ms if timed else max(cue.end_ms - LATE_MS, cue.start_ms)
                self._times.append((word.start_ms if timed else cue.start_ms, end_ms))
                self.letters += letters

    def times(self, at: int) -> tuple[int, int]:
        """The earliest and the latest moment at which the letter's word may have begun."""
        return self._times[bisect_right(self._starts, at) - 1]


def passages(article: Article) -> Iterator[tuple[int, str]]:
    """The moment and the first letters of each passage, in the order of the chapter."""
    for section in article.sections:
        for block in walk(section.blocks):
            if own_citations(block) and block.moment_ms is not None:
                prose = "".join(texts(block)) or prose_of([block])
                # A slide's title in bold before the lecturer's first words was not said.
                spoken = re.sub(r"^\*\*.+?\*\*", "", prose)
                yield block.moment_ms, bare(spoken)[:FIRST_LETTERS]


def judge(article: Article, spoken: Spoken) -> Score:
    """Holds each link against the place where the passage's first letters were said."""
    score = Score()
    at = latest_ms = 0
    for moment_ms, letters in passages(article):
        score.passages += 1
        score.back += moment_ms < latest_ms
        latest_ms = max(latest_ms, moment_ms)
        found = spoken.letters.find(letters, at) if letters else -1
        if found < 0:
            score.unknown += 1
            continue
        at = found + len(letters)
        earliest_ms, last_ms = spoken.times(found)
        late_ms, early_ms = moment_ms - last_ms, earliest_ms - moment_ms
        score.late += late_ms > LATE_MS
        score.early += early_ms > EARLY_MS
        score.worst_ms = max(score.worst_ms, late_ms, early_ms - EARLY_MS + LATE_MS)
    return score


def main(folders: list[str]) -> None:
    """Print a line for each chapter."""
    print(f"{'chapter':<40}{'passages':>9}{'not found':>10}{'late':>6}{'early':>6}{'back':>6}")
    for folder in folders:
        workspace = Workspace(Path(folder))
        score = judge(workspace.read(WRITTEN), Spoken(workspace.read(TRANSCRIPT)))
        print(
            f"{Path(folder).name[:39]:<40}{score.passages:>9}{score.unknown:>10}"
            f"{score.late:>6}{score.early:>6}{score.back:>6}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
