"""A list of atoms in a formula as TeX counts it: rows, columns, scripts, what may follow what."""

from __future__ import annotations

from dataclasses import dataclass

# Written ``{a \\over b}``, as commands with two arguments.
DIVIDED = {r"\over": r"\frac", r"\choose": r"\binom"}


class NoMathsError(Exception):
    """What was read is not in the grammar."""


@dataclass(frozen=True)
class Place:
    """Where a list of atoms stands.

    Attributes:
        end: the token that ends it; empty: the end of the formula.
        columns: how many its rows may have; 0: it has no ``&``.
        rows: whether ``\\\\`` may stand in it.
        lines: whether ``\\hline`` may begin a row.
        middle: whether ``\\middle`` may stand in it.
    """

    end: str
    columns: float = 0
    rows: bool = False
    lines: bool = False
    middle: bool = False


class AtomList:
    """What a list has become so far, and what may follow in it."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._made: list[str] = []
        self._divided = ""
        self._scripts = ""
        self._columns = 1
        self._operator = False
        self._empty = True  # this row, so far

    def text(self) -> str:
        """All of it."""
        inside = "".join(self._made)
        return f"{self._divided}{{{inside}}}" if self._divided else inside

    def space(self) -> None:
        self._made.append(" ")

    def atom(self, atom: str, operator: bool) -> None:
        if atom in ("[", "*") and self._empty and r"\\" in self._made:
            self._made.append("{}")  # else it would say how far it is to the next row
        self._made.append(atom)
        self._scripts, self._operator, self._empty = "", operator, False

    def script(self, kind: str, argument: str) -> None:
        if kind in self._scripts:
            raise NoMathsError
        self._made.append(argument if argument.startswith("'") else kind + argument)
        self._scripts += kind
        self._operator = self._empty = False

    def limits(self, token: str) -> None:
        if not self._operator:
            raise NoMathsError
        self._made.append(token)
        self._operator = False

    def column(self) -> None:
        self._columns += 1
        if self._columns > self._place.columns:
            raise NoMathsError
        self._made.append("&")
        self._scripts, self._operator, self._empty = "", False, False

    def row(self) -> None:
        if not self._place.rows or self._divided:
            raise NoMathsError
        self._made.append("\\\\")
        self._scripts, self._operator, self._empty, self._columns = "", False, True, 1

    def line(self) -> None:
        if not (self._place.lines and self._empty):
            raise NoMathsError
        self._made.append(r"\hline ")

    def middle(self, delimiter: str) -> None:
        if not self._place.middle:
            raise NoMathsError
        self.atom(rf"\middle{delimiter} ", operator=False)

    def divide(self, token: str) -> None:
        if self._divided or self._place.columns or self._place.middle or r"\\" in self._made:
            raise NoMathsError
        self._divided = f"{DIVIDED[token]}{{{''.join(self._made).strip()}}}"
        self._made.clear()
        self._scripts, self._operator = "", False
