"""Cells that ran on other values than the lecture's: what they print is held against nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.cells.program import Program
from pipeline.cells.sandbox.outcome import CellOutcome
from pipeline.cells.stale_values import StaleValues
from pipeline.cells.verdict import Verdict
from pipeline.document.blocks import SHORTENED

_RAN = ("passed", "mismatch")
# What a cell may well raise for the values that it has, and not for how it is written.
_OF_VALUES = ("ValueError", "IndexError", "KeyError", "ZeroDivisionError", "AssertionError")


@dataclass
class OtherData:
    """Which values of the session are not the lecture's, and what that makes of verdicts."""

    _stale: StaleValues = field(default_factory=StaleValues)
    _shortened: set[int] = field(default_factory=set)  # cells that set but a part of a text

    def judged(self, verdict: Verdict, program: Program, outcome: CellOutcome) -> Verdict:
        """``verdict``, without a word on the output, or on an error, where a value that the cell
        reads is not the lecture's."""
        if verdict.status == "passed" and program.claims:
            return verdict
        if is_shortened(program) and verdict.status in _RAN:
            return Verdict("shown", "ran on the part of its text that the screen shows")
        if verdict.status == "passed" and not outcome.stdout.strip():
            return verdict
        depends = verdict.status in _RAN or _is_of_values(outcome)
        if not depends or (used := self._stale.used_by(program.source)) is None:
            return verdict
        name, cell = used
        why = f"as cell {cell} {'has but a part of it' if cell in self._shortened else 'did not'}"
        other = f"on another {name} than the lecture's"
        if verdict.status in _RAN:
            return Verdict("shown", f"ran {other}, {why}")
        return Verdict("skipped", f"fails {other}, {why} ({verdict.reason})")

    def record(self, program: Program, ran: bool) -> None:
        """A cell ran, to its end or its mismatch, or did not."""
        if ran and is_shortened(program):
            self._shortened.add(program.index)
            self._stale.ran_on_part(program.source, program.index)
        elif ran:
            self._stale.ran(program.source)
        elif program.cell.is_python:
            self._stale.left_out(program.source, program.index)


def is_shortened(program: Program) -> bool:
    """Whether a text in the cell is but a part of the lecture's."""
    return SHORTENED in program.cell.tags


def _is_of_values(outcome: CellOutcome) -> bool:
    error = outcome.done.error if outcome.done else None
    return bool(error and error.chain and error.chain[0].type in _OF_VALUES)
