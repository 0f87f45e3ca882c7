"""Learn merges from text: the training loop that both kinds of tokenizer share.

The lecture's loop counts every pair again after every merge. Here nothing is counted twice. Each
distinct piece is laid out once, in one long array, and a merge touches only the places where its
pair stands and their two neighbours.

Three facts make that exact, ties included:

* A merge of (a, b) into a new token creates only pairs that contain the new token. So the count
  of every other pair can only fall, and its first place in the text can only move to the right.
* A heap entry therefore never promises less than is true. When the best entry is out of date it
  goes back with its true value; when it is up to date it is the winner.
* Identical pieces are always cut in the same way, so the order of first occurrence in the text
  is the order of first occurrence in the array of distinct pieces.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from heapq import heappop, heappush
from typing import NamedTuple

from minbpe.layout import FIRST_MERGE_ID, Layout, Occurrences
from minbpe.pairs import Pair


class Learned(NamedTuple):
    """One merge as training finds it."""

    pair: Pair
    """The two ids that became one."""
    idx: int
    """The new id."""
    frequency: int
    """How often the pair stood in the text, overlapping occurrences included."""


def learn(
    pieces: Iterable[str],
    vocab_size: int,
    verbose: bool = False,
    on_merge: Callable[[Learned], None] | None = None,
) -> dict[Pair, int]:
    """Return the merges that make a vocabulary of `vocab_size` from a text cut into `pieces`.

    Warns when fewer can be had. Raises ValueError when `vocab_size` is below 256.
    """
    if vocab_size < FIRST_MERGE_ID:
        raise ValueError(f"vocab_size is {vocab_size}; the single bytes alone take 256")
    counts = {piece.encode("utf-8"): count for piece, count in Counter(pieces).items()}
    wanted = vocab_size - FIRST_MERGE_ID
    merges: dict[Pair, int] = {}
    for learned in learn_merges(counts, wanted):
        pair, idx, count = learned
        merges[pair] = idx
        if verbose:
            # As the lecture does: someone at a prompt asked to watch.
            print(f"merge {len(merges)}/{wanted}: {pair} -> {idx}, seen {count} times")  # noqa: T201
        if on_merge:
            on_merge(learned)
    if len(merges) < wanted:
        size = FIRST_MERGE_ID + len(merges)
        message = f"no pair is left to merge: the vocabulary has {size} tokens, not {vocab_size}"
        warnings.warn(message, stacklevel=3)
    return merges


def learn_merges(pieces: Mapping[bytes, int], num_merges: int) -> Iterator[Learned]:
    """Yield up to `num_merges` merges, the first learned first.

    `pieces` maps each distinct piece to how often it occurs, in the order in which the pieces
    first occur in the text. Pairs never reach across two pieces. The most frequent pair wins;
    among equal counts, the one whose first occurrence in the current text comes first. Ends
    early, without an error, when no pair is left.

    >>> for pair, idx, count in learn_merges({b"aaabdaaabac": 1}, 3):
    ...     pair, idx, count
    ((97, 97), 256, 4)
    ((256, 97), 257, 2)
    ((257, 98), 258, 2)
    """
    if num_merges <= 0 or not pieces:
        return
    table = PairTable(Layout(pieces, num_merges))
    for idx in range(FIRST_MERGE_ID, FIRST_MERGE_ID + num_merges):
        best = table.pop_best()
        if best is None:
            return
        pair, count, at = best
        table.merge(pair, at, idx)
        yield Learned(pair, idx, count)


class PairTable:
    """How often each pair stands in a layout and where, kept true from merge to merge."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._count: dict[Pair, int] = {}
        self._where: dict[Pair, Occurrences] = {}
        # (-count, first place, pair): the smallest is the best. One entry per pair.
        self._heap: list[tuple[int, int, Pair]] = []
        for left, right, count, at in layout.byte_pairs():
            self._gain((left, right), count, at)

    def pop_best(self) -> tuple[Pair, int, Occurrences] | None:
        """Remove and return the winning pair, its count and its places; None when none is left."""
        while self._heap:
            recorded, first, pair = heappop(self._heap)
            count = self._count[pair]
            if count == -recorded:
                at = self._layout.still_there(pair, self._where[pair])
                if at[0] == first:
                    del self._count[pair], self._where[pair]
                    return pair, count, at
                self._where[pair] = at
                heappush(self._heap, (-count, int(at[0]), pair))
            elif count:
                heappush(self._heap, (-count, first, pair))
            else:
                del self._count[pair], self._where[pair]
        return None

    def merge(self, pair: Pair, at: Occurrences, idx: int) -> None:
        """Replace `pair` by `idx` everywhere and bring the counts up to date."""
        a, b = pair
        change = self._layout.replace(pair, at, idx)
        for token, count, places in change.left:
            self._lose((token, a), count)
            self._gain((token, idx), count, places)
        for token, count, places in change.right:
            self._lose((b, token), count)
            self._gain((idx, token), count, places)
        for count, places in change.between:
            self._lose((b, a), count)
            self._gain((idx, idx), count, places)

    def _lose(self, pair: Pair, count: int) -> None:
        # The pair being merged has left the table already. When its halves are the same token,
        # its overlapping occurrences turn up here as neighbours.
        if pair in self._count:
            self._count[pair] -= count

    def _gain(self, pair: Pair, count: int, at: Occurrences) -> None:
        self._count[pair] = count
        self._where[pair] = at
        heappush(self._heap, (-count, int(at[0]), pair))
