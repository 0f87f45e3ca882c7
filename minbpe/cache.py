"""Pieces that were encoded before, so that a frequent word is encoded once."""

from __future__ import annotations

from collections.abc import Callable

MOST_PIECES = 1 << 17
"""Pieces in one generation, about 25 MB."""

LONGEST_PIECE = 100
"""Characters of a piece worth keeping; longer ones hardly ever come back."""


class PieceCache(dict[str, tuple[int, ...]]):
    """A dict that encodes a piece when it is asked for one it does not hold.

    When it is full, what it holds becomes the older generation, in place of the one before, and
    it starts anew. A piece that is asked for again moves back from there. So however long the
    text, memory is bounded, and words in use are never encoded twice.

    >>> cache = PieceCache(lambda piece: [ord(character) for character in piece])
    >>> cache["hi"], len(cache)
    ((104, 105), 1)
    """

    def __init__(self, encode: Callable[[str], list[int]]) -> None:
        super().__init__()
        self._encode = encode
        self._older: dict[str, tuple[int, ...]] = {}

    def __missing__(self, piece: str) -> tuple[int, ...]:
        ids = self._older.get(piece)
        if ids is None:
            ids = tuple(self._encode(piece))
        if len(piece) <= LONGEST_PIECE:
            if len(self) >= MOST_PIECES:
                self._older = dict(self)
                self.clear()
            self[piece] = ids
        return ids

    def forget(self) -> None:
        """Drop both generations."""
        self.clear()
        self._older = {}
