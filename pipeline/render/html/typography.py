"""Curly apostrophes and quotation marks where a typewriter had straight ones (English only)."""

from __future__ import annotations

import re


def typographic(text: str, language: str) -> str:
    """``text`` with curly quotes when ``language`` is English; other languages have other marks.

    >>> typographic("Let's say 'hi'", "en-US")
    'Let’s say ‘hi’'
    >>> typographic("C'est", "fr")
    "C'est"
    """
    if not is_english(language):
        return text
    text = re.sub(r"(?<=\w)'|'(?=\d\ds?\b)", "’", text)
    text = re.sub(r"(^|[\s(\[“])'(?=\S)", r"\1‘", text)
    text = text.replace("'", "’")
    text = re.sub(r"(^|[\s(\[‘])\"(?=\S)", r"\1“", text)
    return text.replace('"', "”")


def is_english(language: str) -> bool:
    """Whether a BCP 47 tag is English."""
    return language.lower().replace("_", "-").split("-")[0] == "en"
