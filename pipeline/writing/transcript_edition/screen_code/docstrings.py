"""Strings of several lines: what stands inside is text, whatever it looks like."""

from __future__ import annotations

_TRIPLES = ('"""', "'''")


def quote_after(line: str, quote: str) -> str:
    """The three quotes that are open after ``line``, "" for none.

    Args:
        quote: those that are open before it.
    """
    place = 0
    while place < len(line):
        if quote:
            end = line.find(quote, place)
            if end < 0:
                return quote
            place, quote = end + 3, ""
        elif line.startswith(_TRIPLES, place):
            place, quote = place + 3, line[place : place + 3]
        elif line[place] == "#":
            return ""
        elif line[place] in "\"'":
            place = _end_of_string(line, place)
        else:
            place += 1
    return quote


def open_string(line: str) -> str:
    """The quote of a string that begins on the line and does not end there; "" where none does."""
    place = 0
    while place < len(line) and line[place] != "#" and not line.startswith(_TRIPLES, place):
        if line[place] in "\"'":
            quote, place = line[place], _end_of_string(line, place)
            if place > len(line):
                return quote
        else:
            place += 1
    return ""


def _end_of_string(line: str, start: int) -> int:
    """The place behind the string that begins at ``start``; the line's end where it has none."""
    place = start + 1
    while place < len(line) and line[place] != line[start]:
        place += 2 if line[place] == "\\" else 1
    return place + 1
