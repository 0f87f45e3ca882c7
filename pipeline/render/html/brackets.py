"""Brackets that open no link, made plain where there are many: a Markdown parser looks for the end
of each of them to the end of the paragraph, so a model that got stuck in ``[[[[[`` would take the
page hours. Pure.
"""

from __future__ import annotations

import re
from itertools import pairwise

_MANY = 50
_DEEPEST = 6
_BRACKET = re.compile(r"\\.|[\[\]]", re.DOTALL)


def plain_brackets(markdown: str) -> str:
    """``markdown`` with a backslash before brackets that are never closed or deep within others.

    Paragraphs with fewer than fifty of them, which is all that a person writes, stay as they are.

    >>> plain_brackets("a [b](c) [") == "a [b](c) [", plain_brackets("[" * 60) == "\\\\[" * 60
    (True, True)
    """
    if markdown.count("[") < _MANY:
        return markdown
    return "\n\n".join(map(_plain, markdown.split("\n\n")))


def _plain(paragraph: str) -> str:
    places = _idle(paragraph) + _endless_addresses(paragraph)
    if len(places) < _MANY:
        return paragraph
    begins = [0, *sorted(places)]
    return "\\".join(
        paragraph[begin:end] for begin, end in zip(begins, [*begins[1:], None], strict=True)
    )


def _idle(paragraph: str) -> list[int]:
    """Where brackets open that are never closed, or are inside too many others."""
    open_places: list[int] = []
    deep: list[int] = []
    for match in _BRACKET.finditer(paragraph):
        if match[0] == "[":
            open_places.append(match.start())
        elif match[0] == "]" and open_places:
            place = open_places.pop()
            if len(open_places) >= _DEEPEST:
                deep.append(place)
    return deep + open_places


def _endless_addresses(paragraph: str) -> list[int]:
    """Where a link's address begins that has no end before the next one begins."""
    starts = [match.start() + 1 for match in re.finditer(r"\]\(", paragraph)]
    return [a for a, b in pairwise([*starts, len(paragraph)]) if paragraph.find(")", a, b) < 0]
