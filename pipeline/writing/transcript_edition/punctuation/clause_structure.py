"""Is a run of words a whole sentence? Told from its verbs and the clauses that begin in it."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.text.english import (
    CONTRACTED,
    CONTRACTED_POINTERS,
    OPENERS,
    POINTERS,
    SUBJECTS,
    SUBORDINATORS,
    word_set,
)
from pipeline.writing.transcript_edition.punctuation.part_of_speech import PartsOfSpeech

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
    ("here",),
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
_GREETINGS = word_set(
    "hi hello welcome okay alright thanks thank bye yes yeah no exactly right cool"
)


class ClauseStructure:
    """What is counted once over the words of a lecture.

    Args:
        keys: the words in lower case (see ``Spoken.key``).
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self.keys = keys
        self.use = PartsOfSpeech(keys)
        # Each counts or marks what stands before the word of that index.
        self._verbs = [0]
        self._groups = [0]
        self._last_subordinator = [-1]
        self._markers = [-1]
        for at, key in enumerate(keys):
            verb = self.use.is_verb(key)
            self._verbs.append(self._verbs[-1] + verb)
            self._groups.append(self._groups[-1] + (verb and self._opens_group(at)))
            last = at if self._subordinates(at) else self._last_subordinator[-1]
            self._last_subordinator.append(last)
            mark = key in ("now", "then", "because") or (key == "that" and not verb)
            mark = (
                mark
                and (at == 0 or keys[at - 1] != "and")
                and not self.use.is_verb(self.key(at + 1))
            )
            self._markers.append(at if mark else self._markers[-1])
        self._late_leads = [
            2.0 if _ends_in_lead(keys, end) else 0.0 for end in range(len(keys) + 1)
        ]

    def flaw(self, start: int, end: int) -> float:
        """What speaks against the words from ``start`` to ``end`` as one sentence."""
        keys = self.keys
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

    def key(self, at: int) -> str:
        """The word at ``at``, "" after the last one."""
        return self.keys[at] if at < len(self.keys) else ""

    def clause_at(self, at: int) -> bool:
        """Whether a clause with a subject of its own begins here ("we see", "that's")."""
        key, after = self.key(at), self.key(at + 1)
        if key in CONTRACTED | CONTRACTED_POINTERS or key == "let's":
            return True
        return key in SUBJECTS | POINTERS and self.use.is_verb(after)

    def _opens_group(self, at: int) -> bool:
        """Whether a verb at ``at`` is the first of its clause: no infinitive, no "have seen"."""
        before = self.keys[at - 1] if at else ""
        two_before = self.keys[at - 2] if at > 1 else ""
        if before in _BEFORE_INFINITIVE or self.use.is_verb(before):
            return before in CONTRACTED_POINTERS
        return not (before in _ADVERBS and self.use.is_verb(two_before))

    def _subordinates(self, at: int) -> bool:
        """Whether a clause that cannot stand alone begins at ``at``."""
        key, after = self.keys[at], self.key(at + 1)
        if key == "that":
            return at > 0 and after in OPENERS | SUBORDINATORS | {"the", "a"}
        if key == "because":
            return after != "of"
        if key == "what":
            return after in SUBJECTS or after in CONTRACTED
        return key in _STRICT_SUBORDINATORS or (
            key in ("as", "before", "after") and self.clause_at(at + 1)
        )


def _ends_in_lead(keys: Sequence[str], end: int) -> bool:
    return any(
        tuple(keys[max(0, end - len(lead)) : end]) == lead
        and keys[max(0, end - len(lead) - 1)] in ("and", "but", "so", "then", "arbitrary")
        for lead in _LATE_LEADS
    )
