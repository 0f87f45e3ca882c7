"""Where sentences begin in spoken English that came without punctuation.

Every gap between two words gets a score from the words around it, the pause and the hesitation
there; every sentence length gets a cost. The breaks are the ones with the best total, found by
dynamic programming, so that one good break is not spent on a sentence of three words. The numbers
were set by hand while reading lectures; they are preferences, not measurements.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.article.english import (
    ARTICLES,
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
from pipeline.article.word_use import WordUse

MAX_WORDS = 60
_FORBIDDEN = -50.0
# Below this a place is not worth trying, unless a sentence would get longer than MAX_WORDS.
_HOPELESS = -5.0

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
_STRICT_SUBORDINATORS = word_set("if when once while whenever unless until although")
# A subordinate clause after these comes first: its main clause has to follow.
_BEFORE_LEADING_CLAUSE = word_set(
    "so and but now okay that because basically example then or is case again what here well"
    " actually"
)
_BEFORE_INFINITIVE = word_set("to will can could would should may might gonna don't doesn't can't")
_ADVERBS = word_set("not also just actually basically only now then really still never always")
# What begins a sentence rather than ends one.
_LATE_LEADS = (
    ("again",),
    ("sometimes",),
    ("basically",),
    ("roughly", "speaking"),
    ("in", "this", "case"),
    ("to", "a", "large", "extent"),
    ("for", "example"),
    ("in", "particular"),
    ("because", "of", "that"),
    ("as", "a", "result"),
    ("as", "an", "example"),
)
_BEFORE_ANSWER = word_set("mean that doing this happening here")
_GREETINGS = word_set(
    "hi hello welcome okay alright thanks thank bye yes yeah no exactly right cool"
)
_LEADING = word_set("so and but now okay then alright well or also")


def breaks(words: Sequence[Spoken]) -> list[int]:
    """Indices of the words that begin a sentence, in order; the first is 0 (none for no words)."""
    if not words:
        return []
    text = _Text(words)
    scores = [0.0, *(text.score(at) for at in range(1, len(words))), 0.0]
    best = [0.0] + [float("-inf")] * len(words)
    previous = [0] * (len(words) + 1)
    starts = [0]
    for end in range(1, len(words) + 1):
        if end < len(words) and scores[end] < _HOPELESS and end - starts[-1] < MAX_WORDS:
            continue
        while end - starts[0] > MAX_WORDS and len(starts) > 1:
            del starts[0]
        for start in starts:
            total = best[start] + scores[end] - _length_cost(end - start) - text.flaw(start, end)
            if total > best[end]:
                best[end], previous[end] = total, start
        starts.append(end)
    return _chain(previous, len(words))


def _chain(previous: Sequence[int], end: int) -> list[int]:
    starts = []
    while end > 0:
        end = previous[end]
        starts.append(end)
    return starts[::-1]


def _length_cost(words: int) -> float:
    if words < 4:
        return 3.2
    if words < 7:
        return 1.4
    if words <= 22:
        return 0.6
    return 0.6 + 0.10 * (words - 22) + (0.25 * (words - 40) if words > 40 else 0.0)


class _Text:
    """The words of a lecture, and what is counted over them once."""

    def __init__(self, words: Sequence[Spoken]) -> None:
        self._words = words
        self._keys = [word.key for word in words]
        self._use = WordUse(self._keys)
        # Each counts or marks what stands before the word of that index.
        self._verbs = [0]
        self._groups = [0]
        self._last_subordinator = [-1]
        self._markers = [-1]
        for at, key in enumerate(self._keys):
            verb = self._use.is_verb(key)
            self._verbs.append(self._verbs[-1] + verb)
            self._groups.append(self._groups[-1] + (verb and self._opens_group(at)))
            last = at if self._subordinates(at) else self._last_subordinator[-1]
            self._last_subordinator.append(last)
            mark = key in ("now", "then", "because") or (key == "that" and not verb)
            mark = mark and not self._use.is_verb(self._key(at + 1))
            self._markers.append(at if mark else self._markers[-1])
        self._late_leads = [
            2.0 if _ends_in_lead(self._keys, end) else 0.0 for end in range(len(self._keys) + 1)
        ]

    def flaw(self, start: int, end: int) -> float:
        """What speaks against the words from ``start`` to ``end`` as one sentence."""
        keys = self._keys
        if self._verbs[end] == self._verbs[start]:
            short = end - start <= 4 and keys[start] in _GREETINGS
            return -2.0 if short else 3.0
        flaw = self._late_leads[end]
        opener = self._last_subordinator[end]
        if opener >= start:
            groups = self._groups[end] - self._groups[opener]
            leads = opener == start or keys[opener - 1] in _BEFORE_LEADING_CLAUSE
            if groups < (2 if leads else 1):
                flaw += 3.0
            elif leads and end < len(keys) and keys[end] == "then":
                flaw += 3.0  # "if ... | then ..."
        elif self._markers[end] > start and self._groups[end] == self._groups[self._markers[end]]:
            flaw += 2.0  # "... for sure now notice that re.compile | here is a little"
        return flaw

    def score(self, at: int) -> float:
        """How good a sentence start the word ``at`` is; above 0: rather yes."""
        keys = self._keys
        before, here, after = keys[at - 1], keys[at], self._key(at + 1)
        ending = self._ending(at)
        if ending <= _FORBIDDEN:
            return ending
        score = self._opening(at) + ending + _silence(self._words[at].pause_ms)
        if self._words[at].hesitation:
            score += 0.8
        if before == "etc":
            score += 0.6
        if (
            before == "right"
            and is_tag(keys[max(0, at - 3) : at])
            and here in ("so", "and", "but", "now", "okay", "because")
        ):
            score += 1.0
        if before == here and after in BE and here not in HANGING:
            return score + 4.0  # "... what is fim | fim is short for ..."
        return score

    def _key(self, at: int) -> str:
        return self._keys[at] if at < len(self._keys) else ""

    def _clause_at(self, at: int) -> bool:
        """Whether a clause with a subject of its own begins here ("we see", "that's")."""
        key, after = self._keys[at], self._key(at + 1)
        if key in CONTRACTED | CONTRACTED_POINTERS or key == "let's":
            return True
        return key in SUBJECTS | POINTERS and self._use.is_verb(after)

    def _opens_group(self, at: int) -> bool:
        """Whether a verb at ``at`` is the first of its clause: no infinitive, no "have seen"."""
        before = self._keys[at - 1] if at else ""
        two_before = self._keys[at - 2] if at > 1 else ""
        if before in _BEFORE_INFINITIVE or self._use.is_verb(before):
            return before in CONTRACTED_POINTERS
        return not (before in _ADVERBS and self._use.is_verb(two_before))

    def _subordinates(self, at: int) -> bool:
        """Whether a clause that cannot stand alone begins at ``at``."""
        key, after = self._keys[at], self._key(at + 1)
        if key == "that":
            return at > 0 and after in OPENERS | SUBORDINATORS | {"the", "a"}
        if key == "because":
            return after != "of"
        return key in _STRICT_SUBORDINATORS or (
            key in ("as", "before", "after") and self._clause_at_next(at)
        )

    def _ending(self, at: int) -> float:
        """What speaks against a sentence that ends before the word ``at`` (0 or less)."""
        before, here = self._keys[at - 1], self._keys[at]
        two_before = self._keys[at - 2] if at > 1 else ""
        if before in HANGING:
            return _FORBIDDEN
        if before in AUXILIARIES:
            return -3.0 if two_before in SUBJECTS | POINTERS else -8.0
        if before in PREPOSITIONS:
            return -3.0
        if before in ("first", "second") and two_before in ("so", "and", "then"):
            return _FORBIDDEN
        if before == "okay" and here == "so":
            return _FORBIDDEN  # "okay, so" opens one sentence
        if before in ("so", "now", "okay", "then", "well") and here not in ("okay", "so"):
            return -4.0
        if before in QUESTION_WORDS | {"that", "this", "these", "those"}:
            return -2.0
        if before in TAKES_CLAUSE:
            return -2.5
        return -1.2 if self._use.wants_object(before) else 0.0

    def _opening(self, at: int) -> float:
        """What speaks for (or against) a sentence that begins with the word ``at``."""
        before, here = self._keys[at - 1], self._keys[at]
        after, third = self._key(at + 1), self._key(at + 2)
        clause = _begins_clause(after, third)
        if here in _NO_START or (here in AUXILIARIES and after not in SUBJECTS | POINTERS):
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
            return _FORBIDDEN  # the conjunction is the beginning
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
        if keys[at] in SUBORDINATORS and self._clause_at_next(at):
            return 0.3
        return 0.0

    def _clause_at_next(self, at: int) -> bool:
        return at + 1 < len(self._keys) and self._clause_at(at + 1)

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
            return -3.0 if after in OPENERS else -1.5
        if here in CONTRACTED_POINTERS:
            return 0.6 if here == "that's" else 1.6
        if here in POINTERS:
            if here == "here":
                if third == "because":
                    return -3.0
                return 1.5 if after in OPENERS | {"is", "are"} else -1.0
            return 1.4 if after in _TO_BE else -0.8
        if here in CONTRACTED:
            return 0.7
        if here in SUBJECTS:
            return 0.2 if self._use.is_verb(after) else -2.0
        return -2.6


def is_tag(keys: Sequence[str]) -> bool:
    """Whether the last of ``keys`` is a "right?" after a statement, not "on the right"."""
    before = keys[-2] if len(keys) > 1 else "the"
    return keys[-1] == "right" and before not in ARTICLES | AUXILIARIES | CONTRACTED_POINTERS | {
        "all",
        "it's",
        "not",
        "and",
        "just",
        "bottom",
        "top",
        "from",
        "to",
    }


def _ends_in_lead(keys: Sequence[str], end: int) -> bool:
    return any(
        tuple(keys[max(0, end - len(lead)) : end]) == lead
        and keys[max(0, end - len(lead) - 1)] in ("and", "but", "so", "then", "arbitrary")
        for lead in _LATE_LEADS
    )


def _silence(pause_ms: int) -> float:
    if pause_ms >= 1500:
        return 3.5
    if pause_ms >= 700:
        return 2.0
    return 0.8 if pause_ms >= 350 else 0.0


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
