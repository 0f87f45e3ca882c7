"""One parser under fuzz: its promises as a function of bytes, and where to begin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"


@dataclass(frozen=True)
class Target:
    """A parser.

    Args:
        name: what it is called on the command line, and its folder in the corpus.
        run: asserts every promise for one input; errors that the parser may raise do not pass.
        seeds: inputs of the real shape, small.
        textual: whether the input is text (for generators that prefer to make text).
    """

    name: str
    run: Callable[[bytes], None]
    seeds: tuple[bytes, ...]
    textual: bool = True

    @property
    def corpus(self) -> Path:
        """The folder of what was found."""
        return CORPUS / self.name


def text_of(data: bytes) -> str:
    """Any bytes as text that a file may hold: what is no UTF-8 becomes U+FFFD."""
    return data.decode("utf-8", "replace")


def argument_of(data: bytes) -> str:
    """Any bytes as an argument of a command: what is no UTF-8 becomes lone surrogates."""
    return data.decode("utf-8", "surrogateescape")


def halves(data: bytes) -> tuple[str, str]:
    """Two texts, divided by the first line ``====``."""
    first, _, second = text_of(data).partition("\n====\n")
    return first, second
