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

STEP = 4
_KEYWORD = re.compile(r"\s*([a-z]+)\b")
_ENDS_BLOCK = ("return", "break", "continue", "raise", "pass")
# Which blocks may stand before a clause that goes on.
_GOES_ON = {
    "else": ("if", "elif", "for", "while", "except", "async"),
    "elif": ("if", "elif"),
    "except": ("try", "except"),
    "finally": ("try", "except", "else"),
}
_STRINGS = re.compile(r"(\"[^\"]*\"|'[^']*'|#.*)")


@dataclass(frozen=True)
class Shaped:
    """A line with its level (0: at the margin) and how far, in columns, it was seen from there."""

    text: str
    level: int
    off: float
    continues: bool

    @property
    def source(self) -> str:
        return " " * (STEP * self.level) + self.text


@dataclass(frozen=True)
class _State:
    """The blocks open after a line; whether it opened one, and whether it ends one."""

    blocks: tuple[str, ...]
    opened: bool
    ended: bool


def shaped(lines: Sequence[str]) -> list[Shaped]:
    """``lines`` with the likeliest levels; those inside brackets keep the level of their start."""
    if not lines:
        return []
    least = min(_indent(line) for line in lines)
    margins = range(least - 1, least + STEP + 1)
    return min((_shaped(lines, margin) for margin in margins), key=_total)


def _total(lines: Sequence[Shaped]) -> float:
    return sum(line.off**2 for line in lines)


def _shaped(lines: Sequence[str], margin: int) -> list[Shaped]:
    start = _State((), opened=False, ended=False)
    paths: dict[_State, tuple[float, tuple[Shaped, ...]]] = {start: (0.0, ())}
    brackets = 0
    for line in lines:
        if brackets > 0:
            paths = {
                state: (cost, (*path, Shaped(line.strip(), path[-1].level + 1, 0.0, True)))
                for state, (cost, path) in paths.items()
            }
        else:
            paths = _after(paths, line, _indent(line) - margin)
        brackets = max(0, brackets + _balance(line))
    return list(min(paths.values(), key=lambda item: item[0])[1])


def _after(
    paths: dict[_State, tuple[float, tuple[Shaped, ...]]], line: str, column: int
) -> dict[_State, tuple[float, tuple[Shaped, ...]]]:
    found: dict[_State, tuple[float, tuple[Shaped, ...]]] = {}
    match = _KEYWORD.match(line)
    keyword = match[1] if match else ""
    opens = _STRINGS.sub("", line).rstrip().endswith(":")
    for state, (cost, path) in paths.items():
        for level in _levels(state, keyword):
            off = float(column - STEP * level)
            blocks = state.blocks[:level] + ((keyword,) if opens else ())
            after = _State(blocks, opens, keyword in _ENDS_BLOCK)
            total = cost + off**2
            if after not in found or total < found[after][0]:
                found[after] = (total, (*path, Shaped(line.strip(), level, off, False)))
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


def _balance(line: str) -> int:
    bare = _STRINGS.sub("", line)
    return sum(bare.count(char) for char in "([{") - sum(bare.count(char) for char in ")]}")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
