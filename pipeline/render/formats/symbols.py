"""Symbols that a printed text has no font for, by their names: "[rocket]" instead of nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

from pipeline.render.formats.pandoc_blocks import Element

# What joins emoji or colours them has no name worth reading.
_JOINERS = re.compile("[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_SIGNS_AND_NUMERALS = ("So", "Sm", "Sc", "Sk", "No", "Nl")
_TEXT = {"Str": None, "Code": 1, "CodeBlock": 1}  # where in its "c" an element has its text


def is_symbol(letter: str) -> bool:
    """Whether a character is a sign or a numeral of its own, beyond Latin: no script's letter.

    >>> [is_symbol(one) for one in "🚀≤①é字+"]
    [True, True, True, False, False, False]
    """
    return letter > "\u2000" and unicodedata.category(letter) in _SIGNS_AND_NUMERALS


def name_of(letter: str) -> str:
    """A character's name in brackets.

    >>> name_of("🚀"), name_of("①")
    ('[rocket]', '[circled digit one]')
    """
    return f"[{unicodedata.name(letter, f'U+{ord(letter):04X}').lower()}]"


def texts_in(document: Any) -> Iterator[str]:
    """All that pandoc's document shows as text or code; formulas are none."""
    if isinstance(document, dict) and document.get("t") in _TEXT:
        at = _TEXT[document["t"]]
        yield document["c"] if at is None else document["c"][at]
    elif isinstance(document, dict | list | tuple):
        for one in document.values() if isinstance(document, dict) else document:
            yield from texts_in(one)


def named(text: str, lacking: Callable[[str], bool]) -> str:
    """``text`` with the names of the characters that are ``lacking``."""
    missing = set(filter(lacking, text))
    if not missing:
        return text
    return "".join(name_of(one) if one in missing else one for one in _JOINERS.sub("", text))


def with_names(document: Element, lacking: Callable[[str], bool]) -> Element:
    """pandoc's document, with the characters that are ``lacking`` by their names."""
    made: Element = _replaced(document, lacking)
    return made


def _replaced(part: Any, lacking: Callable[[str], bool]) -> Any:
    if isinstance(part, dict) and part.get("t") in _TEXT:
        at, held = _TEXT[part["t"]], part["c"]
        if at is None:
            return part | {"c": named(held, lacking)}
        return part | {"c": [*held[:at], named(held[at], lacking), *held[at + 1 :]]}
    if isinstance(part, dict):
        return {key: _replaced(one, lacking) for key, one in part.items()}
    return [_replaced(one, lacking) for one in part] if isinstance(part, list | tuple) else part
