"""Sentences from the spoken words: kept where they are punctuated, restored where they are not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.text.joining import joined
from pipeline.text.spoken_words import SpokenWord
from pipeline.writing.transcript_edition.punctuation.disfluencies import (
    cleaned,
    without_sounds,
)
from pipeline.writing.transcript_edition.punctuation.restoration import restored

# Fewer full stops than one in this many words: the transcript has no punctuation.
_WORDS_PER_STOP = 60
_PAUSE_MS = 700
_LONGEST_LINE = 40
_CJK_LANGUAGES = ("zh", "ja", "yue")
_STOP = re.compile(r"(?<![.!?…。！？])[.!?…。！？]+[\"”’')\]」』»]*$")
_ABBREVIATION = re.compile(
    r"(?:^|[(\"“])(?:[A-Za-z]|(?:[a-z]\.)+[a-z]|Mr|Mrs|Ms|Dr|Prof|St|vs|etc|cf|Fig|Eq|No|resp|approx"
    r"|z\.B|bzw|usw|Nr|M|Mme|Sr|Sra)\.$"
)


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

    English is cleaned of hesitations and stumbles (see ``cleaning``). A transcript with
    punctuation keeps its own; English without is restored (see ``restore``); other languages
    without are cut at pauses.
    """
    english = (language or "en").lower().startswith("en")
    words = without_sounds(words)
    spoken = cleaned(words) if english else words
    if is_punctuated(spoken):
        groups = _at_stops(spoken)
    elif english:
        groups = restored(spoken, names)
    else:
        groups = _at_pauses(spoken, language or "")
    return tuple(_sentence(group) for group in groups if group)


def is_punctuated(words: Sequence[SpokenWord]) -> bool:
    """Whether the transcript has enough full stops to be trusted with its own sentences."""
    stops = sum(1 for word in words if _STOP.search(word.text))
    return stops * _WORDS_PER_STOP >= len(words)


def _at_stops(words: Sequence[SpokenWord]) -> list[tuple[SpokenWord, ...]]:
    groups: list[tuple[SpokenWord, ...]] = []
    start = 0
    for index, word in enumerate(words):
        following = words[index + 1].text if index + 1 < len(words) else ""
        if _ends(word.text, following):
            groups.append(tuple(words[start : index + 1]))
            start = index + 1
    groups.append(tuple(words[start:]))
    return groups


def _ends(text: str, following: str) -> bool:
    if not _STOP.search(text) or _ABBREVIATION.search(text):
        return False
    return not following or not following[0].islower()


def _at_pauses(words: Sequence[SpokenWord], language: str) -> list[tuple[SpokenWord, ...]]:
    """Sentences end at long pauses, or where a caption line ends after some length."""
    stop, comma = ("。", "，") if language.lower().startswith(_CJK_LANGUAGES) else (".", "")
    groups: list[tuple[SpokenWord, ...]] = []
    current: list[SpokenWord] = []
    for word in words:
        length = sum(len(one.text) for one in current) if comma else len(current)
        long = length >= _LONGEST_LINE and word.line_start
        if current and (word.pause_ms >= _PAUSE_MS or long):
            groups.append(tuple(_closed(current, stop)))
            current = []
        elif current and comma and word.line_start:
            current = _closed(current, comma)
        current.append(word)
    return [*groups, tuple(_closed(current, stop))] if current else groups


def _closed(words: list[SpokenWord], mark: str) -> list[SpokenWord]:
    last = words[-1]
    if not last.text[-1].isalnum():
        return words
    return [*words[:-1], replace(last, text=last.text + mark)]


def _sentence(words: Sequence[SpokenWord]) -> Sentence:
    indices = [word.segment for word in words]
    return Sentence(
        text=joined([word.text for word in words]),
        segments=(indices[0], indices[-1]),
        home=max(sorted(set(indices)), key=indices.count),
        start_ms=words[0].start_ms,
        end_ms=max(word.end_ms for word in words),
        pause_ms=words[0].pause_ms,
        words=len(words),
    )
