"""The rows of a screen as code is found on them: column by column, with what their margin says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Literal

from pipeline.models import Box, Frame
from pipeline.video.ocr.columns import blocks, rows_of
from pipeline.video.ocr.layout import WIDEST_GAP, character_width
from pipeline.video.ocr.lines import TextLine
from pipeline.writing.transcript_edition.screen_code.letter_widths import lost_letters, pitch_of
from pipeline.writing.transcript_edition.screen_code.line_numbers import (
    NUMBER,
    cut_at_numbers,
    without_line_numbers,
)

Mark = Literal["", "cell", "out", "ran", "repl", "shell", "end"]

# The bracket of an empty prompt is read as a digit or a letter: "In [ 1:".
_CELL = re.compile(r"(?:(?:In\s?)?[\[|][ \d*]{0,4}\]\s?:?|In\s?[\[|] {0,4}[1Il|]\s?:)(?=\s|$)\s*")
_OUT = re.compile(r"Out\s?[\[|][ \d*]{0,4}\]\s?:?(?=\s|$)\s*")
# Visual Studio Code writes the number below a cell: [12] ✓ 0.0s
_RAN = re.compile(r"\[\d{1,4}\]\W{0,4}\w?\W{0,3}\d+(?:\.\d)?m?\s?s\b")
_REPL = re.compile(r"(?:>>>|\.\.\.(?=\s|$))\s?")
_SHELL = re.compile(
    r"(?:\(\w+\) )?(?:(?<![\w.-])[\w.-]+@[\w.-]+[: ][^\s$%]*\s?[$%]|\$|❯|➜)\s+(?=\S|$)"
    r"|(?<![\w.-])[\w.-]+@[\w.-]+:\S*[$%]$"
    r"|~(?:/[\w.~-]+)*+\s?(?:>{1,3}|❯{1,3}|[$%#])(?:\s+(?=\S)|$)"
)
_LS = re.compile(r"^1(?=s\b)")  # "ls" read with a digit
_ASIDE = re.compile(r" {3,}")
_MARGINS: tuple[tuple[re.Pattern[str], Mark], ...] = (
    (_CELL, "cell"),
    (_OUT, "out"),
    (_REPL, "repl"),
    (_SHELL, "shell"),
)
# The reader takes a mark and the space after it for a full-width one.
_SPACED = re.compile(r"([：，；])(?=[^\s）］\)\]])")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
# What text without places is given, so that it is read by the same rules.
_COLUMN, _ROW, _HEIGHT = 10, 20, 16

_GUTTER, _LEAST_ROWS = 6, 3  # characters between code and what stands beside it; rows of each
_LOW, _CLOSE = 0.7, 0.8  # of the usual height of a row, and of the distance between rows
_FAR_RIGHT = 0.8  # of the width: rows that end there, or two in one column, may be longer
_LOST = 3  # letters: fewer are lost to underscores that run together
_QUOTED = re.compile("[\"']")  # other scripts stand in strings
_TEXTS = re.compile("[\"'#]|:$")  # of other scripts; and the next line is deeper than a head
_ALMOST, _SIGN = 1, 2  # characters
_UNSEEN = 2.5  # rows: an empty one, one that is not seen whole, and the border of the window
CUT = 0.5  # the confidence of a line of which a part is hidden, at most


@dataclass(frozen=True)
class Row:
    """One row of a pane.

    ``left`` is where its text begins, in widths of a character from the left edge of the picture;
    ``top`` its upper edge in heights of a row; ``mark`` says what stood in the margin before it:
    the number of a notebook's cell (``cell``), that of an output (``out``), the line below a cell
    that ran (``ran``), the prompt of Python (``repl``) or of a shell (``shell``); ``margin`` is how
    that was written; ``number`` is that of the line in an editor's margin, if one was read there.
    What stands for lines below the edge of the view has the mark ``end``.
    ``at_edge`` is true where the view may end before the text does; ``cut`` where
    it does, or letters within it were not read; ``is_highest`` and ``is_lowest``
    where no row above or below it could be seen.
    """

    text: str
    left: float
    top: float
    confidence: float = 1.0
    mark: Mark = ""
    margin: str = ""
    at_edge: bool = False
    cut: bool = False
    is_highest: bool = False
    is_lowest: bool = False
    number: int | None = None


def is_shell_prompt(line: str) -> bool:
    """Whether the line begins with the prompt of a shell, such as ``$`` or ``ada@host:~$``."""
    return _SHELL.match(line.strip()) is not None


def shell_command(line: str) -> str:
    """What stands behind the prompt of a shell on the line; "" where there is nothing or no prompt.

    What stands far to the right of it belongs to the prompt, such as the branch of a repository.
    """
    match = _SHELL.match(line.strip())
    if match is None or _ASIDE.search(match[0]):
        return ""
    command = _ASIDE.split(line.strip()[match.end() :], maxsplit=1)[0].strip()
    return _LS.sub("l", command)


def panes(frame: Frame, below: int = 0, above: int | None = None) -> list[list[Row]]:
    """The columns of a screen from left to right, each a list of its rows from top to bottom.

    Only what stands below the height ``below`` and above the height ``above``, in pixels (None: the
    lower edge). Line numbers in the margin are left out.
    """
    end = frame.height if above is None else above
    edges = (float(below), float(end)) if frame.lines else (float("-inf"), float("inf"))
    lines = [
        _text_line(line.text, line.box, line.confidence)
        for line in frame.lines
        if line.box.y + line.box.height / 2 > below
    ]
    columns = blocks(lines if frame.lines else _placed(frame.text))
    parts = [
        [line for line in part if (line.top + line.bottom) / 2 < edges[1]]
        for column in columns
        for main in cut_at_numbers(column)
        for part in _without_gutters(main)
    ]
    return [rows for part in parts if (rows := _rows(part, frame.width, edges))]


def _text_line(text: str, box: Box, confidence: float) -> TextLine:
    plain = _SPACED.sub(r"\1 ", text).translate(_FULL_WIDTH)
    return TextLine(
        box.x, box.y, box.x + box.width, box.y + box.height, plain, confidence=confidence
    )


def _placed(text: str) -> list[TextLine]:
    """The lines of a text that has lost its places."""
    lines = []
    for number, line in enumerate(text.expandtabs(4).splitlines()):
        bare = line.strip()
        left = _COLUMN * (len(line) - len(line.lstrip()))
        top = _ROW * number
        if bare:
            right = left + _COLUMN * len(bare)
            lines.append(TextLine(left, top, right, top + _HEIGHT, bare))
    return lines


def _without_gutters(block: list[TextLine]) -> list[list[TextLine]]:
    """The block cut where a wide empty strip runs through all of it: a list beside code, row by
    row, is no part of it. The margin of the code is."""
    width = character_width(block)
    by_left = sorted(block, key=lambda line: line.left)
    reach = 0
    for place, line in enumerate(by_left):
        left, right = by_left[:place], by_left[place:]
        wide = place and line.left - reach >= _GUTTER * width
        reach = max(reach, line.right)
        if not wide or min(len(rows_of(left)), len(rows_of(right))) < _LEAST_ROWS:
            continue
        if not all(_is_margin(one.text) for one in left):
            return [left, *_without_gutters(right)]
    return [block]


def _is_margin(text: str) -> bool:
    marks = (NUMBER, _CELL, _OUT, _RAN, _REPL)
    return any((match := mark.match(text)) and match.end() == len(text) for mark in marks)


def _rows(block: Sequence[TextLine], picture: int, edges: tuple[float, float]) -> list[Row]:
    width = pitch_of(block)
    numbered = without_line_numbers(rows_of(block))
    grouped = [row for row, _ in numbered]
    heights = [max(line.bottom - line.top for line in row) for row in grouped]
    half = median(heights) / 2 if heights else 0
    # The middles of boxes are more even than their edges.
    tops = [float(median(line.top + line.bottom for line in row)) / 2 - half for row in grouped]
    pitch = _pitch(tops)
    rows = [_marked(row, width, top / pitch) for row, top in zip(grouped, tops, strict=True)]
    ends = [row[-1].right for row in grouped]
    furthest = [end for end in ends if end >= max(ends) - _ALMOST * width]
    edge = min(furthest) if len(furthest) > 1 else _FAR_RIGHT * picture
    edge = min(edge, _FAR_RIGHT * picture)
    lost = lost_letters(grouped, _is_margin)
    rows = [
        replace(
            row,
            at_edge=end >= edge,
            cut=letters >= _LOST and bool(_QUOTED.search(row.text)),
            number=number,
        )
        for row, end, letters, (_, number) in zip(rows, ends, lost, numbered, strict=True)
    ]
    rows = _without_signs(_with_empty_lists(rows), lost)
    trusted = _without_trust(rows, heights)
    above = [(top - edges[0]) / pitch for top in tops]
    return _with_edges(trusted, above, [(edges[1] - top - 2 * half) / pitch for top in tops])


def _with_empty_lists(rows: Sequence[Row]) -> list[Row]:
    """The rows; brackets alone on a row are a cell's empty prompt only in the margin: where the
    code stands they are what it printed."""
    code = min((row.left for row in rows if row.text and not row.mark), default=0.0)
    return [
        replace(row, text="[]", mark="", margin="")
        if row.mark == "cell" and not row.text and row.margin.strip() == "[]" and row.left >= code
        else row
        for row in rows
    ]


def _without_signs(rows: Sequence[Row], lost: Sequence[float]) -> list[Row]:
    """The rows; one whose box is too wide for its text, by as many letters as it begins left of the
    next row, begins with a sign of the window, such as the button that runs a cell."""
    found = list(rows)
    left = 0.0  # of the next row that has none
    for place in range(len(rows) - 1, -1, -1):
        row, letters = rows[place], lost[place]
        if letters < _LOST:
            left = row.left
        elif row.left < left and not row.mark and not _TEXTS.search(row.text):
            is_sign = abs(row.left + letters - left) <= _SIGN
            found[place] = replace(row, left=left) if is_sign else row
    return found


def _without_trust(rows: Sequence[Row], heights: Sequence[int]) -> list[Row]:
    """The rows, those of them unsure that the edge of a view cuts in two: they are lower than
    others (as are quotes, dots and dashes alone on a row), or too near to the next; the last is too
    near to the one above it."""
    usual = median(heights) if heights else 0
    near = [below.top - row.top < _CLOSE for row, below in pairwise(rows)]
    near = [*near[:-1], False, *near[-1:]] if near else [False] * len(rows)
    return [
        replace(row, confidence=min(row.confidence, CUT))
        if (height < _LOW * usual and any(char.isalnum() for char in row.text)) or is_near
        else row
        for row, height, is_near in zip(rows, heights, near, strict=True)
    ]


def _with_edges(rows: Sequence[Row], above: Sequence[float], below: Sequence[float]) -> list[Row]:
    """The rows, the first of them, and halves of rows above it, as the highest where the view
    begins, the last and halves below it as the lowest where it ends; ``above`` and ``below`` are
    the spaces, in rows, up to its edges."""
    found = list(rows)
    for place, row in enumerate(rows):
        found[place] = replace(row, is_highest=above[place] < _UNSEEN)
        if row.confidence > CUT:
            break
    for place in range(len(rows) - 1, -1, -1):
        found[place] = replace(found[place], is_lowest=below[place] < _UNSEEN)
        if rows[place].confidence > CUT:
            break
    return found


def _pitch(tops: Sequence[float]) -> float:
    """The usual distance between rows, pixels."""
    steps = [b - a for a, b in pairwise(tops) if b > a]
    if not steps:
        return 1.0
    near = sorted(steps)[: max(1, 2 * len(steps) // 3)]  # without blank lines between
    return max(1.0, median(near))


def _marked(pieces: Sequence[TextLine], width: float, top: float) -> Row:
    """One row, without what its margin says."""
    whole = _joined(pieces, width, top)
    if _RAN.match(whole.text):
        return replace(whole, mark="ran")
    for pattern, mark in _MARGINS:
        match = pattern.match(pieces[0].text)
        if match is None:
            continue
        end, margin = match.end(), match[0]
        if pieces[0].text[end:]:
            rest = replace(whole, text=whole.text[end:], left=whole.left + end)
        elif len(pieces) > 1:
            rest = _joined(pieces[1:], width, top)
        else:
            rest = replace(whole, text="")
        return replace(rest, mark=mark, margin=margin)
    return whole


def _joined(pieces: Sequence[TextLine], width: float, top: float) -> Row:
    """The pieces of one row, set apart by as many spaces as they stand (before a comment, all of
    them); those that touch belong together, as the ends of a name cut at its underscores."""
    text = pieces[0].text
    for before, piece in pairwise(pieces):
        least = 1 if piece.left >= before.right else 0
        gap = min(max(round((piece.left - before.right) / width), least), WIDEST_GAP)
        placed = round((piece.left - pieces[0].left) / width) - len(text)
        # Boxes are wider than what stands in them: a gap of several spaces may have one more.
        if piece.text.startswith("#") or placed == gap + 1 > 2:
            gap = max(gap, placed)
        text += " " * gap + piece.text
    return Row(text, pieces[0].left / width, top, min(line.confidence for line in pieces))
