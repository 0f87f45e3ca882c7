"""Text in a fixed-pitch font: its letters stand on a grid, so a letter that was not read leaves a
gap, and the spaces between two words can be counted.

A reader gives one space for two, none beside a quote, and one backtick for a pair. On the pictures
of two editors and a terminal the middle of a letter is read 0.10 to 0.15 of a letter off its place
on the grid; in a proportional font, where there is no grid, 0.21 and more.
"""

from __future__ import annotations

import cmath
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean, median

from pipeline.video.ocr.lines import TextLine

_LEAST_LETTERS = 12  # of a line that tells the pitch
_LONG = 40  # letters: such lines tell it exactly
_LAG = 10  # letters between those whose distance is measured
_SAME_PITCH = 0.03
_LEAST_LINES = 4
_OFF = 0.18  # of a letter: the mean distance from the grid, at most
_SHIFTS = range(-2, 5)
_SHIFT_COST = 0.7  # as much as a letter that is 0.8 of a letter away from its place
_PAIRED = "`'\""  # read once where they stand twice
_QUOTES = {"'": re.compile(r"(?<![a-z])'|'(?![a-z])", re.IGNORECASE), '"': re.compile('"')}
_BACKTICKS = re.compile(r"`+")
_CLOSING = ".,;:!?)]}"


def on_grid(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines, those in the fixed-pitch font of the picture with all their spaces and pairs of
    quotes; all as they are where the picture has no such font."""
    pitches = [pitch for line in lines if (pitch := _pitch(line))]
    common = _common(pitches)
    if common is None:
        return list(lines)
    long = [
        pitch
        for line in lines
        if len(line.places) >= _LONG and (pitch := _whole_pitch(line)) and _near(pitch, common)
    ]
    exact = median(long) if long else common
    return [_placed(line, exact) for line in lines]


def _pitch(line: TextLine) -> float | None:
    """The width of a letter by this line, pixels; None when it is too short."""
    columns = _columns(line)
    if len(columns) < _LEAST_LETTERS:
        return None
    pairs = list(zip(columns, line.places, strict=True))
    steps = [
        (place - start) / (column - begin)
        for (begin, start), (column, place) in zip(pairs, pairs[_LAG:], strict=False)
    ]
    return median(steps)


def _whole_pitch(line: TextLine) -> float | None:
    columns = _columns(line)
    if not columns:
        return None
    return (line.places[-1] - line.places[0]) / (columns[-1] - columns[0])


def _common(pitches: Sequence[float]) -> float | None:
    """The pitch of most lines; None when too few agree."""
    near = [[one for one in pitches if _near(one, pitch)] for pitch in pitches]
    best = max(near, key=len, default=[])
    return median(best) if len(best) >= _LEAST_LINES else None


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= _SAME_PITCH * other


def _columns(line: TextLine) -> list[int]:
    """The column of each letter that is no space, as the text has them; none where their places
    are not known."""
    columns = [number for number, letter in enumerate(line.text) if not letter.isspace()]
    return columns if len(columns) == len(line.places) else []


def _placed(line: TextLine, pitch: float) -> TextLine:
    columns = _columns(line)
    if len(columns) < 2:
        return line
    cells = [place / pitch for place in line.places]
    # The phase of the grid under this line.
    turn = sum(cmath.exp(2j * math.pi * cell) for cell in cells)
    phase = cmath.phase(turn) / (2 * math.pi)
    away = [cell - phase for cell in cells]
    if fmean(abs(one - round(one)) for one in away) > _OFF:
        return line
    start = round(away[0])
    shifts = _shifts([one - start for one in away], columns, line.text)
    return replace(line, text=_spaced(line.text, columns, shifts))


def _shifts(cells: Sequence[float], columns: Sequence[int], text: str) -> list[int]:
    """How many columns further right than in the text each letter stands, at the least cost."""
    costs = {0: (cells[0] - columns[0]) ** 2}
    before: list[dict[int, int]] = []
    for number in range(1, len(cells)):
        after_space = text[columns[number] - 1].isspace()
        new: dict[int, float] = {}
        came: dict[int, int] = {}
        for shift in _SHIFTS:
            ways = {
                old: cost + _SHIFT_COST * abs(shift - old)
                for old, cost in costs.items()
                if shift >= old or (after_space and shift >= old - 1)
            }
            if ways:
                came[shift] = min(ways, key=lambda old: (ways[old], abs(shift - old)))
                off = cells[number] - columns[number] - shift
                new[shift] = ways[came[shift]] + off**2
        costs = new
        before.append(came)
    shift = min(costs, key=lambda one: costs[one])
    found = [shift]
    for came in reversed(before):
        shift = came[shift]
        found.append(shift)
    return found[::-1]


def _spaced(text: str, columns: Sequence[int], shifts: Sequence[int]) -> str:
    """The text with what is missing where letters stand further right than read."""
    out = text[: columns[0] + 1]
    paired = -1  # the last mark that was made a pair
    late = 0  # what is missing, but not here
    for number in range(1, len(columns)):
        last, this = columns[number - 1], columns[number]
        between = text[last + 1 : this]
        missing = shifts[number] - shifts[number - 1] + late
        late = 0
        if missing < 0:
            between = between[: max(1, len(between) + missing)]
        elif missing and _is_open(out) and text[last] != "`" and missing >= 2:
            between = "``" + between + " " * (missing - 2)
        elif missing and last > paired and _ends_pair(out, between) and _single(text, last):
            between = text[last] + between + " " * (missing - 1)
        elif missing and (mark := _single(text, this)):
            begins = text[last].isalnum() and not between and mark == "`" and not _is_open(out)
            spaces = missing if begins else missing - 1
            between += " " * spaces + (mark if not begins else "")
            paired = -1 if begins else this
        elif missing and text[this] in _CLOSING and not between:
            late = missing
        elif missing and not between and "_" in text[last] + text[this]:
            between += "_" * missing  # they run together: a reader loses one
        elif missing and (between or not _is_one_word(text, last, this)):
            between += " " * missing
        out += between + text[this]
    return out + text[columns[-1] + 1 :]


def _single(text: str, at: int) -> str:
    """The mark at ``at`` where it stands alone and has to be a pair; else "".

    Backticks enclose names in pairs, a quote without a partner is half of an empty string.
    """
    mark = text[at]
    if mark not in _PAIRED or mark in (text[at - 1 : at], text[at + 1 : at + 2]):
        return ""
    is_apostrophe = text[at - 1 : at].isalpha() and text[at + 1 : at + 2].isalpha()
    if mark == "`":
        return mark
    return mark if not is_apostrophe and len(_QUOTES[mark].findall(text)) % 2 else ""


def _ends_pair(text: str, between: str) -> bool:
    """Whether a mark at the end of ``text`` closes what it encloses, or another letter follows."""
    return not between or (text.endswith("`") and not _is_open(text))


def _is_open(text: str) -> bool:
    """Whether backticks are open at its end."""
    return len(_BACKTICKS.findall(text)) % 2 == 1


def _is_one_word(text: str, last: int, this: int) -> bool:
    """Whether two letters side by side belong together: in a word, of a call, of three quotes."""
    pair = text[last] + text[this]
    call = text[last].isalnum() and text[this] == "("
    return (
        call
        or pair.isalnum()
        or (text[last] in "'\"" and 3 * text[last] in text[max(0, last - 2) : this + 3])
    )
