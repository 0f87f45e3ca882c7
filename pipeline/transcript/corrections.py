"""Names and numbers as the screen writes them: ``reex`` heard, ``regex`` shown.

Conservative, because a wrong correction is worse than a wrong letter: the term must be on the
screen within two minutes, sound like what was heard, and be a rare word. What was heard must itself
be odd: no common word of the language, none of the title, the chapters or the description, nothing
that is heard again and again, and it must stand nowhere on the screen. What was heard stays in
``Cue.heard``, and each change is listed with what proves it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.models import Cue, Word
from pipeline.text.joining import joined
from pipeline.transcript.phonetics import common_prefix, distance, is_subsequence, sound_of

_MINUTES_MS = 120_000
_TERM = re.compile(r"[^\W\d_]{4,}")
_NUMBER = re.compile(
    r"(?<![\w.,])\d{1,3}(?:,?\d{3})+(?![\w]|[.,]\d)|(?<![\w.,])\d{4,}(?![\w]|[.,]\d)"
)
_SPOKEN = re.compile(r"^(\W*)(.*?)((?:['’]s)?\W*)$", re.DOTALL)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})*|\d+")
# In the order of frequency: words beyond this place are not everyday ones.
_RARE = 5_000
# The words before this place are so, we, get, is: they are words of their own, not half of a term.
_FUNCTION_WORD = 300
_LONG = 8  # letters: two words that differ in one letter from so long a term are that term
_OFTEN = 3  # times heard: what is heard more often in one form is no slip
_ALIKE = 0.75
_SAME_STEM = 0.7
_LETTERS_SAID = 0.5


@dataclass(frozen=True)
class ScreenWords:
    """The text on the screen from ``start_ms`` to ``end_ms``."""

    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True)
class NameChange:
    """One change: the words heard at ``at_ms``, what was written for them, and the start of the
    screen that shows it, nearest in time."""

    at_ms: int
    heard: str
    written: str
    shown_ms: int


@dataclass(frozen=True)
class Corrected:
    """The cues, in the order of those that were given, and what was changed in them."""

    cues: tuple[Cue, ...]
    changes: tuple[NameChange, ...] = ()


@dataclass(frozen=True)
class _Term:
    """A word or number of the screen; ``times`` is on how many screens it stands."""

    text: str
    times: int


def correct_names(
    cues: Sequence[Cue],
    shown: Sequence[ScreenWords],
    frequency: Mapping[str, int],
    known: Collection[str] = (),
) -> Corrected:
    """``cues`` with misheard terms and numbers replaced by what the screen shows at that time.

    Args:
        cues: in order of time.
        shown: what was on the screen, in any order; empty: nothing is changed.
        frequency: common words and their place in the order of frequency (see ``common_words``);
            empty: only numbers are corrected.
        known: words that are never replaced, in lower case: those of the language, and those that a
            person wrote about the lecture (title, chapters, description).
    """
    if not shown or not cues:
        return Corrected(tuple(cues))
    glossary = _Glossary(shown, frequency, frozenset(known) | _often(cues))
    lasts = ["", *[cue.words[-1].text if cue.words else "" for cue in cues[:-1]]]
    done = [_corrected(cue, glossary, last) for cue, last in zip(cues, lasts, strict=True)]
    changes = tuple(change for _, made in done for change in made)
    return Corrected(tuple(cue for cue, _ in done), changes)


def _often(cues: Sequence[Cue]) -> frozenset[str]:
    """The words and pairs of words, in lower case, that are heard again and again."""
    words = [_bare(word.text) for cue in cues for word in cue.words]
    said = Counter(words)
    said.update(f"{one} {other}" for one, other in pairwise(words))
    return frozenset(text for text, times in said.items() if times > _OFTEN)


def _bare(text: str) -> str:
    match = _SPOKEN.match(text)
    assert match is not None  # the pattern matches everything
    return match[2].lower()


class _Glossary:
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
                screen.start_ms - _MINUTES_MS,
                screen.end_ms + _MINUTES_MS,
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

    def near(self, at_ms: int) -> tuple[list[_Term], list[str]]:
        """The rare words and the numbers shown within two minutes of ``at_ms``."""
        terms: dict[str, _Term] = {}
        numbers: dict[str, None] = {}
        for begin, end, words, values in self._screens:
            if begin <= at_ms <= end:
                for word in words:
                    terms.setdefault(word.lower(), _Term(word, self._times[word.lower()]))
                numbers |= dict.fromkeys(values)
        return list(terms.values()), list(numbers)


def _misread(times: Mapping[str, int]) -> set[str]:
    """Terms that differ in one letter from one shown at least twice as often: slips of reading."""
    long = sorted((term for term in times if len(term) >= 6), key=len)
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


def _corrected(cue: Cue, glossary: _Glossary, last: str) -> tuple[Cue, list[NameChange]]:
    """The cue and what was changed in it; ``last`` is the word before it."""
    terms, numbers = glossary.near((cue.start_ms + cue.end_ms) // 2)
    if not terms and not numbers:
        return cue, []
    words: list[Word] = []
    changes: list[NameChange] = []
    index = 0
    if last and cue.words and _two_words(f"{last} {cue.words[0].text}", terms, glossary):
        words.append(cue.words[0])  # half of a term: the other half is in another cue
        index = 1
    while index < len(cue.words):
        for count in (2, 1):
            phrase = cue.words[index : index + count]
            if len(phrase) == count and (better := _better(phrase, terms, numbers, glossary)):
                words.append(
                    phrase[0].model_copy(update={"end_ms": phrase[-1].end_ms, "text": better})
                )
                heard = " ".join(word.text for word in phrase)
                at_ms = phrase[0].start_ms
                shown_ms = glossary.shown_ms(_bare(better), at_ms)
                changes.append(NameChange(at_ms, heard, better, shown_ms))
                index += count
                break
        else:
            words.append(cue.words[index])
            index += 1
    if not changes:
        return cue, []
    update = {
        "text": joined(word.text for word in words),
        "words": tuple(words),
        "heard": cue.heard or cue.text,
    }
    return cue.model_copy(update=update), changes


def _better(
    phrase: Sequence[Word], terms: Sequence[_Term], numbers: Sequence[str], glossary: _Glossary
) -> str | None:
    """What the screen has in the place of one or two words, punctuation kept, or None."""
    match = _SPOKEN.match(" ".join(word.text for word in phrase))
    assert match is not None  # the pattern matches everything
    before, bare, after = match.groups()
    if not bare:
        return None
    if bare.lower() in glossary.kept and not _is_malformed(bare):
        return None
    if bare[0].isdigit() and len(phrase) == 1:
        found = _number(bare, numbers, glossary)
    elif len(phrase) == 1:
        found = _word(bare, terms, glossary)
    else:
        found = None if _has_function_word(bare, glossary) else _two_words(bare, terms, glossary)
    return f"{before}{found}{after}" if found else None


def _number(bare: str, numbers: Sequence[str], glossary: _Glossary) -> str | None:
    """The number on the screen that has one zero more: listeners lose the zero of 30642."""
    digits = bare.replace(",", "")
    if not digits.isdigit() or digits in glossary.numbers:
        return None
    malformed = _is_malformed(bare)
    fitting = [
        number
        for number in numbers
        if len(number) == len(digits) + 1
        and number[0] == digits[0]
        and any(
            number[i] == "0" and number[:i] + number[i + 1 :] == digits
            for i in range(1, len(number))
        )
        and (malformed or len(number) > 4)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _is_malformed(bare: str) -> bool:
    """A number that nobody writes so: 1,24."""
    return bare[0].isdigit() and not _GROUPED.fullmatch(bare)


def _word(bare: str, terms: Sequence[_Term], glossary: _Glossary) -> str | None:
    """The one term on the screen that sounds like a single heard word."""
    heard = bare.lower()
    if len(heard) < 3 or not heard.isalpha() or heard in glossary.words:
        return None
    if bare.isupper() and len(bare) <= 5:
        return _spelled(bare, terms)
    if heard in glossary.frequency:
        return None  # a word of the language
    fitting = []
    for term in terms:
        shown = term.text.lower()
        same_sound = sound_of(heard) == sound_of(shown)
        edits = distance(heard, shown)
        if heard.startswith(shown) or shown.startswith(heard):
            continue  # another form of the word
        if heard.replace("or", "our") == shown.replace("or", "our"):
            continue  # the British spelling, or the American one
        if same_sound:
            fits = edits <= 3
        else:
            alike = 1 - edits / max(len(heard), len(shown))
            stem = common_prefix(heard, shown) / min(len(heard), len(shown))
            fits = alike >= _ALIKE and stem < _SAME_STEM and term.times > 1
        if fits:
            fitting.append(term.text)
    return fitting[0] if len(fitting) == 1 else None


def _spelled(bare: str, terms: Sequence[_Term]) -> str | None:
    """The term whose letters were heard one by one: ``MBP`` or ``M bpe`` for minbpe."""
    parts = bare.split()
    if not all(part.isalpha() for part in parts) or not any(
        part.isupper() and len(part) <= 5 for part in parts
    ):
        return None
    letters = "".join(parts).lower()
    fitting = [
        term.text
        for term in terms
        if term.times > 1
        and 3 <= len(letters) < len(term.text)
        and len(letters) >= _LETTERS_SAID * len(term.text)
        and letters[0] == term.text[0].lower()
        and is_subsequence(letters, term.text.lower())
        # The last letter may go by in "E", no other.
        and term.text.lower().rstrip("e").endswith(letters.rstrip("e")[-1])
    ]
    return fitting[0] if len(fitting) == 1 else None


def _has_function_word(bare: str, glossary: _Glossary) -> bool:
    """Such a word is never half of a term: ``we get`` is not wget, ``on I`` not OpenAI."""
    return any(
        glossary.frequency.get(part, _FUNCTION_WORD) < _FUNCTION_WORD for part in bare.split()
    )


def _two_words(bare: str, terms: Sequence[_Term], glossary: _Glossary) -> str | None:
    return _spelled(bare, terms) or _divided(bare, terms, glossary)


def _divided(bare: str, terms: Sequence[_Term], glossary: _Glossary) -> str | None:
    """The term that was heard as two words, ``tick token`` for tiktoken.

    Where only the space differs nothing is changed: text recognition loses spaces.
    """
    parts = bare.lower().split()
    heard = "".join(parts)
    fitting = [
        term.text
        for term in terms
        if term.times > 1
        and term.text.islower()
        and term.text not in glossary.frequency
        and not any(part.startswith(term.text) or len(part) == 1 for part in parts)
        and term.text != heard
        and heard.isalpha()
        and _said_alike(heard, term.text)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _said_alike(heard: str, term: str) -> bool:
    edits = distance(heard, term)
    return edits <= 2 and (sound_of(term) == sound_of(heard) or (edits == 1 and len(term) >= _LONG))


def _is_rare(term: str, frequency: Mapping[str, int]) -> bool:
    if not frequency:
        return False
    rank = frequency.get(term.lower())
    return rank is None or rank > _RARE
