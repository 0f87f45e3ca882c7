"""How well a word opens a sentence in spoken English, from the words around it."""

from __future__ import annotations

from pipeline.text.english import (
    ARTICLES,
    AUXILIARIES,
    BE,
    CONTRACTED,
    CONTRACTED_POINTERS,
    OPENERS,
    POINTERS,
    PREPOSITIONS,
    QUESTION_WORDS,
    SUBJECTS,
    SUBORDINATORS,
    TAKES_CLAUSE,
    word_set,
)
from pipeline.writing.transcript_edition.punctuation.clause_structure import ClauseStructure

FORBIDDEN = -50.0

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
_LEADS_BEFORE_CLAUSE = word_set("first lastly again next also then second third still maybe")
_AFTER_CONJUNCTION = word_set("the for in if when let on once as basically")
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
# "the thing | we want": what follows these is a relative clause, not a new sentence.
_RELATIVE_HEADS = word_set(
    "one ones thing things way ways time times reason reasons stuff everything anything something"
    " nothing all what whatever whichever everyone someone place kind first last next only moment"
)
_AFTER_HERE_IS = ARTICLES | word_set("another what how where why one some all two three also again")
_BEFORE_ANSWER = word_set("mean that doing this happening here")
_LEADING = word_set("so and but now okay then alright well or also")


class SentenceStarts:
    """Scores for the words of one lecture; above 0: rather a beginning."""

    def __init__(self, clauses: ClauseStructure) -> None:
        self._clauses = clauses
        self._keys = clauses.keys
        self._key = clauses.key
        self._use = clauses.use

    def score(self, at: int) -> float:
        """What speaks for (or against) a sentence that begins with the word ``at``; ``at`` > 0."""
        before, here = self._keys[at - 1], self._keys[at]
        after, third = self._key(at + 1), self._key(at + 2)
        clause = _begins_clause(after, third)
        if here in _NO_START or (here in AUXILIARIES and after not in SUBJECTS | POINTERS):
            return -6.0
        if here == "to":
            return -6.0
        if here in ("okay", "alright"):
            return 5.0
        if here == "so":
            return _so(before, after, third, clause)
        if here == "now":
            return _now(before, after, clause)
        if here == "and":
            return _and(after, third, clause)
        if here == "but":
            return 2.2 if clause or after in _AFTER_CONJUNCTION else 0.8
        if here in QUESTION_WORDS and here != "when":
            return self._question(at)
        if before in _LEADING | {"because"}:
            return FORBIDDEN  # the conjunction is the beginning
        if lead := self._lead(at):
            return lead
        if here == "let's" or (here == "let" and after in ("me", "us")):
            return 2.6
        return self._clause_start(at)

    def _question(self, at: int) -> float:
        before, after = self._keys[at - 1], self._key(at + 1)
        if before in TAKES_CLAUSE | PREPOSITIONS | BE or self._use.wants_object(before):
            return -3.0
        if after in AUXILIARIES:
            return 2.0 if self._keys[at] not in ("who", "which", "where") else 0.0
        return 0.3 if self._keys[at] == "what" and after in OPENERS else -2.0

    def _lead(self, at: int) -> float:
        keys = self._keys
        for phrase in _LEAD_PHRASES:
            if tuple(keys[at : at + len(phrase)]) == phrase:
                following = self._key(at + len(phrase))
                strong = following in OPENERS or phrase[0] in ("keep", "one", "first")
                return 1.6 if strong else 0.3
        if keys[at] in _LEADS and self._key(at + 1) in OPENERS | ARTICLES | SUBORDINATORS:
            return 1.0
        if keys[at] == "well" and (self._key(at + 1) in OPENERS or keys[at - 1] in _BEFORE_ANSWER):
            return 1.5
        if keys[at] in _LEADS_BEFORE_CLAUSE and self._key(at + 1) in OPENERS:
            return 1.2
        if keys[at] in SUBORDINATORS and self._clauses.clause_at(at + 1):
            return 0.3
        return 0.0

    def _clause_start(self, at: int) -> float:
        """A main clause without a conjunction: likelier with a pointer than with a pronoun."""
        before, here, after = self._keys[at - 1], self._keys[at], self._key(at + 1)
        if before in TAKES_CLAUSE | SUBORDINATORS:
            return -3.0
        score = self._pronoun(here, after, self._key(at + 2))
        if before in _RELATIVE_HEADS:
            score -= 2.5
        if here in ("it", "you") and self._use.wants_object(before):
            score -= 3.0
        return score

    def _pronoun(self, here: str, after: str, third: str) -> float:
        if here == "that":
            return -6.0 if after in OPENERS else -1.5
        if here in CONTRACTED_POINTERS:
            return 0.6 if here == "that's" else 1.6
        if here in POINTERS:
            if here == "here":
                if third == "because":
                    return -3.0
                if after in ("is", "are"):  # "here is the code", not "the code here is slow"
                    return 1.5 if third in _AFTER_HERE_IS else -1.5
                return 1.5 if after in OPENERS else -1.0
            return 1.4 if after in _TO_BE else -0.8
        if here in CONTRACTED:
            return 0.7
        if here in SUBJECTS:
            return 0.2 if self._use.is_verb(after) else -2.0
        return -3.4


def _so(before: str, after: str, third: str, clause: bool) -> float:
    if after in _NOT_AFTER_SO or before in _NOT_BEFORE_SO:
        return -4.0
    if third in ("can", "could", "don't") and after in SUBJECTS:
        return 1.2  # "so (that) you can"
    return 3.4 if clause or after in _AFTER_CONJUNCTION else 1.8


def _now(before: str, after: str, clause: bool) -> float:
    if before in _NOT_BEFORE_NOW:
        return -2.0
    if clause or after in PREPOSITIONS | SUBORDINATORS | {"the", "one"}:
        return 4.0
    return 0.5


def _and(after: str, third: str, clause: bool) -> float:
    if after == "so":
        return -6.0 if third in ("on", "forth") else 2.2
    if after == "then":
        return 0.6 if third in OPENERS else 0.0
    if after in ("now", "here", "in", "if", "when", "basically", "as", "for", "of"):
        return 0.9
    return 0.1 if clause else -2.0


def _begins_clause(first: str, second: str) -> bool:
    if first in OPENERS | QUESTION_WORDS:
        return True
    return first in ("now", "then", "basically", "because") or second in BE
