"""What the screen has in the place of a word that was heard: the same sound, other letters.

Conservative, because a wrong correction is worse than a wrong letter: see ``corrections``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.models import Word
from pipeline.transcript.phonetics import common_prefix, distance, is_subsequence, sound_of
from pipeline.transcript.screen_glossary import ScreenGlossary, ScreenTerm

_SPOKEN = re.compile(r"^(\W*)(.*?)((?:['’]s)?\W*)$", re.DOTALL)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})*|\d+")
# The words before this place, in the order of frequency, are so, we, get, is: they are words of
# their own, not half of a term.
_FUNCTION_WORD = 300
_LONG = 8  # letters: two words that differ in one letter from so long a term are that term
# Of 3 million pairs of rare English words (SymSpell's list), 33 in a million are so alike and no
# forms of each other; 86 at 0.70, 191 at 0.65. "reex" has 0.80 of "regex".
_ALIKE = 0.75
# Of 3,710 pairs of forms of one word that are so alike, 98% have more of their beginning in common;
# at 0.8, 85%.
_SAME_STEM = 0.7
# Letters by which words of the same sound may differ: 23 in a million of those pairs do in so many,
# 46 in any number ("phobos", "fibs").
_MOST_EDITS = 3
_MOST_EDITS_DIVIDED = 2  # of a term heard as two words: "Tik toen" has one
# A word in capitals of at most so many letters is said letter by letter, and they are at least this
# share of the term's: "MBP" is half of minbpe.
_SPELLED = 5
_LETTERS_SAID = 0.5
_YEAR = 4  # digits: a number of so many, well written, may be a year


def bare_word(text: str) -> str:
    """``text`` in small letters, without the marks around it."""
    match = _SPOKEN.match(text)
    assert match is not None  # the pattern matches everything
    return match[2].lower()


def better_word(
    phrase: Sequence[Word],
    terms: Sequence[ScreenTerm],
    numbers: Sequence[str],
    glossary: ScreenGlossary,
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
        found = None if _has_function_word(bare, glossary) else as_one_term(bare, terms, glossary)
    return f"{before}{found}{after}" if found else None


def _number(bare: str, numbers: Sequence[str], glossary: ScreenGlossary) -> str | None:
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
        and (malformed or len(number) > _YEAR)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _is_malformed(bare: str) -> bool:
    """A number that nobody writes so: 1,24."""
    return bare[0].isdigit() and not _GROUPED.fullmatch(bare)


def _word(bare: str, terms: Sequence[ScreenTerm], glossary: ScreenGlossary) -> str | None:
    """The one term on the screen that sounds like a single heard word."""
    heard = bare.lower()
    if len(heard) < 3 or not heard.isalpha() or heard in glossary.words:
        return None
    if bare.isupper() and len(bare) <= _SPELLED:
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
            fits = edits <= _MOST_EDITS
        else:
            alike = 1 - edits / max(len(heard), len(shown))
            stem = common_prefix(heard, shown) / min(len(heard), len(shown))
            fits = alike >= _ALIKE and stem < _SAME_STEM and term.times > 1
        if fits:
            fitting.append(term.text)
    return fitting[0] if len(fitting) == 1 else None


def _spelled(bare: str, terms: Sequence[ScreenTerm]) -> str | None:
    """The term whose letters were heard one by one: ``MBP`` or ``M bpe`` for minbpe."""
    parts = bare.split()
    if not all(part.isalpha() for part in parts) or not any(
        part.isupper() and len(part) <= _SPELLED for part in parts
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


def _has_function_word(bare: str, glossary: ScreenGlossary) -> bool:
    """Such a word is never half of a term: ``we get`` is not wget, ``on I`` not OpenAI."""
    return any(
        glossary.frequency.get(part, _FUNCTION_WORD) < _FUNCTION_WORD for part in bare.split()
    )


def as_one_term(bare: str, terms: Sequence[ScreenTerm], glossary: ScreenGlossary) -> str | None:
    """The term that was heard as two words: letter by letter, or divided."""
    return _spelled(bare, terms) or _divided(bare, terms, glossary)


def _divided(bare: str, terms: Sequence[ScreenTerm], glossary: ScreenGlossary) -> str | None:
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
    same_sound = sound_of(term) == sound_of(heard)
    return edits <= _MOST_EDITS_DIVIDED and (same_sound or (edits == 1 and len(term) >= _LONG))
