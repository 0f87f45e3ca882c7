"""What is written short with a full stop in each language, and where a number with one is a place.

The lists hold what lecturers say and recognisers or captioners write short. What is a word of its
own elsewhere ("es." ends a sentence in Spanish and means "for example" in Italian) counts in its
language alone.

Sources: CLDR's suppressions for sentence breaks, and the spelling guides of each language.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pipeline.text.english import word_set
from pipeline.text.languages.codes import base_language

# Abbreviations and nothing else, wherever they stand.
TITLES = word_set(
    "mr mrs ms mx dr messrs prof mme mlle sra srta dott ing inż mgr doc проф акад δρ डॉ प्रो"
)
# Before a name; elsewhere some are words of their own ("one more rep.").
BEFORE_NAMES = word_set(
    "st rev hon gen col capt lt sgt gov sen rep pres hr fr sr sig ul ул г р оз κ"
)
# Always followed by what they belong to.
LEADING = word_set(
    "e.g i.e eg ie vs cf viz approx ca resp figs eqs secs incl excl"  # English
    " z.b d.h u.a bzw vgl ggf sog evtl bsp inkl exkl"  # German
    " т.е т.к т.н см напр тзв"  # Russian, Ukrainian
    " np tzn tzw tj m.in"  # Polish
    " např tzv tzn resp mj"  # Czech, Slovak
    " π.χ δηλ λ.χ"  # Greek
    " p.ej p.ex ej"  # Spanish, Portuguese
    " bijv d.w.z t.ex bl.a f.eks dvs esim"  # Dutch, of the North
    " örn"  # Turkish
)
# Of a number ("Fig. 3", "No. 7"); else a word of their own: "No." is an answer.
NUMBERED = word_set(
    "fig eq sec ch no nos nr vol pp p art abb kap abs núm pág pag рис гл стр rys rozdz εικ σελ str"
    " obr çiz sz"
)
# May end a sentence: it does where the next word begins with a capital letter.
TRAILING = word_set(
    "etc al usw inc ltd co corp jr др т т.д т.п ін itd itp ecc atd apod κ.λπ κ.ά enz osv o.s.v jne"
    " stb vb"
)
# Of one language alone.
_LEADING_IN: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "it": word_set("es"),
        "hu": word_set("pl kb ill"),
        "pt": word_set("ex"),
        "ar": word_set("د أ م"),
        "fa": word_set("د"),
    }
)
# Turkish "vs." is "etc.".
_NOT_LEADING_IN: Mapping[str, frozenset[str]] = MappingProxyType({"tr": word_set("vs")})
# Where nouns have capitals, and a number with a full stop is the first, the second ...: elsewhere
# the small letter of the next word tells.
_ORDINAL_BEFORE_CAPITALS = word_set("de lb")


def leads(word: str, language: str | None) -> bool:
    """Whether ``word`` (small letters, without its full stop) is always followed by more.

    >>> leads("bzw", None), leads("es", "it"), leads("es", "es"), leads("vs", "tr")
    (True, True, False, False)
    """
    code = base_language(language) or ""
    if word in _LEADING_IN.get(code, ()):
        return True
    return word in LEADING and word not in _NOT_LEADING_IN.get(code, ())


def has_ordinals_before_capitals(language: str | None) -> bool:
    """Whether "3. Mai" is one phrase, and "Mai" has its capital as every noun has.

    >>> has_ordinals_before_capitals("de-AT"), has_ordinals_before_capitals("cs")
    (True, False)
    """
    return base_language(language) in _ORDINAL_BEFORE_CAPITALS
