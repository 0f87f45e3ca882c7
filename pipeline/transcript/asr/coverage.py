"""Which voiced sound has no word: what a decode that stops early, or skips a sentence, leaves.

A recogniser's alignment spreads the words that it has over all of the sound, so a sentence that is
missing shows in two ways: as voiced sound without a word, and as words that last longer than anyone
takes to say them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.transcript.asr.engines.engine import RecognisedWord, Recognition
from pipeline.transcript.asr.word_timing import snapped

Stretch = tuple[float, float]

# A voiced stretch of this length has a word in it, or somebody was not heard.
SHORTEST_S = 1.0
# In 12 minutes of lectures heard by Whisper base the longest right word, numbers set aside, lasted
# 1.5 s, drawn out while the lecturer thought. Four words that are left out take as long.
_LONGEST_S = 1.6
_LONGEST_SHORT_S = 0.95  # words of up to three letters
_SHORT_LETTERS = 3
_DIGIT_S = 0.45  # digits are words of their own
_LETTER_S = 0.1
_USUAL_LETTERS = 10
# The slowest 2.5 s of the same lectures, numbers set aside, had 5 letters a second; speech has 15.
_SLOW_S = 2.5
_SLOW_LETTERS = 3.5
_DIGIT_LETTERS = 6


def gaps(heard: Recognition, pauses: Sequence[Stretch], length_s: float) -> list[Stretch]:
    """The stretches that hold 1 s or more of voiced sound, and no or too few words, in order.

    Args:
        heard: the words of a window. Of approximate times nothing can be told: then it is the
            whole window if it has no word at all.
        pauses: (begin, end) in seconds of the window where nobody speaks, in order.
        length_s: of the window.
    """
    if heard.approximate and heard.words:
        return []
    found = [*wordless(heard.words, pauses, length_s), *_stretched(heard.words, pauses)]
    found += _slow(heard.words, pauses)
    return list(_merged(sorted(found)))


def wordless(
    words: Sequence[RecognisedWord], pauses: Sequence[Stretch], length_s: float
) -> list[Stretch]:
    """The stretches between words that hold 1 s or more of voiced sound, in order.

    Words count with all the time that they have by alignment or in the transcript: alignment ends
    many words early, and lets others take in an "um" that no model writes.
    """
    spans = [
        (min(word.start_s, timed.start_s), max(word.end_s, timed.end_s))
        for word, timed in zip(words, snapped(words, pauses), strict=True)
    ]
    found = []
    reached = 0.0
    for start_s, end_s in [*spans, (length_s, length_s)]:
        if voiced(reached, start_s, pauses) >= SHORTEST_S:
            found.append((reached, start_s))
        reached = max(reached, end_s)
    return found


def voiced(start_s: float, end_s: float, pauses: Sequence[Stretch]) -> float:
    """The seconds from ``start_s`` to ``end_s`` outside the pauses."""
    if end_s <= start_s:
        return 0.0
    silent = sum(max(0.0, min(end_s, end) - max(start_s, begin)) for begin, end in pauses)
    return end_s - start_s - silent


def missing_s(heard: Recognition, pauses: Sequence[Stretch], length_s: float) -> float:
    """How many voiced seconds lie in the gaps."""
    return sum(voiced(begin, end, pauses) for begin, end in gaps(heard, pauses, length_s))


def _stretched(words: Sequence[RecognisedWord], pauses: Sequence[Stretch]) -> Iterator[Stretch]:
    """Words that last longer than anyone takes to say them, pauses not counted."""
    for word in words:
        if voiced(word.start_s, word.end_s, pauses) > _longest_s(word.text):
            yield word.start_s, word.end_s


def _longest_s(text: str) -> float:
    """The longest that anyone takes to say a word."""
    digits = sum(letter.isdigit() for letter in text)
    letters = sum(letter.isalpha() for letter in text)
    if letters <= _SHORT_LETTERS and not digits:
        return _LONGEST_SHORT_S
    return max(_LONGEST_S, _DIGIT_S * (digits + 1)) + _LETTER_S * max(letters - _USUAL_LETTERS, 0)


def _slow(words: Sequence[RecognisedWord], pauses: Sequence[Stretch]) -> Iterator[Stretch]:
    """Successive words that take 2.5 s or more and have too few letters for that."""
    for index, first in enumerate(words):
        letters, took = 0, 0.0
        for last in words[index:]:
            digits = sum(letter.isdigit() for letter in last.text)
            letters += len(last.text) + 1 + (_DIGIT_LETTERS - 1) * digits
            took += voiced(last.start_s, last.end_s, pauses)
            if took >= _SLOW_S:
                if letters < _SLOW_LETTERS * took:
                    yield first.start_s, last.end_s
                break


def _merged(stretches: Sequence[Stretch]) -> Iterator[Stretch]:
    """Stretches that touch made one."""
    held: Stretch | None = None
    for begin, end in stretches:
        if held and begin <= held[1]:
            held = held[0], max(end, held[1])
            continue
        if held:
            yield held
        held = begin, end
    if held:
        yield held
