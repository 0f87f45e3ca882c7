"""Where sections begin: at the sentence nearest to where a subject changes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.document.passage_alignment import SpokenKeys, keys_of
from pipeline.models import Segment
from pipeline.writing.transcript_edition.punctuation.sentences import Sentence

# An opening that a planner quotes is found when so many of its first words stand there in order.
_LEAST_WORDS = 3
# Sentences of automatic captions are restored by a machine: what a planner quotes is as good a
# beginning as one of them, unless one begins within a few words of it ("but for | now let me").
_FEW_WORDS_MS = 2_500


@dataclass(frozen=True)
class Start:
    """Where a section starts, in the outline's terms, and the last segment of the one before it.

    ``starts_at_ms`` is None at the start of a segment; else the section before it shares that
    segment.
    """

    first: int
    starts_at_ms: int | None

    @property
    def end_before(self) -> int:
        """The index after the last segment of the section before this one."""
        return self.first if self.starts_at_ms is None else self.first + 1


def nearest_sentence(at_ms: int, sentences: Sequence[Sentence]) -> int:
    """The start of the sentence nearest to ``at_ms``; of two equally near the earlier one.

    ``at_ms`` itself where there are no sentences.
    """
    starts = (sentence.start_ms for sentence in sentences)
    return min(starts, key=lambda start: (abs(start - at_ms), start), default=at_ms)


def starts_in(pieces: Sequence[Segment], starts_ms: Sequence[int]) -> list[Start | None]:
    """The start of a section at each of these times; None for one that is not after those before.

    The first section starts with the first segment, whatever its time. ``pieces`` are all segments.
    """
    begins = [piece.start_ms for piece in pieces]
    latest = Start(0, None)
    found: list[Start | None] = [latest]
    for at_ms in starts_ms[1:]:
        index = max(0, bisect_right(begins, at_ms) - 1)
        piece = pieces[index]
        inside = piece.start_ms < at_ms < piece.end_ms and piece.last_word > piece.first_word
        start = Start(index, at_ms) if inside else Start(index, None)
        if _order(start) > _order(latest):
            latest = start
            found.append(start)
        else:
            found.append(None)
    return found


def _order(start: Start) -> tuple[int, int]:
    return start.first, start.starts_at_ms or 0


def quoted_start(
    opening: str, first_word: int, last_word: int, said: SpokenKeys, sentences: Sequence[Sentence]
) -> int | None:
    """The start (ms) of what begins with the words of ``opening``, or None where nothing does.

    That is the start of the sentence, where one begins within a few words, else the words' own.

    Args:
        opening: the first words of a section as a planner copied them.
        first_word, last_word: where to look, places in the transcript, inclusive.
        sentences: of the whole lecture, in order.
    """
    wanted = keys_of(opening)
    if len(wanted) < _LEAST_WORDS:
        return None
    best, place = 0, -1
    for at in range(said.first_key[first_word], said.first_key[last_word + 1]):
        alike = _alike(wanted, said.keys[at : at + len(wanted) + 2])
        if alike > best:
            best, place = alike, at
    if best < max(_LEAST_WORDS, 0.7 * len(wanted)):
        return None
    at_ms = said.start_ms[place]
    sentence_ms = nearest_sentence(at_ms, sentences)
    return sentence_ms if abs(sentence_ms - at_ms) <= _FEW_WORDS_MS else at_ms


def _alike(wanted: Sequence[str], found: Sequence[str]) -> int:
    """How many of ``wanted`` stand in ``found`` in their order, when the first one is the first."""
    if not found or found[0] != wanted[0]:
        return 0
    count, at = 0, 0
    for key in wanted:
        for ahead in range(at, min(at + 3, len(found))):
            if found[ahead] == key:
                count, at = count + 1, ahead + 1
                break
    return count
