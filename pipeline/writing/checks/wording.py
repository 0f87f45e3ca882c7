"""House rules that a program can check: filler words, persons, boilerplate."""

from __future__ import annotations

import re

from pipeline.text.units import word_count
from pipeline.text.words import occurrences

_PERSONS = (
    "i i'm i've i'll i'd me my mine we we're we've we'll we'd us our ours let's you you're you've "
    "you'll you'd your yours"
)
PERSONS = frozenset(_PERSONS.split())
_FILLER = (
    r"crucial(?:ly)?",
    r"delv(?:e|es|ed|ing)",
    r"in (?:summary|conclusion|essence)",
    r"to (?:summarize|conclude|wrap up)",
    r"it(?:'s| is) (?:important|worth|crucial) (?:to note|noting|mentioning)",
    r"plays? an? (?:vital|key|pivotal|significant) role",
    r"div(?:e|es|ing) (?:deep(?:er)? )?into",
    r"in this (?:section|chapter|part),? (?:we|i|you)",
    r"let(?:'s| us) explore",
    r"landscape",
    r"realms?",
    r"leverag(?:e|es|ed|ing)",
    r"seamless(?:ly)?",
    r"pivotal",
    r"intricac(?:y|ies)",
    r"powerful tool",
    r"tapestry",
    r"(?:fascinating|groundbreaking) (?:world|journey)",
    r"as an ai(?: language)? model",
)
_FILLERS = re.compile(rf"\b(?:{'|'.join(_FILLER)})\b", re.IGNORECASE)
_REPORT = re.compile(
    r"\b(?:the (?:speaker|lecturer|instructor|presenter|narrator|author of the video)|"
    r"in (?:this|the) (?:video|lecture|talk|transcript))\b",
    re.IGNORECASE,
)


def fillers(text: str, source: str = "") -> list[str]:
    """The filler phrases in ``text`` that the lecturer did not use, in order.

    >>> fillers("It is important to note that we delve into it.", "we delve in")
    ['It is important to note']
    """
    said = {found.group().lower() for found in _FILLERS.finditer(source)}
    return [found.group() for found in _FILLERS.finditer(text) if found.group().lower() not in said]


def reports(text: str, source: str = "") -> list[str]:
    """Phrases that speak about the lecture from outside, unless the lecturer does so too."""
    said = source.lower()
    return [found.group() for found in _REPORT.finditer(text) if found.group().lower() not in said]


def persons_per_hundred(text: str) -> float:
    """How often I, we and you occur in a hundred words; 0 for no text."""
    return 100 * occurrences(text, PERSONS) / max(1, word_count(text))
