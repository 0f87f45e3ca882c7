"""Cues of the transcript: words shared out over time, long cues split, all in order.

A cue is at most 7 s and 84 characters long (two lines of 42, the usual limit of subtitles:
https://partnerhelp.netflixstudios.com/hc/en-us/articles/217350977), and never overlaps the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest

from pipeline.models import Cue, Word
from pipeline.text.punctuation import ends_clause, is_abbreviation, sentence_ends
from pipeline.text.words import joined
from pipeline.timecode import shared_out

MAX_MS = 7_000
MAX_LETTERS = 84  # of both lines
# A silence this long between words ends a cue.
_PAUSE_MS = 900
# What a cut costs less, or more, than in the middle (0) or at an end (0.5). Of 300 cuts within the
# sentences of a lecture 177 are behind a comma or the like, and 3 cues have less than 20 letters;
# without what a clause saves 120 and 1, with twice of it 195 and 19, without the pause 164 and 1.
_AT_SENTENCE, _AT_CLAUSE, _AT_PAUSE, _IN_NAME = 0.4, 0.2, 0.4, 1.0
_LONG_PAUSE_MS = 1000


def cues_from(words: Sequence[Word], approximate: bool = False) -> list[Cue]:
    """Recognised words as cues: one a sentence, cut at pauses, long ones split.

    Args:
        words: in order of time.
        approximate: whether their times are shared out rather than measured.
    """
    cues: list[Cue] = []
    sentence: list[Word] = []
    for word, following in zip_longest(words, words[1:]):
        sentence.append(word)
        pause_ms = following.start_ms - word.end_ms if following else 0
        if (
            following is None
            or sentence_ends(word.text, following.text)
            or (pause_ms >= _PAUSE_MS and not is_abbreviation(word.text, following.text))
        ):
            cues += split_long(cue_of(tuple(sentence), approximate))
            sentence = []
    return in_order(cues)


def spread(texts: Sequence[str], start_ms: int, end_ms: int) -> tuple[Word, ...]:
    """Words for ``texts`` over ``start_ms`` to ``end_ms``, each in proportion to its length.

    >>> [(word.start_ms, word.end_ms) for word in spread(["a", "bcd"], 0, 600)]
    [(0, 200), (200, 600)]
    """
    places = shared_out([len(text) + 1 for text in texts], start_ms, end_ms)
    return tuple(
        Word(start_ms=begin, end_ms=end, text=text)
        for text, (begin, end) in zip(texts, places, strict=True)
    )


def split_long(cue: Cue) -> list[Cue]:
    """``cue`` in the fewest parts that keep the limits, cut where a reader would pause.

    A word that alone breaks a limit stays whole.
    """
    parts: list[Cue] = []
    waiting = [cue]
    while waiting:
        part = waiting.pop()
        if len(part.words) < 2 or not _too_long(part.words):
            parts.append(part)
            continue
        cut = _best_cut(part.words)
        first = cue_of(part.words[:cut], part.approximate, part.new_speaker)
        waiting += [cue_of(part.words[cut:], part.approximate), first]
    return parts


def in_order(cues: Iterable[Cue]) -> list[Cue]:
    """``cues`` with times strictly in order: every cue starts after the one before has ended.

    An overlap is taken from the end of the earlier cue. Cues that begin together share the time
    until the next start, in proportion to their text. A cue that has no time left gets 1 ms.
    """
    placed: list[Cue] = []
    together: list[Cue] = []
    for cue in sorted(cues, key=lambda cue: cue.start_ms):
        if together and cue.start_ms > together[0].start_ms:
            placed += _share(together, cue.start_ms)
            together = []
        together.append(cue)
    placed += _share(together, None)
    ordered: list[Cue] = []
    for cue in placed:
        earliest = ordered[-1].end_ms if ordered else 0
        if cue.start_ms < earliest or cue.end_ms <= cue.start_ms:
            start_ms = max(cue.start_ms, earliest)
            cue = _fitted(cue, start_ms, max(cue.end_ms, start_ms + 1))
        ordered.append(cue)
    return ordered


def within(cues: Iterable[Cue], start_ms: int, end_ms: int) -> list[Cue]:
    """The part of ``cues`` from ``start_ms`` to ``end_ms``: the words that start inside it.

    Times stay as they are, except that nothing ends after ``end_ms``.
    """
    part: list[Cue] = []
    for cue in cues:
        if cue.start_ms >= start_ms and cue.end_ms <= end_ms:
            part.append(cue)
            continue
        words = tuple(
            word.model_copy(update={"end_ms": min(word.end_ms, end_ms)})
            for word in cue.words
            if start_ms <= word.start_ms < end_ms
        )
        if words:
            update = {
                "start_ms": words[0].start_ms,
                "end_ms": words[-1].end_ms,
                "text": joined(word.text for word in words),
                "words": words,
            }
            part.append(cue.model_copy(update=update))
    return part


def cue_of(words: tuple[Word, ...], approximate: bool, new_speaker: bool = False) -> Cue:
    """The cue of ``words``, of which there is at least one, in order of time."""
    return Cue(
        start_ms=words[0].start_ms,
        end_ms=words[-1].end_ms,
        text=joined(word.text for word in words),
        words=words,
        approximate=approximate,
        new_speaker=new_speaker,
    )


def _too_long(words: Sequence[Word]) -> bool:
    letters = sum(len(word.text) + 1 for word in words) - 1
    return letters > MAX_LETTERS or words[-1].end_ms - words[0].start_ms > MAX_MS


def _best_cut(words: Sequence[Word]) -> int:
    """The word that begins the second part: near the middle, after a full stop, comma or pause."""
    total = sum(len(word.text) + 1 for word in words)
    best, best_cost, done = 1, float("inf"), 0
    for index, word in enumerate(words[:-1], 1):
        done += len(word.text) + 1
        cost = abs(done / total - 0.5)
        pause_ms = words[index].start_ms - word.end_ms
        if sentence_ends(word.text, words[index].text):
            cost -= _AT_SENTENCE
        elif ends_clause(word.text):
            cost -= _AT_CLAUSE
        elif is_abbreviation(word.text, words[index].text):
            cost += _IN_NAME
        cost -= _AT_PAUSE * min(pause_ms, _LONG_PAUSE_MS) / _LONG_PAUSE_MS
        if cost < best_cost:
            best, best_cost = index, cost
    return best


def _share(cues: Sequence[Cue], next_ms: int | None) -> list[Cue]:
    """Cues that begin together, one after the other, before ``next_ms``."""
    if len(cues) == 1:
        cue = cues[0]
        if next_ms is not None and cue.end_ms > next_ms:
            return [_fitted(cue, cue.start_ms, next_ms)]
        return [cue]
    if not cues:
        return []
    start_ms = cues[0].start_ms
    end_ms = max(cue.end_ms for cue in cues)
    if next_ms is not None:
        end_ms = min(end_ms, next_ms)
    places = spread([cue.text for cue in cues], start_ms, max(end_ms, start_ms + len(cues)))
    return [
        _fitted(cue, place.start_ms, place.end_ms) for cue, place in zip(cues, places, strict=True)
    ]


def _fitted(cue: Cue, start_ms: int, end_ms: int) -> Cue:
    """``cue`` moved to other times; its words follow, in proportion where they do not fit."""
    words = cue.words
    if words and (words[0].start_ms < start_ms or words[-1].start_ms >= end_ms):
        words = spread([word.text for word in words], start_ms, end_ms)
        update = {"start_ms": start_ms, "end_ms": end_ms, "words": words, "approximate": True}
        return cue.model_copy(update=update)
    clipped = tuple(word.model_copy(update={"end_ms": min(word.end_ms, end_ms)}) for word in words)
    return cue.model_copy(update={"start_ms": start_ms, "end_ms": end_ms, "words": clipped})
