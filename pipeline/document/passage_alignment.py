"""Which spoken word each passage of a section begins with: one alignment, by words.

A passage cites segments of 15 to 60 seconds and retells what was said in them, verbatim or in other
words. Every word of a passage is paired with each place in the cited speech where the same word is
said. A pair weighs more the rarer the word is in the section, and the more of its neighbours are
paired alike. Of all pairs the heaviest chain is taken that runs forward in both texts: this is a
longest increasing subsequence with weights, found in n log n with a Fenwick tree of maxima.

A passage begins with its first word in the chain. Where words of its own stand before that one, it
retells what was said just before, and begins with the sentence, or that many words, earlier: a
link that is a little early is a good link, one that is late is not.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.models import Transcript
from pipeline.text.languages.stop_words import is_content
from pipeline.text.punctuation import sentence_ends
from pipeline.text.stemming import stem
from pipeline.text.words import bare, words

# Neighbours that are looked at on both sides of a pair, and how far apart theirs may stand: words
# that were left out, "uh" and "the the", may stand between.
_NEIGHBOURS, _SLACK = 3, 4
# A word with more places than this in the cited speech is looked up with those that follow it, at
# most so many in all. On a lecture of two hours the chain is the same as without, 20 times as fast.
_OFTEN, _LONGEST_RUN = 6, 4
# A pair this heavy can begin a passage: a word that is said once in the section, or one of four
# said often whose neighbours are paired too. Below, "so" and "the" match anywhere.
_SURE = 0.5
_UNSURE = 0.4  # what a word such as "that" weighs at most where hardly a neighbour is paired
# A silence this long begins a new sentence where there are no full stops (as long as
# ``transcript.segmentation.PAUSE_MS``).
_PAUSE_MS = 350


@dataclass(frozen=True)
class CitedPassage:
    """A passage's plain text, and the places in ``Transcript.words`` that it cites, inclusive."""

    text: str
    first_word: int
    last_word: int


def first_words(passages: Sequence[CitedPassage], said: SpokenKeys) -> list[int | None]:
    """The place in ``Transcript.words`` of the first word that each passage retells, in order.

    Places never run backwards, and each lies within the words that its passage cites, unless an
    earlier passage is already beyond them. None: no word of the passage was surely said there.
    """
    chain = _heaviest_chain(_weighed(list(_pairs(passages, said)), said, passages))
    mine: dict[int, list[_Pair]] = {}
    for pair in chain:
        mine.setdefault(pair.passage, []).append(pair)
    begins: list[int | None] = []
    reached = -1  # the last key that an earlier passage retold
    latest = 0
    for number, passage in enumerate(passages):
        own = mine.get(number, [])
        sure = next((pair for pair in own if pair.weight >= _SURE), None)
        if sure is None:
            begins.append(None)
            continue
        earliest = max(reached + 1, said.first_key[passage.first_word])
        latest = max(said.word[_begin(own, sure, said, earliest)], latest)
        begins.append(latest)
        reached = max(reached, own[-1].said)
    return begins


class _Pair(NamedTuple):
    """A key of a passage (``written`` over the section, ``within`` the passage) and where it was
    said; both count keys, of which a spoken word may have several."""

    passage: int
    written: int
    within: int
    said: int
    weight: float


class SpokenKeys:
    """The spoken words as one stream of keys, with their words, and where sentences begin."""

    def __init__(self, transcript: Transcript) -> None:
        self.keys: list[str] = []
        self.word: list[int] = []
        self.content: list[bool] = []
        self.start_ms: list[int] = []
        self.first_key: list[int] = []
        self.starts: list[int] = []
        before = None
        for at, word in enumerate(transcript.words):
            self.first_key.append(len(self.keys))
            fresh = before is None or sentence_ends(before.text, word.text, transcript.language)
            if fresh or (before and word.start_ms - before.end_ms >= _PAUSE_MS):
                self.starts.append(len(self.keys))
            found = keys_of(word.text)
            self.keys += found
            self.word += [at] * len(found)
            self.start_ms += [word.start_ms] * len(found)
            self.content += [is_content(bare(word.text))] * len(found)
            before = word
        self.first_key.append(len(self.keys))

    def sentence_start(self, at: int) -> int:
        """The start of the sentence in which the key ``at`` stands."""
        return self.starts[bisect_right(self.starts, at) - 1]


def keys_of(text: str) -> list[str]:
    """The words of ``text`` in the form under which they are compared.

    >>> keys_of("Merging GPT-2's pairs"), keys_of("分词 BPE")
    (['merg', 'gpt', '2', 'pair'], ['分', '词', 'bpe'])
    """
    return [stem(word) for word in words(text)]


