"""Docstrings whose last three quotes, alone on their line, were not found on the picture."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.writing.transcript_edition.screen_code.docstrings import quote_after
from pipeline.writing.transcript_edition.screen_code.documents import SeenRow, space_between
from pipeline.writing.transcript_edition.screen_code.lines import code_text

_GAP = 1.7  # rows: between two rows so far apart one is missing
_ASIDE = 1.5  # characters
_BEGINS = re.compile(r"[rRuU]?(?:\"\"\"|\'\'\')\s*\w")
_CODE = re.compile(
    r"(?:#|@\w|(?:def|class|if|for|while|with|try|return|raise|yield|import|from|assert|pass)\b)"
    r"|[\w.]+(?:\[[^\]]*\])?(?:, [\w.]+)* [-+*/%|&]{0,2}= \S|[\w.]+\(.*\)$"
)


def closed_docstrings(rows: Sequence[SeenRow]) -> list[SeenRow]:
    """The rows, with the three quotes that have to stand between a docstring and the code below it.

    They are missing where the next three quotes begin another docstring, or where none follow:
    then the code begins at the first row that looks like it, after an empty place and not deeper
    than the docstring, or at one further left.
    """
    found: list[SeenRow] = []
    quote, left = "", 0.0
    for place, row in enumerate(rows):
        text = code_text(row.row.text)
        if quote and _is_missing(rows[place:], quote) and _is_below(rows[place - 1], row, left):
            found.append(_quotes(row, quote, left))
            quote = ""
        before, quote = quote, quote_after(text, quote)
        if quote and not before:
            left = row.row.left if text.startswith(quote) else float("inf")
        found.append(row)
    return found


def _is_missing(rows: Sequence[SeenRow], quote: str) -> bool:
    """Whether the next three quotes open a docstring, so that this one was closed before."""
    texts = (code_text(row.row.text) for row in rows)
    following = next((text for text in texts if quote in text), None)
    return following is None or _BEGINS.match(following) is not None


def _is_below(above: SeenRow, row: SeenRow, left: float) -> bool:
    """Whether ``row`` is code below a docstring that began at ``left``."""
    if left == float("inf"):
        return False
    text = code_text(row.row.text)
    if row.row.left < left - _ASIDE:
        return True
    space = space_between(above, row)
    gap = space is None or space > _GAP
    return gap and abs(row.row.left - left) <= _ASIDE and _CODE.match(text) is not None


def _quotes(row: SeenRow, quote: str, left: float) -> SeenRow:
    """The row that was not found, right above ``row``."""
    return SeenRow(
        tuple(
            replace(one, row=replace(one.row, text=quote, left=left, top=one.row.top - 1, mark=""))
            for one in row.readings
        )
    )
