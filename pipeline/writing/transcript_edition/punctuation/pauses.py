"""Speech without punctuation in languages other than English: cut at pauses and caption lines.

A mark is set where the lecturer pauses and, in Chinese and Japanese, where a caption line ends;
never inside a word or phrase. Japanese gets its full stop only behind a form that ends sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import regex

from pipeline.text.phrases import phrases
from pipeline.text.punctuation import marks_of
from pipeline.text.spoken_words import SpokenWord
from pipeline.text.units import word_count
from pipeline.text.words import joined

# A pause of this length in the middle of a sentence is rare in lectures (one in twenty).
_PAUSE_MS = 700
# In words of English; a caption line that ends after so many ends the sentence.
_LONG = 40
_LONGEST = 80
# How much text on either side tells whether a place is inside a phrase.
_CONTEXT = 16
# Verb, adjective and copula forms that end a Japanese sentence, with the particles behind them.
_JAPANESE_END = regex.compile(
    r"(?:です|ます|でした|ました|ません|である|だろう|でしょう|ください|だった|った|いた|した|れた|ない|なる|いる|ある|する|れる|える)"
    r"(?:か|ね|よ|よね|が|けど)?$"
)


def at_pauses(words: Sequence[SpokenWord], language: str | None) -> list[tuple[SpokenWord, ...]]:
    """Sentences with the marks of the language's script; every word is in one."""
    marks = marks_of(language)
    groups: list[tuple[SpokenWord, ...]] = []
    current: list[SpokenWord] = []
    for at, word in enumerate(words):
        if current and (_sounds_ended(words, at, language) or _is_between(words, at, language)):
            length = word_count(joined(one.text for one in current), language)
            ends = word.pause_ms >= _PAUSE_MS or (word.line_start and length >= _LONG)
            if length >= _LONGEST or (ends and _may_end(words, at, language)):
                groups.append(_opened(_closed(current, marks.stop)))
                current = []
            elif marks.comma and (ends or word.line_start):
                current = _closed(current, marks.comma)
        current.append(word)
    return [*groups, _opened(_closed(current, marks.stop))] if current else groups


def _is_between(words: Sequence[SpokenWord], at: int, language: str | None) -> bool:
    """Whether a phrase ends before the word ``at``; True in languages with spaces."""
    before = joined(one.text for one in words[max(0, at - _CONTEXT) : at])
    after = joined(one.text for one in words[at : at + _CONTEXT])
    whole = joined([before, after])
    parts = phrases(whole, language)
    if len(parts) < 2:
        return True
    place = len(whole) - len(after)
    ends, end = set(), 0
    for part in parts:
        end += len(part)
        ends.add(end)
    return place in ends or whole[place - 1] == " "


def _sounds_ended(words: Sequence[SpokenWord], at: int, language: str | None) -> bool:
    """Whether a Japanese sentence surely ends here: its form, and a pause or a line's end."""
    if not _is_japanese(language) or not (words[at].pause_ms or words[at].line_start):
        return False
    tail = joined(one.text for one in words[max(0, at - _CONTEXT) : at])
    return bool(_JAPANESE_END.search(tail))


def _may_end(words: Sequence[SpokenWord], at: int, language: str | None) -> bool:
    return not _is_japanese(language) or _sounds_ended(words, at, language)


def _is_japanese(language: str | None) -> bool:
    return (language or "").lower().startswith("ja")


def _closed(words: list[SpokenWord], mark: str) -> list[SpokenWord]:
    last = words[-1]
    if not regex.search(r"[\p{L}\p{M}\p{N}]$", last.text):
        return words
    return [*words[:-1], replace(last, text=last.text + mark)]


def _opened(words: list[SpokenWord]) -> tuple[SpokenWord, ...]:
    """With a capital, where the script has capitals."""
    first = words[0]
    text = first.text[0].upper() + first.text[1:] if first.text.islower() else first.text
    return (replace(first, text=text), *words[1:])
