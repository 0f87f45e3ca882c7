"""A tokenizer that cuts the text by a pattern first, as GPT-2 and its successors do."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

import regex

from minbpe.base import Tokenizer
from minbpe.patterns import GPT4_SPLIT_PATTERN


class RegexTokenizer(Tokenizer):
    """Byte pair encoding within the pieces that `pattern` finds; GPT-4's pattern by default.

    Text that the pattern does not match anywhere is dropped, as `findall` would drop it; the
    published patterns match everything. Raises ValueError when `pattern` is empty or is not a
    regular expression.

    >>> tokenizer = RegexTokenizer()
    >>> tokenizer.train("low lower lowest", 256 + 3)
    >>> tokenizer.encode("lower")
    [257, 101, 114]
    >>> [tokenizer.decode([idx]) for idx in tokenizer.encode("lower")]
    ['low', 'e', 'r']
    """

    def __init__(self, pattern: str | None = None) -> None:
        super().__init__()
        self._set_pattern(GPT4_SPLIT_PATTERN if pattern is None else pattern)

    def _set_pattern(self, pattern: str) -> None:
        if not pattern:
            raise ValueError("no pattern; BasicTokenizer is the one without")
        try:
            self._finditer = regex.compile(pattern).finditer
        except regex.error as error:
            raise ValueError(f"not a regular expression: {error}") from error
        self.pattern = pattern

    def _pieces(self, text: str) -> Iterator[str]:
        # One match at a time: a list of all pieces would take many times the text's own memory.
        return map(itemgetter(0), self._finditer(text))
