"""Words from files and sites that anybody can write, fit to be shown: one line, or lines of text.

Taken out are control characters (a terminal obeys them), marks that turn the direction of all text
after them, halves of surrogate pairs and noncharacters (some files cannot hold them: XML, so EPUB
and Word); what is too long is cut.
"""

from __future__ import annotations

import re

LONGEST_LINE = 300  # characters: sites allow 100 to 250 for a title
LONGEST_TEXT = 50_000  # characters: ten times what sites allow for a description

_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff"
    "\ufdd0-\ufdef\ufffe\uffff]"
)
_HALVES = re.compile("[\ud800-\udfff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,4}")


def plain_line(text: str) -> str:
    """``text`` on one line, at most ``LONGEST_LINE`` characters.

    >>> plain_line(" A\\ttalk\\x1b[31m on\\u202e\\n tokens\\0 ")
    'A talk[31m on tokens'
    """
    words = plain_text(text[: 4 * LONGEST_LINE]).split()
    line = " ".join(words)
    return line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1].rstrip() + "…"


def plain_text(text: str) -> str:
    """``text`` with its lines, at most ``LONGEST_TEXT`` characters."""
    text = text[: LONGEST_TEXT + 1].replace("\r\n", "\n").replace("\r", "\n")
    text = _HALVES.sub("�", _CONTROLS.sub("", text))
    if len(text) > LONGEST_TEXT:
        text = text[: LONGEST_TEXT - 1] + "…"
    return text.strip()


def language_code(text: str) -> str | None:
    """``text`` when it is a code such as ``en`` or ``zh-Hant-TW``, else None."""
    return text if _LANGUAGE.fullmatch(text) else None
