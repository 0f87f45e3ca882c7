"""Where sentences begin in spoken English that came without punctuation.

Every gap between two words gets a score from the words around it, the pause and the hesitation
there; every sentence length gets a cost. The breaks are the ones with the best total, found by
dynamic programming, so that one good break is not spent on a sentence of three words. The numbers
were set by hand while reading lectures; they are preferences, not measurements.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.article.english import (
    AUXILIARIES,
    BE,
    CONTRACTED,
    CONTRACTED_POINTERS,
    HANGING,
    OPENERS,
    POINTERS,
    PREPOSITIONS,
    QUESTION_WORDS,
    SUBJECTS,
    SUBORDINATORS,
    TAKES_CLAUSE,
    word_set,
)
from pipeline.article.spoken import Spoken

MAX_WORDS = 60
_FORBIDDEN = -50.0

# Words after which "so" or "now" is no new beginning ("or so", "right now").
_NOT_BEFORE_SO = word_set("or not do is are be it's and but why even if just think or ever")
_NOT_AFTER_SO = word_set("on far much many forth called long that")
_NOT_BEFORE_NOW = word_set(
    "right for until by is are we i you just even from have and but so that's it's here until"
    " can they up was"
)
_LEADS = word_set(
    "basically unfortunately luckily fortunately finally moreover remember recall notice roughly"
    " imagine suppose instead essentially eventually interestingly similarly otherwise therefore"
    " however anyway hopefully meanwhile secondly thirdly usually typically obviously"
)
_LEAD_PHRASES = (
    ("for", "example"),
    ("for", "instance"),
    ("for", "now"),
    ("in", "particular"),
    ("in", "addition"),
    ("in", "this", "case"),
    ("in", "other", "words"),
    ("in", "fact"),
    ("as", "an", "example"),
    ("as", "i", "mentioned"),
    ("as", "you", "can"),
    ("first", "of", "all"),
    ("by", "the", "way"),
    ("keep", "in", "mind"),
    ("of", "course"),
    ("one", "thing"),
    ("the", "first", "thing"),
    ("the", "next", "thing"),
    ("the", "reason"),
    ("the", "other"),
    ("before", "we"),
    ("at", "this", "point"),
    ("on", "the", "other", "hand"),
    ("on", "the", "left"),
    ("on", "the", "right"),
)
_NO_START = word_set(
    "of than been being too itself themselves etc either myself was were has had am which"
    " would could should may might"
)
_TO_BE = word_set("is are was were am has have had can will would could do does did")


def breaks(words: Sequence[Spoken]) -> list[int]:
    """Indices of the words that begin a sentence, in order; the first is 0 (none for no words)."""
    if not words:
        return []
    keys = [word.key for word in words]
    scores = [0.0] + [_score(words, keys, index) for index in range(1, len(words))] + [0.0]
    best = [0.0] + [float("-inf")] * len(words)
    previous = [0] * (len(words) + 1)
    for end in range(1, len(words) + 1):
        for start in range(max(0, end - MAX_WORDS), end):
            total = best[start] + scores[end] - _length_cost(end - start)
            if total > best[end]:
                best[end], previous[end] = total, start
    starts = []
    position = len(words)
    while position > 0:
        position = previous[position]
        starts.append(position)
    return starts[::-1]


def _length_cost(words: int) -> float:
    if words < 4:
        return 3.2
    if words < 7:
        return 1.4
    if words <= 20:
        return 0.6
    return 0.6 + 0.11 * (words - 20) + (0.25 * (words - 38) if words > 38 else 0.0)


def _score(words: Sequence[Spoken], keys: list[str], at: int) -> float:
    """How good a sentence start the word ``at`` is; above 0: rather yes."""
    before, here = keys[at - 1], keys[at]
    after = keys[at + 1] if at + 1 < len(keys) else ""
    word = words[at]
    score = _opening(keys, at)
    score += _silence(word.pause_ms)
    if word.hesitation:
        score += 0.8
    if before == "etc":
        score += 0.6
    if before == "right" and here in {"so", "and", "but", "now", "okay", "because"}:
        score += 1.0
    if before == here and after in BE and here not in HANGING:
        return score + 3.0  # "... what is fim | fim is short for ..."
    return score + _ending(keys, at)


def _silence(pause_ms: int) -> float:
    if pause_ms >= 1500:
        return 3.5
    if pause_ms >= 700:
        return 2.0
    return 0.8 if pause_ms >= 350 else 0.0


def _ending(keys: list[str], at: int) -> float:
    """What speaks against a sentence that ends before the word ``at`` (0 or less)."""
    before = keys[at - 1]
    two_before = keys[at - 2] if at > 1 else ""
    if before in HANGING:
        return _FORBIDDEN
    if before in BE or before in AUXILIARIES:
        return -3.0 if two_before in SUBJECTS | POINTERS else -8.0
    if before in PREPOSITIONS:
        return -3.0
    if before in {"so", "now", "okay", "then", "well"} and keys[at] not in {"okay", "so"}:
        return -4.0
    if before in QUESTION_WORDS | {"that", "this", "these", "those"}:
        return -1.5
    if before in {"it", "you", "them", "us", "me"}:
        return -0.3
    if before in TAKES_CLAUSE:
        return -2.5
    return 0.0


def _opening(keys: list[str], at: int) -> float:
    """What speaks for (or against) a sentence that begins with the word ``at``."""
    before, here = keys[at - 1], keys[at]
    after = keys[at + 1] if at + 1 < len(keys) else ""
    third = keys[at + 2] if at + 2 < len(keys) else ""
    clause = _begins_clause(after, third)
    if here in _NO_START:
        return -6.0
    if here in {"okay", "alright"}:
        return 5.0
    if here == "so":
        return _so(before, after, clause)
    if here == "now":
        if before in _NOT_BEFORE_NOW:
            return -2.0
        return 4.0 if clause or after in PREPOSITIONS | SUBORDINATORS | {"the", "one"} else 0.5
    if here == "and":
        return _and(keys, at, after, third, clause)
    if here == "but":
        return 2.4 if clause or after in {"the", "for", "if", "when", "in", "basically"} else 0.8
    if here in QUESTION_WORDS:
        return _question(before, after)
    if before in {"and", "but", "so", "now", "okay", "then", "because"}:
        return _FORBIDDEN  # the conjunction is the beginning
    lead = _leads(keys, at)
    if lead:
        return lead
    if here in {"let's", "let"} and (here == "let's" or after == "me"):
        return 2.6
    return _clause_start(before, here, after)


def _so(before: str, after: str, clause: bool) -> float:
    if after in _NOT_AFTER_SO or before in _NOT_BEFORE_SO:
        return -4.0
    return 3.6 if clause or after in {"the", "for", "in", "if", "when", "let", "on"} else 1.8


def _and(keys: list[str], at: int, after: str, third: str, clause: bool) -> float:
    if after == "so":
        return -6.0 if third in {"on", "forth"} else 2.8
    if after == "then":
        return 1.6
    if after in {"now", "here", "in", "if", "when", "basically", "as", "for", "of"}:
        return 1.2
    if clause:
        return 1.5
    return -1.5


def _question(before: str, after: str) -> float:
    if after not in AUXILIARIES or before in TAKES_CLAUSE or before in PREPOSITIONS:
        return -2.0
    return 0.4 if before in BE else 2.0


def _leads(keys: list[str], at: int) -> float:
    for phrase in _LEAD_PHRASES:
        if tuple(keys[at : at + len(phrase)]) == phrase:
            following = keys[at + len(phrase)] if at + len(phrase) < len(keys) else ""
            return 1.4 if following in OPENERS or phrase[0] in {"keep", "one", "first"} else 0.3
    if keys[at] in _LEADS:
        return 1.0
    if keys[at] in SUBORDINATORS and keys[at + 1 : at + 2] and keys[at + 1] in SUBJECTS | POINTERS:
        return 0.5
    return 0.0


def _clause_start(before: str, here: str, after: str) -> float:
    """A main clause without a conjunction: likelier with a pointer than with a pronoun."""
    if before in TAKES_CLAUSE or before in SUBORDINATORS:
        return -3.0
    if here in CONTRACTED_POINTERS:
        return 1.6
    if here in POINTERS:
        return 1.6 if after in _TO_BE or (here == "here" and after in OPENERS) else -0.5
    if here in CONTRACTED:
        return 0.9
    if here in SUBJECTS:
        return 0.4 if after in _TO_BE or here in {"it", "i", "we"} else 0.1
    return -1.2


def _begins_clause(first: str, second: str) -> bool:
    if first in OPENERS | QUESTION_WORDS:
        return True
    return first in {"now", "then", "basically", "because"} or second in BE
