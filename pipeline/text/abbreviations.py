"""Words whose full stop belongs to themselves: "Mr. Bernoulli" is not the end of a sentence.

The lists hold what lecturers say and recognisers or captioners write short.
"""

from __future__ import annotations

import regex

from pipeline.text.english import FUNCTION_WORDS, word_set

# Nothing else, wherever they stand.
_TITLES = word_set("mr mrs ms mx dr messrs prof mme mlle sra srta проф акад")
# Before a name; elsewhere some are words of their own ("one more rep.").
_BEFORE_NAMES = word_set("st rev hon gen col capt lt sgt gov sen rep pres hr fr sr sig")
# Always followed by what they belong to.
_LEADING = word_set(
    "e.g i.e eg ie vs cf viz approx ca resp figs eqs secs incl excl"  # English
    " z.b d.h bzw vgl ggf sog evtl"  # German
    " т.е см напр"  # Russian
)
# Of a number ("Fig. 3", "No. 7"); else a word of their own: "No." is an answer.
_NUMBERED = word_set("fig eq sec ch no nos vol pp p art nr abb kap núm pág рис гл")
# May end a sentence: it does where the next word begins with a capital letter.
_TRAILING = word_set("etc al usw inc ltd co corp jr др т")
_DOTTED = regex.compile(r"(?:\p{L}{1,2}\.)+\p{L}{1,2}")
_CLOSERS = regex.compile(r"^[\p{P}]+")


def is_abbreviation(word: str, following: str | None = None) -> bool:
    """Whether the full stop at the end of ``word`` only shortens it.

    Args:
        word: with the full stop.
        following: the next word; None where there is none: then only a title counts.

    >>> is_abbreviation("Mr.", "Bernoulli"), is_abbreviation("etc.", "and"), is_abbreviation("so.")
    (True, True, False)
    >>> is_abbreviation("No.", "7"), is_abbreviation("No.", "That"), is_abbreviation("J.", "Tukey")
    (True, False, True)
    """
    if not word.endswith("."):
        return False
    letters = _CLOSERS.sub("", word)[:-1]
    bare = letters.lower()
    if following is None:
        return bare in _TITLES
    following = _CLOSERS.sub("", following)
    if bare in _TITLES or bare in _LEADING or (bare in _NUMBERED and following[:1].isdigit()):
        return True
    if bare in _TRAILING:
        return not following[:1].isupper()
    named = following[:1].isupper() and following.lower() not in FUNCTION_WORDS
    if bare in _BEFORE_NAMES:
        return named
    if len(letters) == 1:
        # "J. Tukey", but not "so do I. Then", nor "plan B. So".
        return named and letters.isupper() and letters != "I"
    # "p.m. We" ends one, "U.S. Senate" does not.
    return bool(_DOTTED.fullmatch(letters)) and following.lower() not in FUNCTION_WORDS
