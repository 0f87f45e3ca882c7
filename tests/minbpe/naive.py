"""Byte pair encoding as slowly and obviously as possible: what the package is measured against.

Nothing is shared with the package and nothing is clever: every step goes over the whole text.
"""

from __future__ import annotations

Pair = tuple[int, int]


def pairs_in_text_order(pieces: list[list[int]]) -> list[Pair]:
    """Every pair of neighbours, overlapping ones included, from the first piece to the last."""
    return [(piece[at], piece[at + 1]) for piece in pieces for at in range(len(piece) - 1)]


def replace(piece: list[int], pair: Pair, idx: int) -> list[int]:
    """Replace `pair` by `idx` from left to right."""
    for at in range(len(piece) - 1):
        if (piece[at], piece[at + 1]) == pair:
            return [*piece[:at], idx, *replace(piece[at + 2 :], pair, idx)]
    return piece


def train(pieces: list[str], num_merges: int) -> dict[Pair, int]:
    """Merge the most frequent pair, the first to occur among equals, `num_merges` times."""
    texts = [list(piece.encode()) for piece in pieces]
    merges: dict[Pair, int] = {}
    for idx in range(256, 256 + num_merges):
        pairs = pairs_in_text_order(texts)
        if not pairs:
            break
        highest = max(pairs.count(pair) for pair in set(pairs))
        winner = next(pair for pair in pairs if pairs.count(pair) == highest)
        merges[winner] = idx
        texts = [replace(text, winner, idx) for text in texts]
    return merges


def encode(pieces: list[str], merges: dict[Pair, int]) -> list[int]:
    """Apply the merges one after another, in the order in which they were learned."""
    texts = [list(piece.encode()) for piece in pieces]
    for pair, idx in merges.items():
        texts = [replace(text, pair, idx) for text in texts]
    return [token for text in texts for token in text]
