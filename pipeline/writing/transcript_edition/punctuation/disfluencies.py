"""Light cleaning of spoken English: hesitations and stumbles out, nothing else touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.text.english import COMMON_VERBS, DOUBLED, FILLERS, FUNCTION_WORDS, NUMBERS
from pipeline.text.sounds import is_bracketed_sound
from pipeline.text.spoken_words import SpokenWord
from pipeline.text.words import bare

_LONGEST_REPEAT = 4  # words; in 20 minutes of a lecture those said twice were one or two at a time
_STOPS = ".!?"


def without_sounds(words: Sequence[SpokenWord]) -> tuple[SpokenWord, ...]:
    """``words`` without ``[Music]``, ``[Applause]`` and notes: sounds that a caption describes."""
    return tuple(word for word in words if not is_bracketed_sound(word.text))


def cleaned(words: Sequence[SpokenWord]) -> tuple[SpokenWord, ...]:
    """``words`` without ``uh`` and ``um``, immediate repetitions and contracted restarts.

    "the the" becomes "the", "in the in the" becomes "in the", "it it's" becomes "it's". What may
    be meant ("very very", "two two") stays.
    """
    return _without_repeats(_without_fillers(words))


def has_words(text: str) -> bool:
    """Whether anything is left of ``text`` when sounds and hesitations are taken out."""
    return any(
        bare(token) and bare(token) not in FILLERS and not is_bracketed_sound(token)
        for token in text.split()
    )


def _without_fillers(words: Sequence[SpokenWord]) -> list[SpokenWord]:
    kept: list[SpokenWord] = []
    waiting: SpokenWord | None = None
    capital = False
    for word in words:
        if word.key in FILLERS:
            waiting = waiting or word
            capital = capital or word.text[0].isupper()
            if kept and word.text[-1] in _STOPS and kept[-1].text[-1] not in _STOPS:
                kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip(",") + word.text[-1])
            continue
        if waiting:
            pause = word.pause_ms + waiting.pause_ms
            turn = word.new_speaker or waiting.new_speaker
            word = replace(word, pause_ms=pause, new_speaker=turn)
            if capital and (not kept or kept[-1].text[-1] in _STOPS):
                word = replace(word, text=word.text[0].upper() + word.text[1:])
            waiting, capital = None, False
        kept.append(word)
    return kept


def _without_repeats(words: list[SpokenWord]) -> tuple[SpokenWord, ...]:
    kept: list[SpokenWord] = []
    for word in words:
        kept.append(word)
        if len(kept) >= 2 and _restarts(kept[-2], kept[-1]):
            _drop(kept, 1)
        for size in range(1, _LONGEST_REPEAT + 1):
            if _repeats(kept, size):
                _drop(kept, size)
                break
    return tuple(kept)


def _drop(kept: list[SpokenWord], size: int) -> None:
    """Take the first of two takes out; the second keeps the first one's place in the sentence."""
    first, second = kept[-2 * size], kept[-size]
    text = second.text
    if first.text[0].isupper() and not second.text[0].isupper():
        text = text[0].upper() + text[1:]
    kept[-size] = replace(
        second,
        text=text,
        pause_ms=first.pause_ms,
        new_speaker=first.new_speaker,
    )
    start = len(kept) - 2 * size
    del kept[start : start + size]


def _repeats(kept: list[SpokenWord], size: int) -> bool:
    if len(kept) < 2 * size:
        return False
    first, second = kept[-2 * size : -size], kept[-size:]
    if any(word.text[-1] in _STOPS for word in first) or any(word.new_speaker for word in second):
        return False
    keys = [word.key for word in first]
    if keys != [word.key for word in second] or not all(keys):
        return False
    if size == 1:
        return keys[0] not in DOUBLED | NUMBERS and keys[0] in FUNCTION_WORDS | COMMON_VERBS
    return keys[0] in FUNCTION_WORDS and not all(key in DOUBLED | NUMBERS for key in keys)


def _restarts(first: SpokenWord, second: SpokenWord) -> bool:
    """ "it it's", "we we're": the same subject, then its contraction."""
    return (
        first.key in FUNCTION_WORDS
        and second.key.startswith(first.key + "'")
        and first.text[-1] not in _STOPS
        and not second.new_speaker
    )