def _cited(passage: CitedPassage, said: SpokenKeys) -> range:
    return range(said.first_key[passage.first_word], said.first_key[passage.last_word + 1])


def _pairs(passages: Sequence[CitedPassage], said: SpokenKeys) -> Iterator[_Pair]:
    """Each key of a passage with the places where it was said.

    A key that was said often is looked up together with those that follow it, so that "the" does
    not pair with every other "the": alone it would weigh next to nothing.
    """
    written = 0
    for number, passage in enumerate(passages):
        places: dict[tuple[str, ...], list[int]] = {}
        cited = _cited(passage, said)
        for at in cited:
            for length in range(1, _LONGEST_RUN + 1):
                if at + length <= cited.stop:
                    places.setdefault(tuple(said.keys[at : at + length]), []).append(at)
        keys = keys_of(passage.text)
        for within in range(len(keys)):
            for length in range(1, _LONGEST_RUN + 1):
                found = places.get(tuple(keys[within : within + length]), [])
                if len(found) <= _OFTEN:
                    break
            for at in found:
                yield _Pair(number, written, within, at, 0.0)
            written += 1


def _weighed(
    pairs: Sequence[_Pair], said: SpokenKeys, passages: Sequence[CitedPassage]
) -> list[_Pair]:
    """The pairs with their weights: rarity, times one and the number of paired neighbours."""
    often = Counter(said.keys[at] for at in {at for one in passages for at in _cited(one, said)})
    here: dict[int, list[int]] = {}
    for pair in pairs:
        here.setdefault(pair.written, []).append(pair.said)
    weighed = []
    for pair in pairs:
        support = sum(
            _near(here.get(pair.written + step, ()), pair.said, step)
            for step in range(-_NEIGHBOURS, _NEIGHBOURS + 1)
            if step
        )
        weight = (1 + support) / often[said.keys[pair.said]]
        if support < 2 and not said.content[pair.said]:
            weight = min(weight, _UNSURE)
        # Four words in a row are no accident, however often each of them is said.
        if support >= _NEIGHBOURS:
            weight = max(weight, _SURE)
        weighed.append(pair._replace(weight=weight))
    return weighed


def _near(places: Sequence[int], said: int, step: int) -> bool:
    """Whether one of ``places`` (in order) lies on the side of ``step``, about as far."""
    low, high = (said + 1, said + step + _SLACK) if step > 0 else (said + step - _SLACK, said - 1)
    at = bisect_left(places, low)
    return at < len(places) and places[at] <= high


def _heaviest_chain(pairs: Sequence[_Pair]) -> list[_Pair]:
    """Of ``pairs``, in the order of the text, the heaviest that run forward in both texts."""
    if not pairs:
        return []
    places = sorted({pair.said for pair in pairs})
    rank = {place: at for at, place in enumerate(places, start=1)}
    best: list[tuple[float, int]] = [(0.0, -1)] * (len(places) + 1)  # Fenwick tree: weight, pair
    total = [0.0] * len(pairs)
    before = [-1] * len(pairs)
    # Pairs of one written word exclude each other: the later place first, so that none follows
    # another of them.
    order = sorted(range(len(pairs)), key=lambda at: (pairs[at].written, -pairs[at].said))
    for at in order:
        place = rank[pairs[at].said] - 1  # strictly before
        found = (0.0, -1)
        while place > 0:
            found = max(found, best[place])
            place -= place & -place
        total[at], before[at] = found[0] + pairs[at].weight, found[1]
        place = rank[pairs[at].said]
        while place < len(best):
            best[place] = max(best[place], (total[at], at))
            place += place & -place
    at = max(range(len(pairs)), key=lambda one: total[one])
    chain = []
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]


def _begin(mine: Sequence[_Pair], sure: _Pair, said: SpokenKeys, earliest: int) -> int:
    """The key that a passage begins with, given its pairs and the first one that is sure."""
    first = sure
    for pair in reversed([one for one in mine if one.said < sure.said]):
        # Unsure pairs before it count while they follow each other closely.
        if first.said - pair.said > first.written - pair.written + _SLACK:
            break
        first = pair
    following = next((one for one in mine if one.said > first.said), None)
    if first.within == 0 and following and following.written - first.written <= 2:
        return first.said  # in the speaker's own words from the first on
    start = max(said.sentence_start(first.said), earliest)
    # A sentence of a minute is no help: not further back than twice the words that retell it.
    return min(first.said, max(start, first.said - 2 * first.within - _SLACK))
