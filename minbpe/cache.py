"""Pieces that were encoded before, so that a frequent word is encoded once."""

from __future__ import annotations

from collections.abc import Callable

MOST_PIECES = 1 << 17
"""Pieces kept at once, about 30 MB. Fresh text that fills it starts it anew."""

LONGEST_PIECE = 100
"""Characters of a piece worth keeping; longer ones hardly ever come back."""


class PieceCache(dict[str, list[int]]):
    """A dict that encodes a piece when it is asked for one it does not hold.

    >>> cache = PieceCache(lambda piece: [ord(character) for character in piece])
    >>> cache["hi"], len(cache)
    ([104, 105], 1)
    """

    def __init__(self, encode: Callable[[str], list[int]]) -> None:
        super().__init__()
        self._encode = encode

    def __missing__(self, piece: str) -> list[int]:
        ids = self._encode(piece)
        if len(piece) <= LONGEST_PIECE:
            if len(self) >= MOST_PIECES:
                self.clear()
            self[piece] = ids
        return ids
