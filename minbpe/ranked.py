"""Tokenizers that come as a table of ranks: tokens as bytes, with no merges told."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from minbpe.pairs import Pair
from minbpe.piece import NO_MERGE, MergeTable, apply_merges
from minbpe.regex import RegexTokenizer
from minbpe.special import AllowedSpecial

MOST_PAIRS = 1 << 18
"""Pairs of ids whose rank is remembered, about 40 MB when full; then it is emptied."""


class RankTokenizer(RegexTokenizer):
    """A published vocabulary, to encode and decode with; it cannot be trained or saved.

    `ranks` gives each token its rank, which is also its id. Two neighbours merge when their bytes
    together are a token, the lowest rank first. The single bytes have ids of their own choosing,
    not 0 to 255 in order. Raises ValueError when a byte has no rank.

    >>> ranks = {bytes([255 - idx]): idx for idx in range(256)} | {b"hi": 256, b" hi": 257}
    >>> tokenizer = RankTokenizer(ranks, r" ?\\w+|\\W", {"<|end|>": 300})
    >>> tokenizer.encode("hi hi!")
    [256, 257, 222]
    >>> tokenizer.merges
    {(151, 150): 256, (223, 256): 257}
    """

    def __init__(
        self,
        ranks: dict[bytes, int],
        pattern: str,
        special_tokens: dict[str, int],
        merges: dict[Pair, int] | None = None,
    ) -> None:
        super().__init__(pattern)
        try:
            self._byte_ids = [ranks[bytes([byte])] for byte in range(256)]
        except KeyError as error:
            raise ValueError(f"the ranks lack the single byte {error}") from None
        self._ranks = ranks
        self._known_merges = merges
        self.vocab = {rank: token for token, rank in ranks.items()}
        self._joined = _JoinedRanks(ranks, self.vocab)
        self.register_special_tokens(special_tokens)

    @property
    def merges(self) -> dict[Pair, int]:
        """Pair of ids to the new id, by rank; recovered on first use, which takes a second."""
        if self._known_merges is None:
            self._known_merges = recover_merges(self._ranks)
        return self._known_merges

    def encode(self, text: str, allowed_special: AllowedSpecial = "none_raise") -> list[int]:
        """Return the token ids of `text`, as tiktoken does; see `Tokenizer.encode`.

        Half a surrogate pair, which is no character and has no UTF-8, is encoded as U+FFFD.
        """
        try:
            return super().encode(text, allowed_special)
        except UnicodeEncodeError:
            repaired = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            return super().encode(repaired, allowed_special)

    def train(self, *_: object, **__: object) -> NoReturn:
        """Raise NotImplementedError: the vocabulary is given."""
        raise NotImplementedError(f"{type(self).__name__} is trained already")

    def save(self, prefix: str | Path) -> NoReturn:
        """Raise NotImplementedError: a model file numbers the bytes 0 to 255, this one does not."""
        raise NotImplementedError(f"a .model file cannot hold {type(self).__name__}")

    def load(self, file: str | Path) -> NoReturn:
        """Raise NotImplementedError; use `RegexTokenizer` to load a model file."""
        raise NotImplementedError(f"{type(self).__name__} does not load a .model file")

    def _encode_piece(self, piece: str) -> list[int]:
        token = piece.encode("utf-8")
        # Not only quick: as in tiktoken, a token is itself even if no chain of merges reaches it.
        if token in self._ranks:
            return [self._ranks[token]]
        return apply_merges(list(map(self._byte_ids.__getitem__, token)), self._joined)


class _JoinedRanks(MergeTable):
    """The merges that ranks imply: a pair becomes the token that its bytes together are.

    Pairs looked up before are kept, whether they merge or not.
    """

    def __init__(self, ranks: dict[bytes, int], vocab: dict[int, bytes]) -> None:
        super().__init__()
        self._ranks = ranks
        # A token that was merged away has id -1 and joins with nothing.
        self._vocab = vocab

    def __missing__(self, pair: Pair) -> int:
        left, right = pair
        if left < 0 or right < 0:
            return NO_MERGE
        rank = self._ranks.get(self._vocab[left] + self._vocab[right], NO_MERGE)
        if len(self) >= MOST_PAIRS:
            self.clear()
        self[pair] = rank
        return rank


class _EarlierRanks(MergeTable):
    """The merges of ranks below `limit`."""

    def __init__(self, ranks: dict[bytes, int]) -> None:
        super().__init__()
        self._joined = _JoinedRanks(ranks, {rank: token for token, rank in ranks.items()})
        self.limit = 0

    def __missing__(self, pair: Pair) -> int:
        rank = self._joined[pair]
        return rank if rank < self.limit else NO_MERGE


def recover_merges(ranks: dict[bytes, int]) -> dict[Pair, int]:
    """Return the merges behind `ranks`, in order: pair of ids to id.

    A token of rank r was made when only ranks below r existed. So encoding its bytes with these
    alone must leave two tokens: the pair it was made of. Raises ValueError when it does not.

    >>> ranks = {bytes([byte]): byte for byte in range(256)} | {b"ab": 256, b"abab": 257}
    >>> recover_merges(ranks)
    {(97, 98): 256, (256, 256): 257}
    """
    earlier = _EarlierRanks(ranks)
    merges: dict[Pair, int] = {}
    for token, rank in sorted(ranks.items(), key=lambda item: item[1]):
        if len(token) > 1:
            earlier.limit = rank
            parts = apply_merges([ranks[bytes([byte])] for byte in token], earlier)
            if len(parts) != 2:
                raise ValueError(f"token {rank}, {token!r}, is not made of two earlier tokens")
            merges[parts[0], parts[1]] = rank
    return merges
