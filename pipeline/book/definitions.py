"""Sentences that say what a term means, and such that give a thing its name, by their phrases.

"A token is a unit of text" defines; "this is called byte pair encoding" names. What only mentions a
term ("so the first token is the space") does neither.
"""

from __future__ import annotations

from dataclasses import dataclass

import regex

from pipeline.text.languages.codes import base_language

_ASIDE = r"(?:\s*\([^()]{1,60}\))?"  # "byte pair encoding (BPE) is ..."
_MARK = "[\"“”„«‘'「]?"


@dataclass(frozen=True)
class _Phrases:
    """``opens``: all that may stand before the term in "So a token is a ..."; ``says``: what
    follows it there; ``names``: what stands right before a term that is being named; ``goes_on``:
    what may follow that."""

    opens: regex.Pattern[str]
    says: regex.Pattern[str]
    names: regex.Pattern[str]
    goes_on: regex.Pattern[str]


def _phrases(starts: str, articles: str, says: str, names: str, joins: str) -> _Phrases:
    article = rf"(?:(?:{articles})\s+)?" if articles else ""
    return _Phrases(
        regex.compile(rf"^(?:(?:{starts}),?\s*)*{article}{_MARK}$"),
        regex.compile(rf"^[\"”“»’'」]?{_ASIDE},?\s*(?:{says})"),
        regex.compile(rf"(?:{names})\s*{article}{_MARK}$"),
        regex.compile(rf"^[\"”“»’'」]?\s*(?:$|[.,;:()。，、]|(?:{joins}))"),
    )


_LANGUAGES = {
    "en": _phrases(
        r"\b(?:so|and|but|now|well|okay|ok|then|basically|remember that|recall that)\b",
        "an?|the",
        r"(?:is|are)\s+(?:(?:basically|just|simply|essentially|really|nothing but)\s+)*"
        r"(?:an?|the|one of|any|when|where|how)\b"
        r"|(?:means?|refers? to|stands? for|consists? of|denotes?)\b",
        r"\b(?:called|named|termed|known as|referr?(?:ed)? to as|we call (?:it|this|these|that))",
        r"(?:and|or|which|that|where|because|so|in|for)\b",
    ),
    "de": _phrases(
        r"\b(?:also|und|aber|nun|dabei)\b",
        "eine?|der|die|das",
        r"(?:ist|sind)\s+(?:(?:einfach|eigentlich|nichts anderes als)\s+)?"
        r"(?:eine?r?s?|der|die|das)\b|(?:bedeutet|heißt|bezeichnet|steht für|besteht aus)\b",
        r"\b(?:nennt man|nennen wir|sogenannten?|genannt|bezeichnet als)",
        r"(?:und|oder|die|der|das|weil|in|für)\b",
    ),
    "fr": _phrases(
        r"\b(?:donc|et|mais|alors|or)\b",
        "une?|les?|la",
        r"(?:est|sont)\s+(?:(?:simplement|en fait)\s+)?(?:une?|les?|la|des)\b"
        r"|(?:signifie|désigne|consiste|représente)\b",
        r"\b(?:appelée?s?|nommée?s?|qu'on appelle|on appelle|s'appelle)",
        r"(?:et|ou|qui|que|où|dans|pour)\b",
    ),
    "es": _phrases(
        r"\b(?:entonces|y|pero|ahora|pues)\b",
        "una?|el|la|los|las",
        r"(?:es|son)\s+(?:(?:simplemente|básicamente)\s+)?(?:una?|el|la|los|las)\b"
        r"|(?:significa|se refiere|consiste|representa)\b",
        r"\b(?:llamad[oa]s?|se llama|denominad[oa]s?|conocid[oa]s? como)",
        r"(?:y|o|que|donde|porque|en|para)\b",
    ),
    "zh": _phrases(
        "那么|所以|但是|所谓的?|所謂的?",
        "",
        r"就?是(?:一|指)|指的?是|的?意思是|表示",
        r"叫做?|称为|稱為",
        r"的|，",
    ),
    "ja": _phrases("つまり|そして|いわゆる", "", r"とは|というのは", r"いわゆる", r"と呼"),
}


def has_phrases(language: str) -> bool:
    """Whether definitions can be told from other sentences in that language (a BCP 47 tag)."""
    return base_language(language) in _LANGUAGES


def defines(sentence: str, start: int, end: int, language: str) -> bool:
    """Whether the sentence says what the term at ``start`` to ``end`` means.

    >>> defines("So a token is a unit of text.", 5, 10, "en")
    True
    >>> defines("The first token is the space.", 10, 15, "en")
    False
    """
    phrases = _LANGUAGES.get(base_language(language) or "")
    return phrases is not None and _stands_between(
        phrases.opens, phrases.says, sentence[:start], sentence[end:]
    )


def names(sentence: str, start: int, end: int, language: str) -> bool:
    """Whether the sentence gives something the name that stands at ``start`` to ``end``.

    >>> names("This is called a byte encoder.", 17, 29, "en")
    True
    >>> names("This is called a byte encoder.", 17, 21, "en")
    False
    """
    phrases = _LANGUAGES.get(base_language(language) or "")
    return phrases is not None and _stands_between(
        phrases.names, phrases.goes_on, sentence[:start], sentence[end:]
    )


def _stands_between(
    opens: regex.Pattern[str], ends: regex.Pattern[str], before: str, behind: str
) -> bool:
    return bool(opens.search(before.casefold()) and ends.search(behind.casefold()))
