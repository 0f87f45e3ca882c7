"""The two steps of byte pair encoding, as plainly as they can be said.

Training and encoding in this package use faster forms of them with the same results. These two
are for reading, and for trying things out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

Pair = tuple[int, int]
"""Two neighbouring ids, left and right."""


def get_stats(ids: Iterable[int], counts: dict[Pair, int] | None = None) -> dict[Pair, int]:
    """Count every pair of neighbours in `ids`; overlapping ones count too.

    The result is in the order in which the pairs first occur. With `counts`, its numbers are
    added to and the same dict is returned, so that several lists can be counted together.

    >>> get_stats([1, 2, 3, 1, 2])
    {(1, 2): 2, (2, 3): 1, (3, 1): 1}
    >>> get_stats([7, 7, 7])
    {(7, 7): 2}
    >>> get_stats([5])
    {}
    """
    counts = {} if counts is None else counts
    for pair in pairwise(ids):
        counts[pair] = counts.get(pair, 0) + 1
    return counts


def merge(ids: Sequence[int], pair: Pair, idx: int) -> list[int]:
    """Return `ids` with every `pair` replaced by `idx`, left to right, without overlap.

    >>> merge([5, 6, 6, 7, 9, 1], (6, 7), 99)
    [5, 6, 99, 9, 1]
    >>> merge([7, 7, 7], (7, 7), 99)
    [99, 7]
    """
    merged: list[int] = []
    at = 0
    while at < len(ids):
        if tuple(ids[at : at + 2]) == pair:
            merged.append(idx)
            at += 2
        else:
            merged.append(ids[at])
            at += 1
    return merged
