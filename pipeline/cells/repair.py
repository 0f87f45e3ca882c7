"""Asking for a better version of a cell that fails or disagrees."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from pipeline.document.blocks import Cell, Source
from pipeline.document.characters import clean_code
from pipeline.document.parse import parse
from pipeline.document.walk import walk

_KEEP = re.compile(r"^\W*KEEP\b", re.IGNORECASE)


@dataclass(frozen=True)
class BrokenCell:
    """A cell that is wrong.

    Args:
        index: its number in the article, from 1.
        source: its present version.
        problem: the error with its traceback, or what an oracle found.
        names: the names defined before it, each with the name of its type.
        at_ms: the moment of the lecture that it stands for, or None.
        attempt: how often it was asked for already, from 1.
        reconstructed: it was written from what is said; no screen shows it.
    """

    index: int
    source: str
    problem: str
    names: Mapping[str, str]
    at_ms: int | None
    attempt: int
    reconstructed: bool = False


class Repairer(Protocol):
    """Makes better versions of cells."""

    def repair(self, broken: BrokenCell) -> str | None:
        """Another version of the cell; None when there is none."""


def code_of(reply: str) -> str | None:
    """The code in a model's reply: all of it when it is code, else its longest block of code.

    None when it says KEEP, or nothing.

    >>> code_of("Here it is:\\n```python\\nx = 1\\n```\\n"), code_of("KEEP: meant to fail")
    ('x = 1\\n', None)
    """
    if _KEEP.match(reply):
        return None
    found = (
        []
        if _is_python(reply)
        else [block for block in walk(parse(reply)) if isinstance(block, Source)]
    )
    if found:
        # A block without a language may be code; but lines that are indented alone are one too.
        return max(found, key=lambda block: (isinstance(block, Cell), len(block.source))).source
    return clean_code(reply.strip()) + "\n" if reply.strip() else None


def _is_python(reply: str) -> bool:
    try:
        ast.parse(reply)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
