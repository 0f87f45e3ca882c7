"""Citations ``[[s0012]]`` and figures ``![caption](frame:ID)``: finding and tidying them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.document.markdown_blocks import MarkdownBlock, join_blocks, split_blocks

CITATION = re.compile(r"\[\[(s\d+)(?:-(s\d+))?\]\]")
FIGURE = re.compile(r"!\[((?:[^\]\\!]++|!(?!\[)|\\.)*+)\]\(frame:([^()\s]+)\)")
# What models write instead: times of their own (@), one bracket, commas, dashes, spaces, several in
# a row.
_LOOSE = re.compile(
    r"(?:\[{1,2}\s*s\d+(?:@\d+)?(?:\s*(?:[-–—,;]|to|and)\s*s?\d+(?:@\d+)?)*"
    r"\s*\]{1,2}(?!\()[ \t]*)+",
    re.IGNORECASE,
)
_MOST_DIGITS = 9
_ID = re.compile(r"(?<![@\d])s?(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class CitationMarkup:
    """One citation: its first and last segment (the same for one), and where it stands."""

    first: str
    last: str
    start: int
    end: int


@dataclass(frozen=True)
class FigureMarkup:
    """One figure: its caption, its frame, and where it stands."""

    caption: str
    frame: str
    start: int
    end: int


def find_citations(text: str) -> list[CitationMarkup]:
    """The citations of one block's text, in order."""
    return [
        CitationMarkup(found.group(1), found.group(2) or found.group(1), found.start(), found.end())
        for found in CITATION.finditer(text)
    ]


def find_figures(text: str) -> list[FigureMarkup]:
    """The figures of one block's text, in order."""
    return [
        FigureMarkup(found.group(1), found.group(2), found.start(), found.end())
        for found in FIGURE.finditer(text)
    ]


def tidy_citations(markdown: str, segments: Sequence[str]) -> str:
    """Every citation in the one right form; code is left alone.

    Several in a row become one range; ids that only lack zeros get them.

    >>> tidy_citations("So [s1, s0002] [[s3]] it is.", ["s0001", "s0002", "s0003"])
    'So [[s0001-s0003]] it is.\\n'
    """
    width = len(segments[0]) - 1 if segments else 4

    def tidy(found: re.Match[str]) -> str:
        numbers = _ID.findall(found.group())
        if max(map(len, numbers)) > _MOST_DIGITS:
            return found.group()
        ids = sorted(map(int, numbers))
        first, last = f"s{ids[0]:0{width}d}", f"s{ids[-1]:0{width}d}"
        space = " " if found.group().endswith((" ", "\t")) else ""
        return (f"[[{first}]]" if first == last else f"[[{first}-{last}]]") + space

    return map_text(markdown, lambda text: _LOOSE.sub(tidy, text))


def map_text(markdown: str, change: Callable[[str], str]) -> str:
    """``change`` applied to all text that is not code (fenced or between backticks)."""
    return join_blocks(
        block
        if block.kind == "code"
        else MarkdownBlock(block.kind, _outside_code(block.text, change))
        for block in split_blocks(markdown)
    )


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    pieces = re.split(r"(`+[^`]*`+)", text)
    return "".join(piece if index % 2 else change(piece) for index, piece in enumerate(pieces))


def span_ms(
    citation: CitationMarkup, times: Mapping[str, tuple[int, int]]
) -> tuple[int, int] | None:
    """Start and end of the cited speech in ms; None when an id is unknown or the range is wrong.

    ``times`` maps the id of a segment to its start and end.
    """
    if citation.first not in times or citation.last not in times:
        return None
    start, end = times[citation.first][0], times[citation.last][1]
    return (start, end) if start < end else None
