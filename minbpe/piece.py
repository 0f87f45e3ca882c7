"""Encode one piece: apply the merges to its bytes, the earliest merge first.

Two ways with the same result. A short piece is scanned for its best pair again and again, which
is quadratic and, up to some length, the quickest thing Python can do. A long piece keeps its
pairs in a heap and its tokens in a linked list: n log n, however long and however repetitive.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from itertools import pairwise

from minbpe.pairs import Pair

SHORT_PIECE = 100
"""Tokens up to which scanning is faster than the heap (measured on ordinary text)."""

NO_MERGE = (1 << 30) - 1
"""Stands for "these two do not merge": above any id, and still an int of the quickest size."""


class MergeTable(dict[Pair, int]):
    """What each pair of ids merges into; a pair that is not in it gives NO_MERGE.

    >>> MergeTable({(97, 97): 256})[97, 98] == NO_MERGE
    True
    """

    def __missing__(self, pair: Pair) -> int:
        return NO_MERGE


def apply_merges(ids: list[int], merges: MergeTable) -> list[int]:
    """Return `ids` with all merges applied, the lowest new id first, and left to right.

    >>> apply_merges([97, 97, 97, 98], MergeTable({(97, 97): 256, (256, 97): 257}))
    [257, 98]
    >>> apply_merges([], MergeTable())
    []
    """
    if len(ids) <= SHORT_PIECE:
        return _scan(list(ids), merges)
    return _Chain(ids, merges).merged()


def _scan(ids: list[int], merges: MergeTable) -> list[int]:
    ranks = list(map(merges.__getitem__, pairwise(ids)))
    while ranks:
        best = min(ranks)
        if best == NO_MERGE:
            break
        at = ranks.index(best)
        ids[at] = best
        del ids[at + 1], ranks[at]
        if at:
            ranks[at - 1] = merges[ids[at - 1], best]
        if at < len(ranks):
            ranks[at] = merges[best, ids[at + 1]]
    return ids


class _Chain:
    """The tokens of a long piece as a doubly linked list, and a heap of the pairs that merge.

    A heap entry is one number, new id * size + position of the left token: the smallest is the
    earliest merge, and within it the leftmost place. An entry whose pair is gone is passed over.
    """

    def __init__(self, ids: list[int], merges: MergeTable) -> None:
        self._ids = list(ids)
        self._merges = merges
        self._size = size = len(ids)
        # Position -1 and position `size` share the last slot, the end of the list on both sides.
        self._next = [*range(1, size + 1), 0]
        self._previous = [size, *range(size)]
        ranks = map(merges.__getitem__, pairwise(ids))
        self._heap = [rank * size + at for at, rank in enumerate(ranks) if rank != NO_MERGE]
        heapify(self._heap)

    def merged(self) -> list[int]:
        """Empty the heap and return the tokens that are left."""
        ids, following, previous, size = self._ids, self._next, self._previous, self._size
        while self._heap:
            rank, at = divmod(heappop(self._heap), size)
            right = following[at]
            # A dead token has id -1, which no pair contains.
            if right == size or self._merges[ids[at], ids[right]] != rank:
                continue
            after = following[right]
            ids[at], ids[right] = rank, -1
            following[at], previous[after] = after, at
            if after != size:
                self._push(at, after)
            if previous[at] != size:
                self._push(previous[at], at)
        return [token for token in ids if token != -1]

    def _push(self, left: int, right: int) -> None:
        rank = self._merges[self._ids[left], self._ids[right]]
        if rank != NO_MERGE:
            heappush(self._heap, rank * self._size + left)
