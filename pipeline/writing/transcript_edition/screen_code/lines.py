"""Lines of code as read from a picture: without line numbers, prompts and page footers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

_NUMBERED = re.compile(r"^\s*(\d{1,4})(?:[|:]?\s|$)")
_PROMPT = re.compile(r"^(\s*)(?:>>>|\.\.\.(?=\s)|(?:In\s*)?\[\s*+(?:\d++\s*+)?\]:)\s?")
_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "−": "-", "\u00a0": " "})
_DUNDER = re.compile(
    r"(?<![A-Za-z0-9_])_{1,3}(init|name|main|call|len|getitem|setitem|repr|str|eq|iter|next|enter"
    r"|exit|add|mul|hash|contains|doc|file|dict|class)_{1,3}(?![A-Za-z0-9_])"
)
_CODE_LIKE = re.compile(r"[=()\[\]{}:'\"]|^\s*(?:return|import|from|pass|break|continue)\b")
_PAGE = re.compile(r"\d+")


def code_lines(text: str) -> list[str]:
    """The lines of ``text`` without line numbers and prompts; none empty.

    Quotes are straight again, and double underscores of Python's special methods double.
    """
    lines = [line.translate(_QUOTES).rstrip() for line in text.expandtabs(4).splitlines()]
    lines = [line for line in lines if line.strip()]
    bare = [_PROMPT.sub(r"\1", line) for line in _without_gutter(lines)]
    return [_DUNDER.sub(r"__\1__", line) for line in bare]


def furniture_lines(texts: Sequence[str]) -> frozenset[str]:
    """The first and last lines that three or more screens share, numbers taken out.

    Page footers and tab names; what looks like code is none.
    """
    seen: Counter[str] = Counter()
    for text in texts:
        lines = [line for line in text.splitlines() if line.strip()]
        seen.update({line_shape(line) for line in (*lines[:1], *lines[-1:])})
    return frozenset(
        shape for shape, count in seen.items() if count >= 3 and not _CODE_LIKE.search(shape)
    )


def line_shape(line: str) -> str:
    """``line`` without its numbers and spacing, to recognise it on another screen."""
    return " ".join(_PAGE.sub("#", line).split())


def _without_gutter(lines: list[str]) -> list[str]:
    """Line numbers go if most lines have one and they count upwards."""
    numbers = [int(match[1]) if (match := _NUMBERED.match(line)) else None for line in lines]
    found = [number for number in numbers if number is not None]
    rising = all(0 < b - a <= 5 for a, b in pairwise(found))
    if len(found) < 3 or len(found) < 0.7 * len(lines) or not rising:
        return lines
    bare = [re.sub(r"^\s*\d{1,4}[|:]? ?", "", line) for line in lines]
    return [line for line in bare if line.strip()]
