"""The text as one array of tokens, in which a pair is replaced everywhere at once.

The distinct pieces lie one after another with a gap between them:

    position   0  1  2  3  4  5  6  7  8        pieces b"the" and b" cat"
    token      .  t  h  e  .  _  c  a  t  .     a dot is a gap: no token starts here

A token keeps the position of its first byte for as long as it lives. When two tokens merge, the
left position takes the new id and the right one becomes a gap. So positions compare like places
in the text, at any time, and a list of positions that was sorted once stays sorted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Occurrences = NDArray[np.int32]
"""Positions of a pair's left token, ascending."""

FIRST_MERGE_ID = 256
_GAP = -1


class Change(NamedTuple):
    """What one replacement did to the neighbours of the new token."""

    left: list[tuple[int, int, Occurrences]]
    """(token on the left, how often, positions of that token); that token was not merged."""
    right: list[tuple[int, int, Occurrences]]
    """(token on the right, how often, positions of the new token); likewise."""
    between: list[tuple[int, Occurrences]]
    """(how often, positions) where one new token follows another; one entry or none."""


class Layout:
    """Tokens of all distinct pieces, each piece weighted by how often the text has it."""

    def __init__(self, pieces: Mapping[bytes, int], num_merges: int) -> None:
        data = np.frombuffer(b"\0".join((b"", *pieces, b"")), dtype=np.uint8)
        lengths = np.fromiter((len(piece) for piece in pieces), dtype=np.int64, count=len(pieces))
        counts = np.fromiter(pieces.values(), dtype=np.int64, count=len(pieces))
        self._token = data.astype(np.int32)
        gaps = np.concatenate(([0], np.cumsum(lengths + 1)))
        self._token[gaps] = _GAP
        # The smallest type that holds the counts: one byte for text that is a single piece.
        smallest = counts.astype(np.min_scalar_type(int(counts.max())))
        self._weight: NDArray[np.integer] = np.append(
            np.repeat(smallest, lengths + 1), smallest[:1]
        )
        # _begin[p] is the first position of the token whose last byte is at p.
        self._begin = np.arange(len(data), dtype=np.int32)
        self._length = np.ones(FIRST_MERGE_ID + num_merges, dtype=np.int32)

    def byte_pairs(self) -> Iterator[tuple[int, int, int, Occurrences]]:
        """Yield (left, right, count, positions) for every pair of bytes, before any merge."""
        both = (self._token[:-1] != _GAP) & (self._token[1:] != _GAP)
        at = np.flatnonzero(both).astype(np.int32)
        code = self._token[at] * 256 + self._token[at + 1]
        for pair, count, places in _group(code, at, self._weight):
            yield pair >> 8, pair & 255, count, places

    def still_there(self, pair: tuple[int, int], at: Occurrences) -> Occurrences:
        """Keep the positions at which `pair` still stands."""
        token = self._token
        follows = token[at + self._length[pair[0]]] == pair[1]
        kept: Occurrences = at[(token[at] == pair[0]) & follows]
        return kept

    def replace(self, pair: tuple[int, int], at: Occurrences, idx: int) -> Change:
        """Put `idx` where `pair` stands, left to right without overlap, and tell the neighbours.

        `at` holds every position of the pair, overlapping ones included.
        """
        a, b = pair
        first, length = self._length[a], self._length[a] + self._length[b]
        if a == b:
            at = _without_overlap(at, int(first))
        end = at + length
        before = self._begin[at - 1]
        adjacent = at[1:] == end[:-1]
        left, right = self._token[before], self._token[end]
        self._token[at] = idx
        self._token[at + first] = _GAP
        self._begin[end - 1] = at
        self._length[idx] = length
        between = []
        if adjacent.any():
            left[1:][adjacent] = _GAP
            right[:-1][adjacent] = _GAP
            pairs = at[:-1][adjacent]
            between = [(int(self._weight[pairs].sum(dtype=np.int64)), pairs)]
        return Change(
            _neighbours(left, before, self._weight), _neighbours(right, at, self._weight), between
        )


def _without_overlap(at: Occurrences, step: int) -> Occurrences:
    """In every run of positions `step` apart keep the first, the third, the fifth, ..."""
    index = np.arange(len(at))
    starts = np.flatnonzero(np.concatenate(([True], np.diff(at) != step)))
    run = np.repeat(starts, np.diff(np.append(starts, len(at))))
    kept: Occurrences = at[(index - run) % 2 == 0]
    return kept


def _neighbours(
    token: NDArray[np.int32], at: Occurrences, weight: NDArray[np.integer]
) -> list[tuple[int, int, Occurrences]]:
    inside = token != _GAP
    return list(_group(token[inside], at[inside], weight))


def _group(
    key: NDArray[np.int32], at: Occurrences, weight: NDArray[np.integer]
) -> Iterator[tuple[int, int, Occurrences]]:
    """Yield (key, sum of weights, its positions in the order given) for each distinct key."""
    if not len(key):
        return
    # One sort of (key, place) packed in 64 bits is several times faster than a stable argsort.
    packed = (key.astype(np.int64) << 32) | at
    packed.sort()
    places = packed.astype(np.int32)
    packed >>= 32
    starts = np.flatnonzero(np.concatenate(([True], packed[1:] != packed[:-1])))
    sums = np.add.reduceat(weight[places], starts, dtype=np.int64)
    bounds = [*starts.tolist(), len(places)]
    for n, (value, total) in enumerate(zip(packed[starts].tolist(), sums.tolist(), strict=True)):
        yield value, total, places[bounds[n] : bounds[n + 1]]
