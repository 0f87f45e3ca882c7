"""What the screens of a lecture show, and when: the words and numbers that correct a hearing.

Text in a script that the OCR does not know is nonsense: it is left out. Of lines drawn at 44 pixels
the models in the ``rapidocr`` package read every letter of Latin, Chinese and Japanese ones, 64% of
Greek, and none of Korean, Cyrillic, Hebrew, Arabic, Thai and Hindi: their dictionary has no such
letters, and they put Latin words there that nobody wrote. In a lecture in such a language only what
is surely Latin stays: code, and lines of English words. The pictures stay as they are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.models import Frame, Screens
from pipeline.text.languages.known import language_of
from pipeline.transcript.phonetics import distance, english_words

# How long before and after a word its term may be on the screen.
_NEAR_MS = 120_000
# A word that an ellipsis cuts ("100-200 tok...") is none: nobody says the part of it that is shown.
_TERM = re.compile(r"(?<!…)(?<!\.\.)(?<![^\W\d_])[^\W\d_]{4,}(?![^\W\d_]|…|\.\.)")
_NUMBER = re.compile(
    r"(?<![\w.,])\d{1,3}(?:,?\d{3})+(?![\w]|[.,]\d)|(?<![\w.,])\d{4,}(?![\w]|[.,]\d)"
)
# In the order of frequency: words beyond this place are not everyday ones.
_RARE = 5_000
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
    """A word or number of the screen; ``times`` is on how many screens it stands."""

    text: str
    times: int


class ScreenGlossary:
    """What the screen shows when, and what it never shows."""

    def __init__(
        self,
        shown: Sequence[ScreenWords],
        frequency: Mapping[str, int],
        kept: frozenset[str] = frozenset(),
    ) -> None:
        self.frequency = frequency
        self.kept = kept
        self._shown = shown
        self._screens = [
            (
                screen.start_ms - _NEAR_MS,
                screen.end_ms + _NEAR_MS,
                [term for term in _TERM.findall(screen.text) if _is_rare(term, frequency)],
                [number.replace(",", "") for number in _NUMBER.findall(screen.text)],
            )
            for screen in shown
        ]
        self._times = Counter(
            term for _, _, terms, _ in self._screens for term in {t.lower() for t in terms}
        )
        slips = _misread(self._times)
        for _, _, terms, _ in self._screens:
            terms[:] = [term for term in terms if term.lower() not in slips]
        text = " ".join(screen.text for screen in shown)
        self.words = {word.lower() for word in re.findall(r"[^\W_]+", text)}
        self.numbers = {number.replace(",", "") for number in re.findall(r"\d[\d,]*", text)}

    def shown_ms(self, text: str, at_ms: int) -> int:
        """The start of the screen with ``text`` that is nearest to ``at_ms``."""
        wanted = text.lower()
        starts = [
            screen.start_ms
            for screen in self._shown
            if wanted in screen.text.lower() or wanted in screen.text.replace(",", "")
        ]
        return min(starts, key=lambda start: abs(start - at_ms), default=at_ms)

    def near(self, at_ms: int) -> tuple[list[ScreenTerm], list[str]]:
        """The rare words and the numbers shown within two minutes of ``at_ms``."""
        terms: dict[str, ScreenTerm] = {}
        numbers: dict[str, None] = {}
        for begin, end, words, values in self._screens:
            if begin <= at_ms <= end:
                for word in words:
                    terms.setdefault(word.lower(), ScreenTerm(word, self._times[word.lower()]))
                numbers |= dict.fromkeys(values)
        return list(terms.values()), list(numbers)


def _misread(times: Mapping[str, int]) -> set[str]:
    """Terms that differ in one letter from one shown at least twice as often: slips of reading."""
    long = sorted((term for term in times if len(term) >= _MISREAD_LETTERS), key=len)
    slips = set()
    for index, term in enumerate(long):
        for other in long[index + 1 :]:
            if len(other) > len(term) + 1:
                break
            if term + "s" == other or distance(term, other) != 1:
                continue
            rare, usual = sorted((term, other), key=lambda one: times[one])
            if times[usual] >= 2 * times[rare]:
                slips.add(rare)
    return slips


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
