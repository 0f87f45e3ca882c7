"""The indentation of code that was read from a picture, found again from its structure.

Text recognition places a line a column or two off. What Python demands is exact: one step deeper
after a colon, ``else`` under an ``if`` that is still open, shallower after ``return``. Of all
indentations that obey this, the one closest to what was seen is taken (dynamic programming over
the blocks that are open).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import pairwise

from pipeline.writing.transcript_edition.screen_code.docstrings import open_string, quote_after

STEPS = (4, 2)  # columns a level, the usual one first
# A line seen further than this from where it would have to stand is not to be trusted, columns.
FURTHEST_OFF = 1.6
_MOST_PATHS = 60  # of long code: those that were seen furthest from where they are go
_KEYWORD = re.compile(r"\s*([a-z]+)\b")
_ENDS_BLOCK = ("return", "break", "continue", "raise", "pass")
# Which blocks may stand before a clause that goes on.
_GOES_ON = {
    "else": ("if", "elif", "for", "while", "except", "async"),
    "elif": ("if", "elif"),
    "except": ("try", "except"),
    "finally": ("try", "except", "else"),
}
_CLAUSE = re.compile(rf"(?:{'|'.join(_GOES_ON)})\b")
_STRINGS = re.compile(r"(\"[^\"]*\"|'[^']*'|#.*)")
_OPEN_STRING = re.compile(r"[\"'].*$")


@dataclass(frozen=True)
class Shaped:
    """A line with its level (0: at the margin) and how far, in columns, it was seen from there.

    A line inside brackets (``continues``) stands in the column ``column``, whatever its level.
    ``step`` is how many columns a level has.
    """

    text: str
    level: int
    off: float
    continues: bool
    column: int | None = None
    step: int = STEPS[0]

    @property
    def indent(self) -> int:
        """The column it begins in."""
        return self.step * self.level if self.column is None else self.column

    @property
    def source(self) -> str:
        return " " * self.indent + self.text


@dataclass(frozen=True)
class _State:
    """The blocks open after a line; whether it opened one, and whether it ends one."""

    blocks: tuple[str, ...]
    opened: bool
    ended: bool


def shaped(lines: Sequence[str]) -> list[Shaped]:
    """``lines`` with the likeliest levels; those inside brackets stand where they were seen."""
    if not lines:
        return []
    least = min(_indent(line) for line in lines)
    found = [
        (_shaped(lines, margin, step), margin)
        for step in STEPS
        for margin in range(least - 1, least + step + 1)
    ]
    best, margin = min(found, key=lambda one: _total(one[0]))
    parts = [slice(*span) for span in pairwise(_begins(best))]
    return [line for part in parts for line in _in_own_step(best[part], lines[part], margin)]


def _begins(lines: Sequence[Shaped]) -> list[int]:
    """Where each statement at the margin begins, and where the last one ends."""
    found = [
        place
        for place, line in enumerate(lines)
        if line.level == 0 and not line.continues and not _CLAUSE.match(line.text)
    ]
    return [*sorted({0, *found}), len(lines)]


def _in_own_step(found: list[Shaped], lines: Sequence[str], margin: int) -> list[Shaped]:
    """The statement as it was ``found``; where a line of it stands too far from its place, in the
    step that fits it best: the cells of one notebook may have several."""
    if all(abs(line.off) <= FURTHEST_OFF for line in found):
        return found
    return min([found, *(_shaped(lines, margin, step) for step in STEPS)], key=_total)


def _total(lines: Sequence[Shaped]) -> float:
    return sum(line.off**2 for line in lines)


def _shaped(lines: Sequence[str], margin: int, step: int) -> list[Shaped]:
    start = _State((), opened=False, ended=False)
    paths: dict[_State, tuple[float, tuple[Shaped, ...]]] = {start: (0.0, ())}
    brackets = 0
    quote = ""
    split = False  # by a backslash at the end of the line above
    for place, line in enumerate(lines):
        if quote:
            paths = {
                state: (cost, (*path, _quoted(line, path, _indent(line) - margin)))
                for state, (cost, path) in paths.items()
            }
        elif brackets > 0 or split:
            paths = {
                state: (cost, (*path, _inside(line, path, _indent(line) - margin)))
                for state, (cost, path) in paths.items()
            }
        else:
            paths = _after(paths, line, _indent(line) - margin, step)
            best = nsmallest(_MOST_PATHS, paths, key=lambda state: paths[state][0])
            paths = {state: paths[state] for state in best}
        if not quote:
            went_on = brackets > 0 or split
            brackets, split = max(0, brackets + opened_at(lines, place)), line.endswith("\\")
            if went_on and brackets == 0 and not split and _opens(line):
                paths = {
                    _opened(state, path): (cost, path) for state, (cost, path) in paths.items()
                }
        quote = quote_after(line, quote)
    return list(min(paths.values(), key=lambda item: item[0])[1])


def _quoted(line: str, path: tuple[Shaped, ...], seen: int) -> Shaped:
    """A line of a string: as far from the line where its statement began as it was seen."""
    began = next(one for one in reversed(path) if not one.continues)
    column = max(0, began.indent + seen - round(began.step * began.level + began.off))
    return Shaped(line.strip(), began.level, 0.0, True, column, began.step)


def _inside(line: str, path: tuple[Shaped, ...], seen: int) -> Shaped:
    """A line inside brackets: under what follows the bracket, a step deeper, or where its statement
    began, whichever is nearest to where it was seen."""
    began = next(one for one in reversed(path) if not one.continues)
    opened: list[int] = []
    for one in path[path.index(began) :]:
        bare = _STRINGS.sub(lambda match: " " * len(match[0]), one.text)
        for place, char in enumerate(bare):
            if char in "([{":
                opened.append(one.indent + place + 1)
            elif char in ")]}" and opened:
                opened.pop()
    if not opened:
        return _quoted(line, path, seen)  # after a backslash: wherever it was seen
    columns = [began.indent + step * deeper for step in STEPS for deeper in (0, 1, 2)]
    columns += opened[-1:]
    column = min(columns, key=lambda one: abs(one - seen))
    return Shaped(line.strip(), began.level + 1, 0.0, True, column, began.step)


def _opens(line: str) -> bool:
    return _STRINGS.sub("", line).rstrip().endswith(":")


def _opened(state: _State, path: tuple[Shaped, ...]) -> _State:
    """The state behind the last line of a head, such as that of a ``def``, of several lines."""
    began = next(one for one in reversed(path) if not one.continues)
    match = _KEYWORD.match(began.text)
    blocks = (*state.blocks[: began.level], match[1] if match else "")
    return _State(blocks, opened=True, ended=False)


def _after(
    paths: dict[_State, tuple[float, tuple[Shaped, ...]]], line: str, column: int, step: int
) -> dict[_State, tuple[float, tuple[Shaped, ...]]]:
    found: dict[_State, tuple[float, tuple[Shaped, ...]]] = {}
    match = _KEYWORD.match(line)
    keyword = match[1] if match else ""
    opens = _opens(line)
    comments = line.lstrip().startswith("#")
    for state, (cost, path) in paths.items():
        # A comment may stand at any level, and an ``else`` below it still has its ``if``.
        levels = range(len(state.blocks) + 1) if comments else _levels(state, keyword)
        for level in levels:
            off = float(column - step * level)
            blocks = state.blocks[:level] + ((keyword,) if opens else ())
            after = state if comments else _State(blocks, opens, keyword in _ENDS_BLOCK)
            total = cost + off**2
            if after not in found or total < found[after][0]:
                found[after] = (total, (*path, Shaped(line.strip(), level, off, False, step=step)))
    return found


def _levels(state: _State, keyword: str) -> Sequence[int]:
    """The levels that the next line may have; any when none is right (it will not parse)."""
    depth = len(state.blocks)
    if state.opened:
        return (depth,)
    deepest = depth - 1 if state.ended and depth else depth
    levels = range(deepest + 1)
    if keyword in _GOES_ON:
        fitting = [n for n in levels if n < depth and state.blocks[n] in _GOES_ON[keyword]]
        return fitting or [0]
    return levels


def opened_at(lines: Sequence[str], place: int) -> int:
    """How many brackets the line at ``place`` opens and does not close; none where a string on it
    does not end and the next line is not deeper: it was not read to its end."""
    following = lines[place + 1] if place + 1 < len(lines) else ""
    is_deeper = following and _indent(following) > _indent(lines[place])
    return balance(lines[place]) if is_deeper or not open_string(lines[place]) else 0


def balance(line: str) -> int:
    """How many brackets ``line`` opens and does not close.

    Where a quote has no partner, it was misread or the line is cut off: what agrees better counts.
    """
    bare = _STRINGS.sub("", line)
    readings = (bare, _OPEN_STRING.sub("", bare))
    return min((_unclosed(one) for one in readings), key=abs)


def _unclosed(bare: str) -> int:
    return sum(bare.count(char) for char in "([{") - sum(bare.count(char) for char in ")]}")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
