"""The simplest tokenizer: the whole text is one piece."""

from __future__ import annotations

from minbpe.base import Tokenizer


class BasicTokenizer(Tokenizer):
    """Byte pair encoding straight over the bytes of the text.

    >>> tokenizer = BasicTokenizer()
    >>> tokenizer.train("aaabdaaabac", 256 + 3)
    >>> tokenizer.encode("aaabdaaabac")
    [258, 100, 258, 97, 99]
    >>> tokenizer.decode([258, 100, 258, 97, 99])
    'aaabdaaabac'
    """

    def _pieces(self, text: str) -> list[str]:
        return [text]

    def _set_pattern(self, pattern: str) -> None:
        if pattern:
            raise ValueError("a pattern, so this is a model of RegexTokenizer")
