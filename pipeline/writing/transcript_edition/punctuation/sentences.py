"""Sentences from the spoken words: kept where they are punctuated, restored where they are not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.text.punctuation import ends_sentence, sentence_ends
from pipeline.text.spoken_words import SpokenWord
from pipeline.text.units import word_count
from pipeline.text.words import joined
from pipeline.writing.transcript_edition.punctuation.disfluencies import (
    cleaned,
    without_sounds,
)
from pipeline.writing.transcript_edition.punctuation.pauses import at_pauses
from pipeline.writing.transcript_edition.punctuation.restoration import restored

# Fewer full stops than one in this many words: the transcript has no punctuation.
_WORDS_PER_STOP = 60
# A longer stretch without a full stop, in captions that have some, was not punctuated by anybody;
# written sentences of lectures reach 60 words, one in a thousand is longer.
_LONGEST_SENTENCE = 50
# Where another person breaks in, a dash closes what was said.
_BROKEN_OFF = re.compile(r"[-–—]$")
# The number of an item of a list.
_ITEM = re.compile(r"\d{1,2}\.$")


@dataclass(frozen=True)
class Sentence:
    """A sentence of the lecture: its words as they will stand in the chapter.

    ``segments`` are the indices of the first and the last segment its words come from, ``home`` the
    one that most of them come from. ``pause_ms`` is the silence before it.
    """

    text: str
    segments: tuple[int, int]
    home: int
    start_ms: int
    end_ms: int
    pause_ms: int
    words: int


def sentences(
    words: Sequence[SpokenWord], language: str | None, names: Mapping[str, str]
) -> tuple[Sentence, ...]:
    """The lecture's sentences, in order; every word is in exactly one, but for
    sounds like ``[Music]``.

    English is cleaned of hesitations and stumbles (see ``disfluencies``). A transcript with
    punctuation keeps its own; English without is restored (see ``restoration``); other languages
    without are cut at pauses (see ``pauses``). So is a stretch of more than 50 words that nobody
    punctuated. Where another person begins to speak, a sentence begins.
    """
    english = _is_english(language)
    words = without_sounds(words)
    spoken = cleaned(words) if english else words
    groups: list[tuple[SpokenWord, ...]] = []
    for group in _groups(spoken, language, is_punctuated(spoken, language)):
        ended = ends_sentence(group[-1].text) or _BROKEN_OFF.search(group[-1].text)
        if ended and _length(group, language) <= _LONGEST_SENTENCE:
            groups.append(group)
        elif english:
            groups += restored(group, names)
        else:
            groups += at_pauses(group, language)
    return tuple(_sentence(group, language) for group in groups if group)


def is_punctuated(words: Sequence[SpokenWord], language: str | None = None) -> bool:
    """Whether the transcript has enough full stops to be trusted with its own sentences."""
    stops = sum(1 for word in words if ends_sentence(word.text))
    return stops * _WORDS_PER_STOP >= _length(words, language)


def _groups(
    words: Sequence[SpokenWord], language: str | None, punctuated: bool
) -> list[tuple[SpokenWord, ...]]:
    """What is a sentence, or is cut into sentences by itself."""
    if _is_english(language) and not punctuated:
        return [
            tuple(words)
        ]  # cut at turns with all of the lecture in view (see ``sentence_breaks``)
    starts = [at for at, word in enumerate(words) if at and word.new_speaker]
    turns = [tuple(words[a:b]) for a, b in pairwise([0, *starts, len(words)])]
    return [group for turn in turns for group in _at_stops(turn, language)] if punctuated else turns


def _at_stops(words: Sequence[SpokenWord], language: str | None) -> list[tuple[SpokenWord, ...]]:
    groups: list[tuple[SpokenWord, ...]] = []
    start = 0
    for index, word in enumerate(words):
        following = words[index + 1].text if index + 1 < len(words) else None
        is_item = index == start and _ITEM.match(word.text)  # "1." begins what follows
        if sentence_ends(word.text, following, language) and not is_item:
            groups.append(tuple(words[start : index + 1]))
            start = index + 1
    groups.append(tuple(words[start:]))
    return [group for group in groups if group]


def _is_english(language: str | None) -> bool:
    return (language or "en").lower().startswith("en")


def _length(words: Sequence[SpokenWord], language: str | None) -> int:
    return word_count(joined(word.text for word in words), language)


def _sentence(words: Sequence[SpokenWord], language: str | None) -> Sentence:
    indices = [word.segment for word in words]
    return Sentence(
        text=joined(word.text for word in words),
        segments=(indices[0], indices[-1]),
        home=max(sorted(set(indices)), key=indices.count),
        start_ms=words[0].start_ms,
        end_ms=max(word.end_ms for word in words),
        pause_ms=words[0].pause_ms,
        words=_length(words, language),
    )
