"""Tokens with times to words with times: punctuation joined, impossible lengths cut."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from pipeline.text.punctuation import sentence_ends
from pipeline.timecode import shared_out
from pipeline.transcript.asr.engines.engine import RecognisedWord

# Punctuation that belongs to the next word, and to the one before (Whisper's own lists).
_BEFORE = "\"'“¿([{-"
# The languages that Whisper's tokeniser cuts into characters.
_UNSPACED = frozenset({"zh", "ja", "th", "lo", "my", "yue"})
# Alignment ends the last word before a pause this much too early at most.
_NEAR_S = 0.7
# No word is shorter than this.
_MOMENT_S = 0.04
_AFTER = "\"'.。,，!！?？:：”)]}、"


def merged(pieces: Sequence[RecognisedWord], language: str) -> tuple[RecognisedWord, ...]:
    """Words from the aligned pieces of a window.

    A piece whose text begins with a space begins a word (``GPT`` and ``-2`` are one); in languages
    without spaces every piece is a word. Lone punctuation joins its neighbour. Texts come back
    without spaces around them.
    """
    spaced = language not in _UNSPACED
    words: list[RecognisedWord] = []
    opening = ""
    for piece in pieces:
        text = piece.text
        bare = text.strip()
        if not bare:
            continue
        if bare in _BEFORE and text.startswith(" "):
            opening += bare
        elif words and not text.startswith(" ") and (spaced or bare in _AFTER):
            last = words[-1]
            end_s = last.end_s if bare in _AFTER else max(piece.end_s, last.end_s)
            words[-1] = RecognisedWord(last.start_s, end_s, last.text + bare, last.probability)
        else:
            words.append(
                RecognisedWord(piece.start_s, piece.end_s, opening + bare, piece.probability)
            )
            opening = ""
    return tuple(words)


def snapped(
    words: Sequence[RecognisedWord], pauses: Sequence[tuple[float, float]]
) -> tuple[RecognisedWord, ...]:
    """``words`` moved out of the pauses that attention cannot see.

    Alignment lets the word after a pause begin where the one before it ended, often a second early.
    A word that reaches into a pause is cut there: it keeps its longer side, or what is after the
    pause when it begins a sentence. One that lies in a pause is said after it, or before it when it
    ends a sentence.

    Args:
        words: in order, seconds of the window.
        pauses: (begin, end) in seconds of the window, in order.
    """
    out: list[RecognisedWord] = []
    fresh = True
    for word, following in zip_longest(words, words[1:]):
        last = sentence_ends(word.text, following.text if following else None)
        start_s, end_s = word.start_s, word.end_s
        for begin, end in pauses:
            if begin >= end_s:
                break
            if end <= start_s:
                continue
            before, after = begin - start_s, end_s - end
            inside = before <= 0 and after <= 0
            if inside and last and out and out[-1].end_s <= begin:
                start_s = end_s = begin
            elif inside or fresh or after >= before:
                start_s = end
            else:
                end_s = begin
        start_s = max(start_s, out[-1].start_s if out else 0.0)
        out.append(replace(word, start_s=start_s, end_s=max(end_s, start_s)))
        fresh = last
    return tuple(_lengthened(_apart(out), pauses))


def _apart(words: Sequence[RecognisedWord]) -> list[RecognisedWord]:
    """Words that were given the same moment, next to each other in the time of the last of them."""
    out: list[RecognisedWord] = []
    group: list[RecognisedWord] = []
    for word, following in zip_longest(words, words[1:]):
        group.append(word)
        if following and following.start_s - group[0].start_s < _MOMENT_S * len(group):
            continue
        if len(group) > 1:
            end_s = max(word.end_s, group[0].start_s)
            if following:
                end_s = min(end_s, max(following.start_s, group[0].start_s))
            texts = " ".join(one.text.replace(" ", "_") for one in group)
            places = evenly_timed(texts, group[0].start_s, end_s)
            group = [
                replace(one, start_s=place.start_s, end_s=place.end_s)
                for one, place in zip(group, places, strict=True)
            ]
        out += group
        group = []
    return out


def _lengthened(
    words: Sequence[RecognisedWord], pauses: Sequence[tuple[float, float]]
) -> Iterator[RecognisedWord]:
    """Each word until the next pause or word where that is near: alignment ends words early."""
    for word, following in zip_longest(words, words[1:]):
        begins = (begin for begin, _ in pauses if begin >= word.end_s)
        limit = min(next(begins, math.inf), following.start_s if following else math.inf)
        near = word.end_s <= limit <= word.end_s + _NEAR_S
        yield replace(word, end_s=limit) if near else word


def evenly_timed(text: str, start_s: float, end_s: float) -> tuple[RecognisedWord, ...]:
    """Words over a stretch of time in proportion to their lengths, for models without alignment."""
    texts = text.split()
    weights = [len(word) + 1 for word in texts]
    places = shared_out(weights, round(start_s * 1000), round(end_s * 1000))
    return tuple(
        RecognisedWord(begin_ms / 1000, until_ms / 1000, word, None)
        for word, (begin_ms, until_ms) in zip(texts, places, strict=True)
    )
