"""What scrolled or grew over several screens, put together again: rows in one order, each voted on.

A pane (a column of a screen) that shares enough lines with a document continues it: new rows are
inserted where they stand between the shared ones, and a row seen again is one more reading of it.
Where a pane shows other code in the place of code that was there, the document as it was is kept,
and goes on as another one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from statistics import median

from pipeline.writing.transcript_edition.screen_code.alike import likeness, look
from pipeline.writing.transcript_edition.screen_code.rows import Row

SHARED_LINES = 2  # of at least so many letters: fewer say nothing
TELLING = 8
SHARED = 0.25  # of the letters of the pane, or of the document
SURE = 0.8  # confidence: what is read worse replaces nothing
_SPACE = re.compile(r"\s+")
FAR = 1.6  # rows: more space than this between two rows that now follow each other: one was missed


@dataclass(frozen=True)
class Reading:
    """A row as one frame (by its number) shows it."""

    row: Row
    frame: int


@dataclass(frozen=True)
class SeenRow:
    """A row of a document: its readings, in order of time."""

    readings: tuple[Reading, ...]

    @cached_property
    def sure(self) -> tuple[Reading, ...]:
        """The readings without those of low confidence, where there are others."""
        sure = tuple(one for one in self.readings if one.row.confidence >= SURE)
        return sure or self.readings

    @cached_property
    def look(self) -> str:
        """How its last sure reading looks."""
        return look(self.sure[-1].row.text)

    @cached_property
    def row(self) -> Row:
        """The row as most frames read it; of what was typed or changed, only the last state."""
        readings = self.sure
        looks = [look(one.row.text) for one in readings]
        usual = max(looks, key=lambda one: (looks.count(one), one == looks[-1]))
        # A line may be misread beyond its look: then the others, as long as it, outvote it.
        now = usual if len(usual) == len(looks[-1]) else looks[-1]
        same = [one for one, seen in zip(readings, looks, strict=True) if seen == now]
        texts = [one.row.text for one in same]
        best = {text: max(o.row.confidence for o in same if o.row.text == text) for text in texts}
        text = max(dict.fromkeys(texts), key=lambda one: (texts.count(one), best[one]))
        marked = [one.row for one in self.readings if one.row.mark]
        left = median(one.row.left for one in same)
        row = replace(same[-1].row, text=text, left=left, confidence=best[text])
        return replace(row, mark=marked[-1].mark, margin=marked[-1].margin) if marked else row

    @property
    def is_highest(self) -> bool:
        """Whether no frame with it could show a row above it."""
        return all(one.row.is_highest for one in self.readings)

    @property
    def is_lowest(self) -> bool:
        """Whether no frame with it could show a row below it."""
        return all(one.row.is_lowest for one in self.readings)

    @property
    def first_frame(self) -> int:
        """The frame in which it stood first as it is now, maybe with a letter misread."""
        now = self.row.text
        return next(
            (one.frame for one in self.readings if _is_reading_of(one.row.text, now)),
            self.readings[-1].frame,
        )


Document = tuple[SeenRow, ...]


def _is_reading_of(seen: str, now: str) -> bool:
    """Whether the two look the same, up to a letter; another digit is a change."""
    if look(seen) == look(now):
        return True
    seen, now = _SPACE.sub("", seen), _SPACE.sub("", now)
    if len(seen) != len(now):
        return False
    differ = [pair for pair in zip(seen, now, strict=True) if look(pair[0]) != look(pair[1])]
    return len(differ) == 1 and all(letter.isalpha() for letter in differ[0])


def space_between(above: SeenRow, below: SeenRow) -> float | None:
    """How far apart two rows stand, in heights of a row, where one frame shows both; else None."""
    tops = {one.frame: one.row.top for one in above.readings}
    for one in reversed(below.readings):
        if one.frame in tops:
            return one.row.top - tops[one.frame]
    return None


def documents(shown: Sequence[tuple[int, Sequence[Row]]]) -> list[Document]:
    """The documents that panes, as (frame number, rows) in order of time, are views of.

    Each is at its fullest; one whose code was replaced is there as it was and as it became.
    """
    found: list[Document] = []
    for frame, rows in shown:
        pane = tuple(SeenRow((Reading(row, frame),)) for row in rows)
        if not pane:
            continue
        for place in range(len(found) - 1, -1, -1):
            if frame in _frames(found[place]):
                continue  # another column of the same screen
            if pairs := _shared(found[place], pane):
                merged, replaces = _merged(found[place], pane, pairs)
                if replaces:
                    found.append(merged)
                else:
                    # The last that was seen is tried first.
                    del found[place]
                    found.append(merged)
                break
        else:
            found.append(pane)
    return sorted(found, key=lambda rows: min(row.first_frame for row in rows))


def _frames(document: Document) -> set[int]:
    return {reading.frame for row in document for reading in row.readings}


def _shared(document: Document, pane: Document) -> list[tuple[int, int]]:
    """Which rows of the two are the same, in the order of both; none when they are too few."""
    ours, theirs = [row.look for row in document], [row.look for row in pane]
    long = {one for one in theirs if len(one) >= TELLING}
    if len(long & {one for one in ours if len(one) >= TELLING}) < SHARED_LINES:
        return []
    pairs = _aligned(ours, theirs)
    letters = sum(len(theirs[j]) for _, j in pairs)
    least = min(sum(map(len, theirs)), sum(map(len, ours)))
    return pairs if letters >= SHARED * least else []


def _aligned(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int]]:
    """The pairs of rows that agree most, none crossing another (longest common subsequence,
    weighted by letters)."""
    best = [[0.0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
    worth = [[0.0] * len(theirs) for _ in ours]
    for i in range(len(ours) - 1, -1, -1):
        for j in range(len(theirs) - 1, -1, -1):
            like = likeness(ours[i], theirs[j])
            # A pair right after a pair is worth a little more: ``return x`` stands often.
            # Squared, and by the shorter: a longer line that is alike outweighs not the same one.
            worth[i][j] = like**2 * (min(len(ours[i]), len(theirs[j])) + 1) if like else 0.0
            both = worth[i][j] + best[i + 1][j + 1] if like else 0.0
            if like and i + 1 < len(ours) and j + 1 < len(theirs) and worth[i + 1][j + 1]:
                both += 0.5
            best[i][j] = max(both, best[i + 1][j], best[i][j + 1])
    pairs = []
    i = j = 0
    while i < len(ours) and j < len(theirs):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((i, j))
            i, j = i + 1, j + 1
    return pairs


def _merged(
    document: Document, pane: Document, pairs: Sequence[tuple[int, int]]
) -> tuple[Document, bool]:
    """The document with what the pane adds, and whether the pane replaces code of it."""
    shift = median(document[i].row.left - pane[j].row.left for i, j in pairs)
    moved = tuple(_moved(row, shift) for row in pane)
    rows: list[SeenRow] = []
    replaces = False
    edges = [(-1, -1), *pairs, (len(document), len(pane))]
    for (i, j), (next_i, next_j) in pairwise(edges):
        before, after = document[i + 1 : next_i], moved[j + 1 : next_j]
        inside = i >= 0 and next_i < len(document)
        kept, other = _between(before, after, inside, _room(pane, j, next_j) if inside else 0.0)
        replaces = replaces or other
        rows += kept
        if next_i < len(document):
            rows.append(SeenRow((*document[next_i].readings, *moved[next_j].readings)))
    return tuple(rows), replaces


def _between(before: Document, after: Document, inside: bool, room: float) -> tuple[Document, bool]:
    """What stands between two shared rows (or beyond them), and whether code was replaced."""
    if not after:
        # Out of view; or overlooked, where there is room for it; or taken out.
        if not inside or not before or room > FAR:
            return before, False
        return (), any(_is_code(row) for row in before)
    if not before:
        return after, False
    # A line cut in two by the edge of the view is read badly.
    after = tuple(row for row in after if row.row.confidence >= SURE)
    if not after:
        return before, False
    if not inside and len(after) <= 1:
        return before, False
    return after, any(_is_code(row) for row in before)


def _room(pane: Document, j: int, next_j: int) -> float:
    """How many rows apart two rows of a pane stand in the file: an editor that keeps the head of a
    class in view hides the lines below it, as their numbers tell."""
    above, below = pane[j].row, pane[next_j].row
    if above.number is not None and below.number is not None and below.number > above.number:
        return below.number - above.number
    return below.top - above.top


def _is_code(row: SeenRow) -> bool:
    return any(char in row.row.text for char in "=(:") and row.row.confidence >= SURE


def _moved(row: SeenRow, shift: float) -> SeenRow:
    (reading,) = row.readings
    return SeenRow((replace(reading, row=replace(reading.row, left=reading.row.left + shift)),))
