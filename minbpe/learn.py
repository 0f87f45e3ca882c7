"""Learn merges from text: the training loop that both kinds of tokenizer share.

The lecture's loop counts every pair again after every merge. Here every distinct piece is laid out
once (`layout`), and a merge touches only the places where its pair stands and their two neighbours
(`pairtable`). Identical pieces are always cut in the same way, so the order of first occurrence in
the text is the order of first occurrence in the distinct pieces.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from minbpe.layout import FIRST_MERGE_ID, Layout
from minbpe.pairs import Pair
from minbpe.pairtable import PairTable


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

    Warns when the text yields fewer. Raises ValueError when `vocab_size` is below 256.
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
        table.merge(best, idx)
        yield Learned(best.pair, idx, best.frequency)
