"""What every tokenizer here has in common: train, encode, decode, save, load."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from minbpe.cache import PieceCache
from minbpe.modelfile import ModelFile, read_model, write_model
from minbpe.pairs import Pair, get_stats, merge
from minbpe.piece import MergeTable, apply_merges
from minbpe.special import AllowedSpecial, allowed_tokens, check_special_tokens, split_at
from minbpe.visualise import Form, visualise
from minbpe.vocabfile import write_vocab

if TYPE_CHECKING:
    from minbpe.learn import Learned

__all__ = ["Tokenizer", "get_stats", "merge"]


class Tokenizer:
    """A byte pair encoding tokenizer; `BasicTokenizer` and `RegexTokenizer` are the two to use.

    The kinds differ in one thing only: how text is cut into pieces, which no merge crosses.
    """

    pattern: str = ""
    """The regular expression that cuts text into pieces; empty when the text is one piece."""

    def __init__(self) -> None:
        self._set_merges({})
        self.register_special_tokens({})

    @property
    def merges(self) -> dict[Pair, int]:
        """Pair of ids to the new id, in the order in which they were learned."""
        return self._merges

    def train(
        self,
        text: str,
        vocab_size: int,
        verbose: bool = False,
        *,
        on_merge: Callable[[Learned], None] | None = None,
    ) -> None:
        """Learn `vocab_size - 256` merges from `text`, in place of those learned before.

        The most frequent pair is merged first; among equal counts, the one that comes first in
        the text as merged so far. When no pair is left, training stops with a `UserWarning` and
        the vocabulary it has. `verbose` prints a line per merge, and `on_merge` is called with
        each. Raises ValueError when `vocab_size` is below 256 or reaches a special token's id.

        >>> from minbpe import BasicTokenizer
        >>> tokenizer = BasicTokenizer()
        >>> tokenizer.train("aaabdaaabac", 256 + 3)
        >>> tokenizer.merges
        {(97, 97): 256, (256, 97): 257, (257, 98): 258}
        """
        # numpy takes longer to import than all the rest, and only training needs it.
        from minbpe.learn import learn

        for name, idx in self.special_tokens.items():
            if idx < vocab_size:
                raise ValueError(f"vocab_size is {vocab_size}, but {idx} is the id of {name!r}")
        self._set_merges(learn(self._pieces(text), vocab_size, verbose, on_merge))

    def encode(self, text: str, allowed_special: AllowedSpecial = "none_raise") -> list[int]:
        """Return the token ids of `text`; the empty list for empty text.

        `allowed_special` says which special tokens become their id: "all", "none", a set of
        them, or "none_raise", which also raises ValueError when the text contains one.

        >>> from minbpe import BasicTokenizer
        >>> tokenizer = BasicTokenizer()
        >>> tokenizer.register_special_tokens({"<|end|>": 256})
        >>> tokenizer.encode("hi<|end|>", allowed_special="all")
        [104, 105, 256]
        """
        allowed = allowed_tokens(text, self.special_tokens, allowed_special)
        if not allowed:
            return self._encode_ordinary(text)
        ids: list[int] = []
        for part in split_at(text, allowed):
            ids.extend([allowed[part]] if part in allowed else self._encode_ordinary(part))
        return ids

    def decode(self, ids: Iterable[int]) -> str:
        """Return the text of `ids`; bytes that are not UTF-8 become U+FFFD.

        Raises ValueError, naming the id, when an id is unknown.

        >>> from minbpe import BasicTokenizer
        >>> BasicTokenizer().decode([104, 105, 240])
        'hi\ufffd'
        """
        return b"".join(self._bytes_of(ids)).decode("utf-8", errors="replace")

    def visualise(self, ids: Iterable[int], form: Form = "html") -> str:
        """Return the tokens of `ids` in alternating colours, as "html" or for a "terminal".

        Raises ValueError, naming the id, when an id is unknown.
        """
        ids = list(ids)
        return visualise(list(zip(ids, self._bytes_of(ids), strict=True)), form)

    def register_special_tokens(self, special_tokens: Mapping[str, int]) -> None:
        """Let these strings stand for these ids, in place of those registered before.

        Raises ValueError when a string is empty, or an id is negative, used twice or taken.
        """
        check_special_tokens(special_tokens, self.vocab)
        self.special_tokens: dict[str, int] = dict(special_tokens)
        self._special_bytes = {idx: name.encode() for name, idx in special_tokens.items()}

    def save(self, prefix: str | Path) -> None:
        """Write `prefix.model`, which `load` reads, and `prefix.vocab`, which people read.

        Raises ValueError when the pattern or a special token has a line break in it, which the
        line-based format cannot hold.
        """
        model = ModelFile(self.pattern, self.special_tokens, self.merges)
        write_model(Path(f"{prefix}.model"), model)
        write_vocab(Path(f"{prefix}.vocab"), self.vocab, self.merges, self.special_tokens)

    def load(self, file: str | Path) -> None:
        """Read a `.model` file, from here or from the reference, in place of what was learned.

        Raises ValueError, naming the line, when the file is damaged or is of another kind of
        tokenizer; this one is then left as it was.
        """
        model = read_model(Path(file))
        try:
            self._set_pattern(model.pattern)
        except ValueError as error:
            raise ValueError(f"{file}, line 2: {error}") from error
        self._set_merges(model.merges)
        self.register_special_tokens(model.special_tokens)

    def _pieces(self, text: str) -> Iterable[str]:
        """Cut `text` into pieces."""
        raise NotImplementedError("use BasicTokenizer or RegexTokenizer")

    def _set_pattern(self, pattern: str) -> None:
        """Take over the pattern of a model file, or raise ValueError."""
        raise NotImplementedError("use BasicTokenizer or RegexTokenizer")

    def _set_merges(self, merges: dict[Pair, int]) -> None:
        self._merges = merges
        self._merge_table = MergeTable(merges)
        self.vocab: dict[int, bytes] = {byte: bytes([byte]) for byte in range(256)}
        for (left, right), idx in merges.items():
            self.vocab[idx] = self.vocab[left] + self.vocab[right]
        self._cache = PieceCache(self._encode_piece)

    def _encode_ordinary(self, text: str) -> list[int]:
        return list(chain.from_iterable(map(self._cache.__getitem__, self._pieces(text))))

    def _encode_piece(self, piece: str) -> list[int]:
        return apply_merges(list(piece.encode("utf-8")), self._merge_table)

    def _bytes_of(self, ids: Iterable[int]) -> Iterator[bytes]:
        special = self._special_bytes
        for idx in ids:
            try:
                yield self.vocab[idx] if idx not in special else special[idx]
            except KeyError:
                raise ValueError(f"unknown token id {idx}") from None
