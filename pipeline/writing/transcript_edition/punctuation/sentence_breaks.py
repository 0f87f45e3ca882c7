"""Where sentences begin in spoken English that came without punctuation.

Every gap between two words gets the log odds of a sentence end from the words around it, and,
where times are known, from the pause and the caption line (``break_features``); every sentence
length gets a cost. The breaks are the ones with the best total, found by dynamic programming, so
that one good break is not spent on a sentence of three words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipeline.text.english import (
    ARTICLES,
    AUXILIARIES,
    BE,
    CONTRACTED_POINTERS,
    HANGING,
    POINTERS,
    PREPOSITIONS,
    QUESTION_WORDS,
    SUBJECTS,
    TAKES_CLAUSE,
    word_set,
)
from pipeline.text.spoken_words import SpokenWord
from pipeline.writing.transcript_edition.punctuation.break_features import (
    Heard,
    Timing,
    features,
    line_odds,
    timing_of,
)
from pipeline.writing.transcript_edition.punctuation.break_weights import WEIGHTS
from pipeline.writing.transcript_edition.punctuation.clause_structure import ClauseStructure
from pipeline.writing.transcript_edition.punctuation.end_model import end_model
from pipeline.writing.transcript_edition.punctuation.sentence_starts import (
    FORBIDDEN,
    SentenceStarts,
)

# A bound on the search: with 120 three paragraphs of 20 minutes come out otherwise, with 30 most.
MAX_WORDS = 60
# Set with the weights, on the same halves: half the lectures' sentences have 5 to 30 words.
_SHORT, _LONG = 5, 30
_FLAWS = 0.6
# Below this a place is not worth trying, unless a sentence would get longer than MAX_WORDS.
_HOPELESS = -5.0
# Another person begins to speak: no doubt about it.
_TURN = 50.0
_NO_TAG_AFTER = (
    ARTICLES
    | AUXILIARIES
    | CONTRACTED_POINTERS
    | PREPOSITIONS
    | word_set("all it's not and just bottom top")
)


def breaks(words: Sequence[SpokenWord]) -> list[int]:
    """Indices of the words that begin a sentence, in order; the first is 0 (none for no words)."""
    if not words:
        return []
    clauses = ClauseStructure([word.key for word in words])
    timing = timing_of(words)
    weights = WEIGHTS[timing]
    scores = [0.0]
    for word, found in zip(words[1:], gaps(words, clauses, timing), strict=True):
        measured = sum(weights.get(name, 0.0) * value for name, value in found.items())
        scores.append(_TURN if word.new_speaker else measured)
    scores.append(0.0)
    best = [0.0] + [float("-inf")] * len(words)
    previous = [0] * (len(words) + 1)
    starts = [0]
    for end in range(1, len(words) + 1):
        if end < len(words) and scores[end] < _HOPELESS and end - starts[-1] < MAX_WORDS:
            continue
        while end - starts[0] > MAX_WORDS and len(starts) > 1:
            del starts[0]
        for start in starts:
            flaw = _FLAWS * clauses.flaw(start, end)
            total = best[start] + scores[end] - _length_cost(end - start) - flaw
            if total > best[end]:
                best[end], previous[end] = total, start
        starts.append(end)
    return _chain(previous, len(words))


def gaps(
    words: Sequence[SpokenWord], clauses: ClauseStructure, timing: Timing
) -> Iterator[Mapping[str, float]]:
    """The features of the gaps between ``words``, in order."""
    openings = SentenceStarts(clauses)
    text = end_model().log_odds(clauses.keys)
    lines = line_odds(words, text)
    for at in range(1, len(words)):
        heard = Heard(
            start=openings.score(at),
            ending=ending_score(clauses, at),
            text=text[at - 1],
            lines=lines[at],
        )
        yield features(words, at, heard, timing)


def is_tag(keys: Sequence[str]) -> bool:
    """Whether the last of ``keys`` is a "right?" after a statement, not "on the right"."""
    before = keys[-2] if len(keys) > 1 else "the"
    return keys[-1] == "right" and before not in _NO_TAG_AFTER


def _chain(previous: Sequence[int], end: int) -> list[int]:
    starts = []
    while end > 0:
        end = previous[end]
        starts.append(end)
    return starts[::-1]


def _length_cost(words: int) -> float:
    if words < _SHORT:
        return 0.42 * (_SHORT - words)
    return 0.056 * max(0, words - _LONG)


def ending_score(clauses: ClauseStructure, at: int) -> float:
    """What speaks against a sentence that ends before the word ``at`` (0 or less)."""
    before, here = clauses.keys[at - 1], clauses.keys[at]
    two_before = clauses.keys[at - 2] if at > 1 else ""
    if before in HANGING:
        return FORBIDDEN
    if before in AUXILIARIES:
        return -3.0 if before in BE and two_before in SUBJECTS | POINTERS else -8.0
    if before in PREPOSITIONS:
        return -3.0
    if before in ("first", "second") and two_before in ("so", "and", "then"):
        return FORBIDDEN
    if before == "okay" and here == "so":
        return FORBIDDEN  # "okay, so" opens one sentence
    if before in ("so", "now", "okay", "then", "well") and here not in ("okay", "so"):
        return -4.0
    if before in QUESTION_WORDS | {"that", "this", "these", "those"}:
        return -2.0
    if before in TAKES_CLAUSE:
        return -2.5
    return -1.2 if clauses.use.wants_object(before) else 0.0
