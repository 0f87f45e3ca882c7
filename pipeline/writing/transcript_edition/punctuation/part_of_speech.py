"""Is a word a verb or a noun? Told from the words around it in the lecture itself.

No dictionary is needed: what stands after "to", "we" or "can" is mostly a verb, what stands after
"the" or "of" mostly a noun, and a lecture repeats its words often enough to count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.text.english import (
    ARTICLES,
    AUXILIARIES,
    CONTRACTED,
    CONTRACTED_POINTERS,
    FUNCTION_WORDS,
    SUBJECTS,
    word_set,
)

_BEFORE_VERB = SUBJECTS | word_set(
    "to can will would could should might may don't doesn't didn't can't won't let's gonna we'll"
    " you'll i'll i'd they'll it'll just then please not who"
)
_BEFORE_NOUN = ARTICLES | word_set("of these those two three four many some more into in with")
_VERBS = word_set(
    "see go get take make want need use have do know think say call look find give let try run put"
    " show come keep start add create build train encode decode tell mean means goes gets takes"
    " makes wants needs uses knows thinks says calls looks finds gives tries runs puts shows comes"
    " keeps starts adds creates builds seems seem work works happen happens become becomes became"
    " saw went got took made wanted needed used knew thought said called looked found gave let's"
    " tried ran shown came kept started added created built worked happened turns turn gonna"
    " going means expect want wanna understand understood remember notice recall"
)


class PartsOfSpeech:
    """Counts over one lecture.

    Args:
        keys: its words in lower case (see ``Spoken.key``).
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._verb: Counter[str] = Counter()
        self._noun: Counter[str] = Counter()
        self._head: Counter[str] = Counter()
        for at in range(1, len(keys)):
            before, key = keys[at - 1], keys[at]
            two_before = keys[at - 2] if at > 1 else ""
            after = keys[at + 1] if at + 1 < len(keys) else "and"
            if key in FUNCTION_WORDS:
                continue
            if before in _BEFORE_VERB:
                self._verb[key] += 1
            elif before in _BEFORE_NOUN or (
                two_before in _BEFORE_NOUN and before not in FUNCTION_WORDS
            ):
                self._noun[key] += 1
            if before not in _BEFORE_VERB and after in FUNCTION_WORDS and after not in ARTICLES:
                self._head[key] += before not in SUBJECTS

    def is_verb(self, key: str) -> bool:
        """Whether ``key`` may carry a clause: a finite verb, auxiliary or contraction with one."""
        if key in AUXILIARIES | CONTRACTED | CONTRACTED_POINTERS or key in _VERBS:
            return True
        if key in FUNCTION_WORDS:
            return False
        return self._verb[key] > 2 * self._noun[key] or (
            key.endswith("ed") and self._noun[key] == 0
        )

    def is_noun(self, key: str) -> bool:
        """Whether ``key`` is used as a noun that ends its phrase, more than as a verb."""
        return self._noun[key] > self._verb[key] and 2 * self._head[key] > self._noun[key]

    def wants_object(self, key: str) -> bool:
        """Whether ``key`` is a verb in a form that an object follows ("brush it off")."""
        if key in AUXILIARIES or key.endswith("'s"):
            return False
        if key.endswith("ing") and key not in ("thing", "string", "something", "everything"):
            return self._noun[key] <= self._verb[key] + 1 or key == "using"
        return key in _VERBS or self._verb[key] > self._noun[key]
