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

from minbpe.pairs import Pair

Occurrences = NDArray[np.int32]
"""Positions of a pair's left token, ascending."""

FIRST_MERGE_ID = 256

# Less than any id. A token of two bytes or more also leaves minus its length at its last byte,
# by which the token after it finds where it begins.
_GAP = -1

_BLOCK = 1 << 18
"""Positions sorted at a time."""


class Groups(NamedTuple):
    """Pairs that came into being together, told apart by a code."""

    codes: NDArray[np.integer]
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
        """Return every pair of bytes, before any merge; its code is left * 256 + right.

        A counting sort, block by block: each block stays in the processor's cache, and only the
        result is as long as the text.
        """
        sizes = np.zeros(1 << 16, dtype=np.int64)
        for code, _ in self._blocks():
            sizes += np.bincount(code, minlength=len(sizes))
        free = np.cumsum(sizes) - sizes
        places = np.empty(int(sizes.sum()), dtype=np.int32)
        for code, at in self._blocks():
            order = code.argsort(kind="stable")
            in_block = np.bincount(code, minlength=len(sizes))
            shift = free - (np.cumsum(in_block) - in_block)
            places[np.arange(len(code)) + shift[code[order]]] = at[order]
            free += in_block
        codes = np.flatnonzero(sizes)
        return self._groups(codes, np.append((free - sizes)[codes], len(places)), places)

    def _blocks(self) -> Iterator[tuple[NDArray[np.uint16], Occurrences]]:
        """Yield the codes and the positions of the pairs of bytes, a stretch of text at a time."""
        for start in range(0, len(self._token) - 1, _BLOCK):
            token = self._token[start : start + _BLOCK + 1]
            code = (token[:-1] << 8) | token[1:]
            # A gap on either side makes the code negative, whatever is on the other.
            at = np.flatnonzero(code >= 0)
            yield code[at].astype(np.uint16), (at + start).astype(np.int32)

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
        code = np.concatenate((left, right)) << 1
        code[len(at) :] |= 1
        places = np.concatenate((before, at))
        inside = code >= 0
        code, places = code[inside], places[inside]
        order = _stable_order(code)
        code = code[order]
        is_start = np.ones(len(code), dtype=np.bool_)
        np.not_equal(code[1:], code[:-1], out=is_start[1:])
        starts = np.flatnonzero(is_start)
        return self._groups(code[starts], np.append(starts, len(code)), places[order])

    def _before(self, at: Occurrences) -> Occurrences:
        """Return where the token, or the gap, before each position begins."""
        last = self._token[at - 1]
        return np.where(last < _GAP, at + last, at - 1)

    def _groups(
        self, codes: NDArray[np.integer], bounds: NDArray[np.int64], places: Occurrences
    ) -> Groups:
        if self._weight is None:
            counts = bounds[1:] - bounds[:-1]
        else:
            counts = np.add.reduceat(self._weight[places], bounds[:-1])
        return Groups(codes, counts, bounds, places)


def _stable_order(code: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the order that sorts `code`, equal ones as they were.

    numpy sorts 16 bits by radix, in time that does not grow faster than their number.
    """
    order = code.astype(np.uint16).argsort(kind="stable")
    if code.max(initial=0) >> 16:
        order = order[(code >> 16).astype(np.uint16)[order].argsort(kind="stable")]
    return order


def _without_overlap(at: Occurrences, step: int) -> Occurrences:
    """In every run of positions `step` apart keep the first, the third, the fifth, ..."""
    starts = np.flatnonzero(np.concatenate(([True], np.diff(at) != step)))
    run = np.repeat(starts, np.diff(np.append(starts, len(at))))
    kept: Occurrences = at[(np.arange(len(at)) - run) % 2 == 0]
    return kept
