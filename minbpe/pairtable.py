"""The pairs of a text, best first, kept true from merge to merge.

Two facts make it exact, ties included, without counting anything twice:

* A merge of (a, b) into a new token creates only pairs that contain the new token. So the count
  of every other pair can only fall, and its first place in the text can only move to the right.
* What the heap promises for a pair is therefore never less than the truth. When the best entry
  is out of date it goes back with its true value; when it is up to date it is the winner.

Most pairs are never near the top. They wait in compact arrays, in the queue of the merge that
created them, and only the head of each queue is in the heap.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count as serial_numbers
from typing import NamedTuple

import numpy as np

from minbpe.layout import Groups, Layout, Occurrences
from minbpe.pairs import Pair


class Best(NamedTuple):
    """The pair to merge next."""

    pair: Pair
    frequency: int
    """How often it stands in the text, overlapping occurrences included."""
    places: Occurrences
    """All of them, ascending."""


class PairTable:
    """How often each pair stands in a layout, and where."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        # Of the pairs that have left their queue. The count is exact; some places may be gone.
        self._count: dict[Pair, int] = {}
        self._places: dict[Pair, Occurrences] = {}
        # (-count, first place, serial number, what it is about): the smallest is the best.
        self._heap: list[tuple[int, int, int, Pair | _Queue]] = []
        self._serial = serial_numbers()
        self._push_head(_Queue(layout.byte_pairs(), lambda code: divmod(code, 256)))

    def pop_best(self) -> Best | None:
        """Remove and return the most frequent pair, the first in the text among equals.

        None when no pair is left.
        """
        while self._heap:
            promised, first, _, item = heappop(self._heap)
            if isinstance(item, _Queue):
                self._leave_queue(item)
            elif self._count[item] != -promised:
                self._push(item, first)
            else:
                at = self._layout.still_there(item, self._places[item])
                if at[0] == first:
                    del self._places[item]
                    return Best(item, self._count.pop(item), at)
                self._places[item] = at
                self._push(item, int(at[0]))
        return None

    def merge(self, best: Best, idx: int) -> None:
        """Replace a pair by `idx` everywhere and bring the counts up to date."""
        (a, b), _, places = best
        groups = self._layout.replace(best.pair, places, idx)
        for code, count in zip(groups.codes.tolist(), groups.counts.tolist(), strict=True):
            token, after = divmod(code, 2)
            # Where the neighbour is a new token itself, it was `a` a moment ago.
            self._lose((b, a if token == idx else token) if after else (token, a), count)
        queue = _Queue(groups, lambda code: (idx, code >> 1) if code & 1 else (code >> 1, idx))
        self._push_head(queue)

    def _lose(self, pair: Pair, count: int) -> None:
        # A pair that is still in its queue will be counted when it leaves it.
        if pair in self._count:
            self._count[pair] -= count

    def _push(self, pair: Pair, first: int) -> None:
        if count := self._count[pair]:
            heappush(self._heap, (-count, first, next(self._serial), pair))
        else:
            del self._count[pair], self._places[pair]

    def _push_head(self, queue: _Queue) -> None:
        if queue.head:
            heappush(self._heap, (*queue.head, next(self._serial), queue))

    def _leave_queue(self, queue: _Queue) -> None:
        pair, places = queue.pop()
        self._push_head(queue)
        at = self._layout.still_there(pair, places)
        if len(at):
            self._count[pair] = self._layout.count(at)
            self._places[pair] = at
            self._push(pair, int(at[0]))


class _Queue:
    """Pairs that one merge created, best first as they were then."""

    def __init__(self, groups: Groups, pair_of: Callable[[int], Pair]) -> None:
        starts, stops = groups.bounds[:-1], groups.bounds[1:]
        first = groups.places[starts]
        columns = (-groups.counts, first, groups.codes, starts, stops)
        # Waiting pairs are most of the memory of a long training: half of it, where that will do.
        narrow = groups.counts.max(initial=0) <= np.iinfo(np.int32).max
        rows = np.stack(
            columns, axis=1, dtype=np.int32 if narrow else np.int64, casting="same_kind"
        )
        self._rows = rows[np.lexsort((first, -groups.counts))]
        self._places = groups.places
        self._pair_of = pair_of
        self._at = 0
        self.head = self._peek()
        """(-count, first place) of the next pair; None when the queue is empty."""

    def pop(self) -> tuple[Pair, Occurrences]:
        """Remove the head; return its pair, and the places it had when it was created."""
        _, _, code, start, stop = self._rows[self._at].tolist()
        self._at += 1
        self.head = self._peek()
        return self._pair_of(code), self._places[start:stop]

    def _peek(self) -> tuple[int, int] | None:
        if self._at == len(self._rows):
            return None
        count, first = self._rows[self._at, :2].tolist()
        return count, first
