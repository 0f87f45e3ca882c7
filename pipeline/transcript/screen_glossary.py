"""What the screens of a lecture show, and when, and what a person wrote about it: the words and
numbers that correct a hearing.

Text in a script that the OCR does not know is nonsense: it is left out. Of lines drawn at 44 pixels
the models in the ``rapidocr`` package read every letter of Latin, Chinese and Japanese ones, 64% of
Greek, and none of Korean, Cyrillic, Hebrew, Arabic, Thai and Hindi: their dictionary has no such
letters, and they put Latin words there that nobody wrote. In a lecture in such a language only what
is surely Latin stays: code, and lines of English words. The pictures stay as they are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pipeline.models import Frame, Screens
from pipeline.text.languages.known import language_of
from pipeline.transcript.phonetics import (
    SAME_STEM,
    common_prefix,
    differs_in_one,
    distance,
    english_words,
    sound_alike,
)

# How long before and after a word its term may be on the screen.
_NEAR_MS = 120_000
# A word that an ellipsis cuts ("100-200 tok...") is none: nobody says the part of it that is shown.
_TERM = re.compile(r"(?<!…)(?<!\.\.)(?<![^\W\d_])[^\W\d_]{4,}(?![^\W\d_]|…|\.\.)")
_NUMBER = re.compile(
    r"(?<![\w.,])\d{1,3}(?:,?\d{3})+(?![\w]|[.,]\d)|(?<![\w.,])\d{4,}(?![\w]|[.,]\d)"
)
_FILE_NAME = re.compile(r"(?<![^\W\d_])([^\W\d_]{2,})\.([^\W\d_]{1,4})(?![^\W\d_])")
_ADDRESS = re.compile(r"[@#/\\]|\w[.:]\w")  # in what is no name that is said: a link, a file, a tag
# In the order of frequency: words beyond this place are not everyday ones.
_RARE = 5_000
# Letters of a word that others are derived from, at least, and of what is put before or behind it,
# at most: un, over, ing, able.
_STEM, _AFFIX = 5, 4
_LEAST_ODD = 3  # letters: AI is no odd word
# Letters of a term that can be a slip of another. Of rarer English words (SymSpell's list) 99% of
# those with 4 letters differ in one letter from another word, 92% with 5, 76% with 6, 26% with 10.
_MISREAD_LETTERS = 6

_ENGLISH = 0.6  # of the words of a line: the nonsense has one in ten
_LEAST_LETTERS = 4  # in one of them: short words come about by chance
_WORD = re.compile(r"[^\W\d_]{2,}")
_CODE = re.compile(
    r"^\s*(?:def|class|import|from|return|for|while|if|elif|else)\b|\w\(.*\)|\w = \S"
)


@dataclass(frozen=True)
class ScreenWords:
    """The text on the screen from ``start_ms`` to ``end_ms``."""

    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True)
class ScreenTerm:
    """A rare word of the screen, or of what a person wrote about the lecture (``written``).

    ``sure`` is a word that a person wrote or that stands on two screens at least: no slip of text
    recognition.
    """

    text: str
    sure: bool
    written: bool = False


class ScreenGlossary:
    """What the screen shows when, what it never shows, and which words need no correction.

    Args:
        shown: what was on the screen, in any order.
        frequency: common words and their place in the order of frequency.
        english: the words of the language, in lower case.
        often: words and pairs of words, in lower case, that are heard again and again.
        written: what a person wrote about the lecture: title, chapters, description.
    """

    def __init__(
        self,
        shown: Sequence[ScreenWords],
        frequency: Mapping[str, int],
        english: Collection[str] = frozenset(),
        often: Collection[str] = frozenset(),
        written: Sequence[str] = (),
    ) -> None:
        self.frequency = frequency
        self._english = english
        self._shown = shown
        self._screens = [
            (screen.start_ms - _NEAR_MS, screen.end_ms + _NEAR_MS, *_terms_in(screen, frequency))
            for screen in shown
        ]
        forms = Counter(term for _, _, terms, _ in self._screens for term in set(terms))
        times = Counter(
            term for _, _, terms, _ in self._screens for term in {one.lower() for one in terms}
        )
        slips = _misread(times) | _dotless(shown)
        usual = {form.lower(): form for form, _ in reversed(forms.most_common())}
        self._terms = {
            term: ScreenTerm(usual[term], times[term] > 1) for term in times if term not in slips
        }
        about = " ".join(
            word for text in written for word in text.split() if not _ADDRESS.search(word)
        )
        named = [term for term in _TERM.findall(about) if _is_rare(term, frequency)]
        self._written = {term.lower(): ScreenTerm(term, True, True) for term in reversed(named)}
        text = " ".join(screen.text for screen in shown)
        self.words = _words_of(text)
        self.numbers = {number.replace(",", "") for number in re.findall(r"\d[\d,]*", text)}
        self._often = frozenset(often)
        self._kept = _words_of(" ".join(written)) | self._often
        self._own = sorted(word for word in self.words | self._often if word.isalpha())

    def keeps(self, heard: str) -> bool:
        """Whether what was heard, in lower case, is never replaced: a word of the language, one
        that a person wrote about the lecture, or what is heard again and again."""
        return heard in self._kept or self.is_english(heard)

    def is_english(self, word: str) -> bool:
        """Whether a word, in lower case, is one of the language."""
        return word in self.frequency or word in self._english

    def is_derived(self, heard: str) -> bool:
        """Whether a word, in lower case, is one of the language with a few letters before or behind
        it: "uncomment", "outposted"."""
        cuts = range(1, min(_AFFIX, len(heard) - _STEM) + 1)
        return any(self.is_english(heard[cut:]) or self.is_english(heard[:-cut]) for cut in cuts)

    def is_odd(self, heard: str) -> bool:
        """Whether a word, in lower case, is one that neither the language nor the lecture has, nor
        a form of one that the lecture has, nor so short that it may be an acronym."""
        if len(heard) < _LEAST_ODD or not heard.isalpha():
            return False
        if self.keeps(heard) or heard in self.words or self.is_derived(heard):
            return False
        return not any(
            common_prefix(heard, own) >= SAME_STEM * max(len(heard), len(own)) for own in self._own
        )

    def has_nearer(self, heard: str, shown: str) -> bool:
        """Whether a word of the language that is heard often or shown is said as ``heard`` is, and
        as near to it in letters as ``shown``: ``encode`` for "incode", where Unicode is shown."""
        most = distance(heard, shown)
        return any(
            own != shown and distance(heard, own) <= most and sound_alike(heard, own)
            for own in self._own
            if abs(len(own) - len(heard)) <= most and self.is_english(own)
        )

    def is_heard_right(self, term: str) -> bool:
        """Whether a term, in lower case, is heard again and again: the recogniser knows it."""
        return term in self._often

    def shown_ms(self, text: str, at_ms: int) -> int | None:
        """The start of the screen with ``text`` that is nearest to ``at_ms``; None: there is none,
        a person wrote it."""
        wanted = text.lower()
        starts = [
            screen.start_ms
            for screen in self._shown
            if wanted in screen.text.lower() or wanted in screen.text.replace(",", "")
        ]
        return min(starts, key=lambda start: abs(start - at_ms), default=None)

    def near(self, at_ms: int) -> tuple[list[ScreenTerm], list[str]]:
        """The rare words and the numbers shown within two minutes of ``at_ms``, and the rare words
        that a person wrote."""
        terms = dict(self._written)
        numbers: dict[str, None] = {}
        for begin, end, words, values in self._screens:
            if begin <= at_ms <= end:
                for word in map(str.lower, words):
                    if word in self._terms:
                        terms.setdefault(word, self._terms[word])
                numbers |= dict.fromkeys(values)
        return list(terms.values()), list(numbers)


def _terms_in(screen: ScreenWords, frequency: Mapping[str, int]) -> tuple[list[str], list[str]]:
    """The rare words of a screen, and its numbers."""
    terms = [term for term in _TERM.findall(screen.text) if _is_rare(term, frequency)]
    return terms, [number.replace(",", "") for number in _NUMBER.findall(screen.text)]


def _words_of(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in re.findall(r"[^\W_]+", text))


def _misread(times: Mapping[str, int]) -> set[str]:
    """Terms that differ in one letter from one shown at least twice as often: slips of reading."""
    long = sorted((term for term in times if len(term) >= _MISREAD_LETTERS), key=len)
    slips = set()
    for index, term in enumerate(long):
        for other in long[index + 1 :]:
            if len(other) > len(term) + 1:
                break
            rare, usual = sorted((term, other), key=lambda one: times[one])
            is_slip = times[usual] >= 2 * times[rare] and differs_in_one(term, other)
            if is_slip and term + "s" != other:
                slips.add(rare)
    return slips


def _dotless(shown: Sequence[ScreenWords]) -> set[str]:
    """Names of files without their dot: ``encoderpy``, where ``encoder.py`` is read, too."""
    return {"".join(name).lower() for screen in shown for name in _FILE_NAME.findall(screen.text)}


def _is_rare(term: str, frequency: Mapping[str, int]) -> bool:
    if not frequency:
        return False
    rank = frequency.get(term.lower())
    return rank is None or rank > _RARE


def readable(screens: Screens, language: str | None) -> tuple[Frame, ...]:
    """The frames, in the same order, without text that cannot have been read.

    Args:
        language: spoken in the lecture (BCP 47); None or one that is not known: all text stays.
    """
    if knows_script(screens, language):
        return screens.frames
    return tuple(_readable(frame) for frame in screens.frames)


def knows_script(screens: Screens, language: str | None) -> bool:
    """Whether what read the screens knows the script of a language (BCP 47); True of others."""
    known = language_of(language)
    return known is None or bool(set(screens.scripts).intersection(known.scripts))


def _readable(frame: Frame) -> Frame:
    text = "\n".join(line for line in frame.text.splitlines() if _is_latin(line))
    lines = tuple(line for line in frame.lines if _is_latin(line.text))
    return frame.model_copy(update={"text": text, "lines": lines})


def _is_latin(line: str) -> bool:
    """Whether a line is code, or made of English words."""
    if not line.isascii():
        return False
    found = [word.lower() for word in _WORD.findall(line)]
    if not found:
        return False
    english = [word for word in found if word in english_words()]
    if _CODE.search(line) and english:
        return True
    return len(english) >= _ENGLISH * len(found) and max(map(len, english)) >= _LEAST_LETTERS
