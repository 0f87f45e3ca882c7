"""What the screen has in the place of a word that was heard: the same sound, other letters.

Conservative, because a wrong correction is worse than a wrong letter: see ``corrections``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.models import Word
from pipeline.transcript.phonetics import (
    SAME_STEM,
    common_prefix,
    distance,
    is_subsequence,
    lacks_one_sound,
    sound_alike,
    sound_of,
)
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
# Of what sounds alike: "FS buuz" has 0.5 of "FizzBuzz", "broot" 0.4 of BERT.
_ALIKE_IN_SOUND = 0.5
_SHORT = 3  # letters: so few sound like much ("sck", "pld", "sys")
# Letters by which words of the same sound may differ: 23 in a million of those pairs do in so many,
# 46 in any number ("phobos", "fibs").
_MOST_EDITS = 3
# Of a term heard as two words, both of the language: of 3 million pairs of everyday words one in a
# hundred sounds like some rarer word (of 73,000) with so few edits, so that one certain term is met
# by chance once in 6 million pairs.
_MOST_EDITS_DIVIDED = 2
_MANY_SOUNDS = 5  # with one more edit so many sounds are met by chance half as often again
# Of the particles of verbs that are written as one in a noun (walkthrough, rollout), the rarest has
# the place 1,345: forward.
_PARTICLE = 1_400
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
    beside: Sequence[str] = (),
) -> str | None:
    """What the screen has in the place of one or two words, punctuation kept, or None.

    Args:
        beside: the words before and after them, as they were heard. A single word beside an odd one
            is left as it is: both may be parts of one name.
    """
    match = _SPOKEN.match(" ".join(word.text for word in phrase))
    assert match is not None  # the pattern matches everything
    before, bare, after = match.groups()
    if not bare:
        return None
    kept = glossary.keeps(bare.lower())
    if kept and len(phrase) == 1 and not _is_malformed(bare):
        return None
    if bare[0].isdigit() and len(phrase) == 1:
        found = _number(bare, numbers, glossary)
    elif len(phrase) == 1:
        found = _word(bare, terms, glossary)
        if found and any(glossary.is_odd(bare_word(word)) for word in beside):
            return None
    elif _has_function_word(bare, glossary):
        return None
    else:  # a recogniser that does not know a name divides it each time it is said
        terms = [term for term in terms if term.written] if kept else terms
        found = _spelled(bare, terms, glossary) or _divided(bare, terms, glossary)
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
        return _spelled(bare, terms, glossary)
    if glossary.is_english(heard) or glossary.is_derived(heard):
        return None
    fitting = [term for term in terms if _is_said_as(heard, term, glossary)]
    return _only(fitting)


def _only(fitting: Sequence[ScreenTerm]) -> str | None:
    """The term, where there is one: a single sure one, or else a single one."""
    chosen = [term for term in fitting if term.sure] or fitting
    return chosen[0].text if len(chosen) == 1 else None


def _is_said_as(heard: str, term: ScreenTerm, glossary: ScreenGlossary) -> bool:
    """Whether one odd word, in lower case, is a mishearing of the term, and no form of it."""
    shown = term.text.lower()
    if _are_forms(heard, shown) or glossary.is_heard_right(shown):
        return False
    edits = distance(heard, shown)
    alike = 1 - edits / max(len(heard), len(shown))
    stem = common_prefix(heard, shown) / min(len(heard), len(shown))
    if sound_alike(heard, shown):
        if len(heard) <= _SHORT or alike < _ALIKE_IN_SOUND or edits > _MOST_EDITS:
            return False
        # Of a word of the language it may be another form: "mergy" of merge.
        form = glossary.is_english(shown) and stem >= SAME_STEM and heard[-1] != shown[-1]
        return not form and not glossary.has_nearer(heard, shown)
    near = term.sure and alike >= _ALIKE and stem < SAME_STEM
    return near and lacks_one_sound(heard, shown)


def _are_forms(heard: str, shown: str) -> bool:
    """Whether one begins or ends the other ("unconfigured"), or is its British or American
    spelling."""
    short, long = sorted((heard, shown), key=len)
    if long.startswith(short) or long.endswith(short):
        return True
    return heard.replace("or", "our") == shown.replace("or", "our")


def _spelled(bare: str, terms: Sequence[ScreenTerm], glossary: ScreenGlossary) -> str | None:
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
        if term.sure
        and (len(parts) > 1 or not glossary.is_english(term.text.lower()))
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
    parts = bare.lower().split()
    return any(glossary.frequency.get(part, _FUNCTION_WORD) < _FUNCTION_WORD for part in parts)


def _divided(bare: str, terms: Sequence[ScreenTerm], glossary: ScreenGlossary) -> str | None:
    """The term that was heard as two words, ``tick token`` for tiktoken.

    Where only the space differs nothing is changed, save by a name that a person wrote: text
    recognition loses spaces.
    """
    parts = bare.lower().split()
    heard = "".join(parts)
    if not heard.isalpha() or any(len(part) == 1 for part in parts):
        return None
    odd = any(glossary.is_odd(part) for part in parts)
    fitting = []
    for term in terms:
        shown = term.text.lower()
        if not term.sure or glossary.is_english(shown) or glossary.is_heard_right(shown):
            continue
        if any(part.startswith(shown) for part in parts):
            continue
        fits = _is_joined(parts, term, glossary) or _is_divided(heard, term, odd)
        if fits:
            fitting.append(term)
    return _only(fitting)


def _is_joined(parts: Sequence[str], term: ScreenTerm, glossary: ScreenGlossary) -> bool:
    """Whether two words are a name that a person wrote as one, and no verb with its particle (we
    "walk through" it)."""
    if not term.written or term.text.lower() != "".join(parts):
        return False
    return all(glossary.frequency.get(part, _PARTICLE) >= _PARTICLE for part in parts)


def _is_divided(heard: str, term: ScreenTerm, odd: bool) -> bool:
    """Whether two words, joined, are a mishearing of the term; ``odd``: one of them is no word."""
    shown = term.text.lower()
    if _are_forms(heard, shown):
        return False
    if not (odd or term.written or term.text.islower()):
        return False
    longest = max(len(heard), len(shown))
    if abs(len(heard) - len(shown)) > (1 - _ALIKE_IN_SOUND) * longest:
        return False  # no need to count
    edits = distance(heard, shown)
    alike = 1 - edits / longest
    if odd:
        same_sound = sound_alike(shown, heard) and alike >= _ALIKE_IN_SOUND
        return same_sound or (alike >= _ALIKE and len(shown) >= _LONG)
    most = _MOST_EDITS_DIVIDED + (len(sound_of(shown)) >= _MANY_SOUNDS)
    same_sound = edits <= most and sound_alike(shown, heard)
    return same_sound or (edits == 1 and len(shown) >= _LONG)
