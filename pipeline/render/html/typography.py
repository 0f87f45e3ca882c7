"""Curly apostrophes and quotation marks where a typewriter had straight ones (English only)."""

from __future__ import annotations

import re

from pipeline.text.languages.codes import base_language

# 5'10" tall; not the inches alone, which look like the end of a quotation.
FEET_AND_INCHES = r"(?<=\d)'(\d{1,2})\"(?!\w)"
# a 6'2 man, the '90s; not the string '42'.
APOSTROPHE_BEFORE_DIGIT = r"(?<=\w)'(?=\d)|(?<!\w)'(?=\d\ds?\b(?!'))"


def typographic(text: str, language: str) -> str:
    """``text`` with curly quotes when ``language`` is English; other languages have other marks.

    >>> typographic("Let's say 'hi'", "en-US")
    'Let’s say ‘hi’'
    >>> typographic("C'est", "fr")
    "C'est"
    """
    if not is_english(language):
        return text
    text = re.sub(FEET_AND_INCHES, r"′\1″", text)
    text = re.sub(rf"(?<=\w)'|{APOSTROPHE_BEFORE_DIGIT}", "’", text)
    text = re.sub(r"(^|[\s(\[“])'(?=\S)", r"\1‘", text)
    text = text.replace("'", "’")
    text = re.sub(r"(^|[\s(\[‘])\"(?=\S)", r"\1“", text)
    return text.replace('"', "”")


def is_english(language: str) -> bool:
    """Whether a BCP 47 tag is English."""
    return base_language(language) == "en"
