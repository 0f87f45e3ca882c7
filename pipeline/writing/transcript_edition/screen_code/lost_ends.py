"""Docstrings and brackets of which an end, alone on its line, was not found on the picture."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.writing.transcript_edition.screen_code.docstrings import open_string, quote_after
from pipeline.writing.transcript_edition.screen_code.documents import (
    Reading,
    SeenRow,
    space_between,
)
from pipeline.writing.transcript_edition.screen_code.lines import code_text

ELLIPSIS = "…"  # stands for the end of a string
_TRIPLES = ('"""', "'''")
_GAP = 1.7  # rows: between two rows so far apart one is missing
_ASIDE = 1.5  # characters
_BEGINS = re.compile(r"[rRuU]?(?:\"\"\"|\'\'\')\s*\w")
_HEAD = re.compile(r"(?:async )?(?:def|class)\b.*:$")
_STRINGS = re.compile(r"\"[^\"]*\"|'[^']*'|#.*")
_ESCAPE = re.compile(r"\\[\w{]{0,9}$")  # begun: a string cannot end in it
_CLOSERS = {"(": ")", "[": "]", "{": "}"}
_CODE = re.compile(
    r"(?:#|@\w|(?:def|class|if|for|while|with|try|return|raise|yield|import|from|assert|pass)\b)"
    r"|[\w.]+(?:\[[^\]]*\])?(?:, [\w.]+)* [-+*/%|&]{0,2}= \S|[\w.]+\(.*\)$"
)


def closed_strings(rows: Sequence[SeenRow]) -> list[SeenRow]:
    """The rows, strings that go on beyond the edge of the view, or of which the end was not read,
    closed behind an ellipsis."""
    found = []
    quote = ""
    for place, row in enumerate(rows):
        triple = "" if quote else _unclosed_triple(row, rows[place + 1 :])
        readings = (_closed_string(one, triple) for one in row.readings)
        whole = row if quote else SeenRow(tuple(readings))
        quote = quote_after(code_text(whole.row.text), quote)
        found.append(whole)
    return found


def _unclosed_triple(row: SeenRow, below: Sequence[SeenRow]) -> str:
    """The three quotes that open a long text on the row, which goes on beyond the edge of the view:
    what stands below is code, and none of it ends the text; "" where it is none."""
    text = code_text(row.row.text)
    quote = quote_after(text, "")
    if not quote or not row.row.at_edge or text.startswith(quote) or not below:
        return ""
    lower = [code_text(one.row.text) for one in below]
    return quote if _CODE.match(lower[0]) and not any(quote in one for one in lower) else ""


def _closed_string(one: Reading, triple: str) -> Reading:
    text = code_text(one.row.text)
    opened = open_string(text) or (triple if quote_after(text, "") == triple else "")
    if not (one.row.at_edge or one.row.cut) or not opened:
        return one
    text = _ESCAPE.sub("", text)
    closers = missing_closers(text + opened, "")
    closed = f"{text}{ELLIPSIS}{opened}{closers[::-1]}"
    return replace(one, row=replace(one.row, text=closed, cut=True))


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


def opened_docstrings(rows: Sequence[SeenRow]) -> list[SeenRow]:
    """The rows, with the three quotes that have to stand, alone on their line, between the head of
    a function or class and a text that ends in such quotes: there is an empty place."""
    found: list[SeenRow] = []
    for place, row in enumerate(rows):
        if place and _HEAD.match(code_text(rows[place - 1].row.text)):
            quote = _closing_quotes(rows[place:])
            if quote and _is_apart(rows[place - 1], row):
                found.append(_quotes(row, quote, row.row.left))
        found.append(row)
    return found


def _closing_quotes(rows: Sequence[SeenRow]) -> str:
    """The three quotes that end a text which begins with the first of ``rows``; "" where that is
    none, or where they do not stand alone below it."""
    left = rows[0].row.left
    for place, row in enumerate(rows):
        text = code_text(row.row.text)
        if any(quote in text for quote in _TRIPLES):
            aligned = abs(row.row.left - left) <= _ASIDE
            return text if place and text in _TRIPLES and aligned else ""
        if _HEAD.match(text) or (place == 0 and _CODE.match(text)):
            return ""
    return ""


def _is_missing(rows: Sequence[SeenRow], quote: str) -> bool:
    """Whether the next three quotes open a docstring, so that this one was closed before.

    They do before a word, and alone right below the head of a function or class.
    """
    texts = [code_text(row.row.text) for row in rows]
    following = next((place for place, text in enumerate(texts) if quote in text), None)
    if following is None or _BEGINS.match(texts[following]):
        return True
    alone = texts[following].strip() == quote
    return alone and following > 0 and _HEAD.match(texts[following - 1]) is not None


def _is_below(above: SeenRow, row: SeenRow, left: float) -> bool:
    """Whether ``row`` is code below a docstring that began at ``left``."""
    if left == float("inf"):
        return False
    text = code_text(row.row.text)
    if row.row.left < left - _ASIDE:
        return True
    gap = _is_apart(above, row)
    return gap and abs(row.row.left - left) <= _ASIDE and _CODE.match(text) is not None


def _is_apart(above: SeenRow, row: SeenRow) -> bool:
    space = space_between(above, row)
    return space is None or space > _GAP


def _quotes(row: SeenRow, quote: str, left: float) -> SeenRow:
    """The row that was not found, right above ``row``."""
    return SeenRow(
        tuple(
            replace(one, row=replace(one.row, text=quote, left=left, top=one.row.top - 1, mark=""))
            for one in row.readings
        )
    )


def closed_brackets(rows: Sequence[SeenRow]) -> list[SeenRow]:
    """The rows, with the brackets that have to stand between a list or call over several rows and
    the code below it: there, and nowhere else in it, is an empty place."""
    found: list[SeenRow] = []
    quote, opened = "", ""  # the closing brackets that are missing, the outermost first
    left, gaps = 0.0, 0
    for place, row in enumerate(rows):
        text = code_text(row.row.text)
        if opened and not quote:
            gap = _is_apart(rows[place - 1], row)
            gaps += gap
            if gap and gaps == 1 and row.row.left <= left + _ASIDE and _CODE.match(text):
                found.append(_quotes(row, opened[::-1], left))
                opened = ""
        if not quote and not open_string(text):
            before, opened = opened, missing_closers(text, opened)
            if opened and not before:
                left, gaps = row.row.left, 0
        quote = quote_after(text, quote)
        found.append(row)
    return found


def missing_closers(text: str, opened: str) -> str:
    """The brackets that have to be closed after ``text``, as their closing ones, the outermost
    first; ``opened`` are those open before it."""
    for char in _STRINGS.sub("", text):
        if char in _CLOSERS:
            opened += _CLOSERS[char]
        elif opened.endswith(char) and char in ")]}":
            opened = opened[:-1]
    return opened
