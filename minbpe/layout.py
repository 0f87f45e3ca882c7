"""The text as one array of tokens, in which a pair is replaced everywhere at once.

The distinct pieces lie one after another with a gap between them:

    position   0  1  2  3  4  5  6  7  8        pieces b"the" and b" cat"
    token      .  t  h  e  .  _  c  a  t  .     a dot is a gap: no token starts here

A token keeps the position of its first byte for as long as it lives. When two tokens merge, the
left position takes the new id and the right one becomes a gap. So positions compare like places
in the text, at any time, and a list of positions that was sorted once stays sorted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from minbpe.pairs import Pair

Occurrences = NDArray[np.int32]
"""Positions of a pair's left token, ascending."""

FIRST_MERGE_ID = 256

# Less than any id. A token of two bytes or more also leaves minus its length at its last byte,
# by which the token after it finds where it begins.
_GAP = -1


class Groups(NamedTuple):
    """Pairs that came into being together, told apart by a code."""

    codes: NDArray[np.int64]
    """What tells the pair; ascending. The function that returns the groups says how to read it."""
    counts: NDArray[np.int64]
    """How often each pair stands in the text."""
    bounds: NDArray[np.int64]
    """Group n has the places from bounds[n] to bounds[n + 1]."""
    places: Occurrences


class Layout:
    """Tokens of all distinct pieces, each piece weighted by how often the text has it."""

    def __init__(self, pieces: Mapping[bytes, int], num_merges: int) -> None:
        data = np.frombuffer(b"\0".join((b"", *pieces, b"")), dtype=np.uint8)
        if len(data) > np.iinfo(np.int32).max:
            raise ValueError(f"{len(data)} bytes of distinct text are more than 2 GB")
        lengths = np.fromiter(map(len, pieces), dtype=np.int64, count=len(pieces))
        counts = np.fromiter(pieces.values(), dtype=np.int64, count=len(pieces))
        self._token = data.astype(np.int32)
        self._token[np.concatenate(([0], np.cumsum(lengths + 1)))] = _GAP
        # How often the text has each position; None when once is all, as when it is one piece.
        self._weight = None if counts.max() == 1 else np.repeat(counts, lengths + 1)
        self._length = np.ones(FIRST_MERGE_ID + num_merges, dtype=np.int32)

    def byte_pairs(self) -> Groups:
        """Return every pair of bytes, before any merge; its code is left * 256 + right."""
        code = self._token[:-1].astype(np.int64)
        # A gap on either side makes the code negative, whatever is on the other.
        code <<= 8
        code |= self._token[1:]
        code <<= 32
        code |= np.arange(len(code), dtype=np.int32)
        return self._group(code)

    def count(self, at: Occurrences) -> int:
        """Return how often the text has what stands at the positions `at`."""
        return len(at) if self._weight is None else int(self._weight[at].sum())

    def still_there(self, pair: Pair, at: Occurrences) -> Occurrences:
        """Keep the positions at which `pair` still stands."""
        left, right = pair
        token = self._token
        here = (token[at] == left) & (token[at + self._length[left]] == right)
        kept: Occurrences = at[here]
        return kept

    def replace(self, pair: Pair, at: Occurrences, idx: int) -> Groups:
        """Put `idx` where `pair` stands, left to right without overlap; return the new pairs.

        `at` holds every position of the pair, overlapping ones included. The code of a new pair
        is token * 2 when that token stands before `idx`, token * 2 + 1 when it stands after it.
        """
        a, b = pair
        first = self._length[a]
        length = first + self._length[b]
        if a == b:
            at = _without_overlap(at, int(first))
        end = at + length
        before = self._before(at)
        left, right = self._token[before], self._token[end]
        self._token[at] = idx
        self._token[at + first] = _GAP
        self._token[end - 1] = -length
        self._length[idx] = length
        adjacent = at[1:] == end[:-1]
        if adjacent.any():
            # One new token follows another: their pair counts once, with the left one of them.
            left[1:][adjacent] = _GAP
            right[:-1][adjacent] = idx
        code = np.concatenate((left, right)).astype(np.int64)
        code <<= 1
        code[len(at) :] |= 1
        code <<= 32
        code |= np.concatenate((before, at))
        return self._group(code)

    def _before(self, at: Occurrences) -> Occurrences:
        """Return where the token, or the gap, before each position begins."""
        last = self._token[at - 1]
        return np.where(last < _GAP, at + last, at - 1)

    def _group(self, packed: NDArray[np.int64]) -> Groups:
        """Group positions by code, both packed in one number: code << 32 | position.

        Negative codes are dropped, and `packed` is overwritten.
        """
        # One sort of packed numbers is several times faster than an argsort of the codes.
        packed.sort()
        code = packed[np.searchsorted(packed, 0) :]
        places = code.astype(np.int32)
        code >>= 32
        is_start = np.ones(len(code), dtype=np.bool_)
        np.not_equal(code[1:], code[:-1], out=is_start[1:])
        starts = np.flatnonzero(is_start)
        bounds = np.append(starts, len(places))
        if self._weight is None:
            counts = np.diff(bounds)
        else:
            counts = np.add.reduceat(self._weight[places], starts)
        return Groups(code[starts], counts, bounds, places)


def _without_overlap(at: Occurrences, step: int) -> Occurrences:
    """In every run of positions `step` apart keep the first, the third, the fifth, ..."""
    starts = np.flatnonzero(np.concatenate(([True], np.diff(at) != step)))
    run = np.repeat(starts, np.diff(np.append(starts, len(at))))
    kept: Occurrences = at[(np.arange(len(at)) - run) % 2 == 0]
    return kept
