"""The result of checking an article: ``check/report.json``."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from pipeline.document.blocks import PYTHON
from pipeline.engine.workspace import Artifact
from pipeline.models import Model

CellStatus = Literal["passed", "mismatch", "failed", "timeout", "blocked", "skipped", "shown"]
OracleStatus = Literal["passed", "failed", "skipped"]
# Of cells that ran to their end, whatever their claimed output says.
RAN: frozenset[CellStatus] = frozenset({"passed", "mismatch"})


class CellReport(Model):
    """One cell: what it is, what it claimed, what came of it.

    ``id`` is that of the cell in ``check/article.json`` (empty in reports of older versions).
    ``index`` counts from 1 over the whole article; ``section`` is the id of its section (empty for
    a plain Markdown file). ``claimed`` is the output that the text gives for it, None when it gives
    none. ``stdout`` is all that it showed: what it printed and, as in the interactive interpreter,
    the value of its last expression, which is also in ``result``. ``at_ms`` is the moment of the
    lecture that it stands for, None when there is no lecture. ``duration_ms`` counts whole seconds.
    ``pictures`` are the paths of the pictures it drew, in the check folder. ``tags`` are the words
    after the language in its fence.
    A ``status`` of ``shown`` says that something which it needs is not to be had, and that the text
    has the output that was seen in the lecture, if any; no verdict is claimed. Then it did not run,
    or, with ``other_data``, it ran to its end on other values than the lecture's.
    ``repairs`` counts the versions a model was asked for; ``written`` is the first version when
    ``source`` is a repaired one.
    """

    id: str = ""
    index: int = Field(ge=1)
    section: str
    language: str
    source: str
    status: CellStatus
    reason: str = ""
    claimed: str | None = None
    stdout: str = ""
    error: str | None = None
    duration_ms: int = Field(0, ge=0)
    at_ms: int | None = None
    result: str | None = None
    stderr: str = ""
    pictures: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    repairs: int = 0
    written: str | None = None
    other_data: bool = False

    @property
    def ran(self) -> bool:
        """Whether it ran to its end, whatever its claimed output says."""
        return self.status in RAN or self.other_data


class OracleReport(Model):
    """What came of holding a function (or a claim) of the article against a trusted one.

    ``detail`` says against what and, when it failed, where they differ with the shortest input
    found. ``cell`` is the index of the cell that defines it, None for a claim in prose.
    """

    name: str
    status: OracleStatus
    detail: str
    cell: int | None = None


class StatusCounts(Model):
    """How many cells ended in each status, excerpts among them."""

    passed: int = 0
    failed: int = 0
    mismatch: int = 0
    skipped: int = 0
    timeout: int = 0
    blocked: int = 0
    shown: int = 0


class Report(Model):
    """``check/report.json``. ``sandbox`` says what the cells ran in, or why they did not run."""

    cells: tuple[CellReport, ...]
    oracles: tuple[OracleReport, ...] = ()
    summary: StatusCounts
    sandbox: str = ""

    @functools.cached_property
    def by_id(self) -> Mapping[str, CellReport]:
        """The cells by their ids; those without one (of older versions) are left out."""
        return {cell.id: cell for cell in self.cells if cell.id}

    def is_good(self) -> bool:
        """Whether nothing is wrong: each cell passed, was shown or skipped; no oracle differs."""
        wrong = {"failed", "mismatch", "timeout", "blocked"}
        return not any(cell.status in wrong for cell in self.cells) and not any(
            oracle.status == "failed" for oracle in self.oracles
        )

    @property
    def headline(self) -> str:
        """One line for the head of the chapter; empty when the article has no Python cells.

        ``34 of 36 cells ran, 5 functions agree with minbpe``.
        """
        python = [cell for cell in self.cells if is_python(cell.language)]
        if not python:
            return ""
        ran = sum(cell.ran for cell in python)
        line = f"{ran} of {len(python)} cells ran"
        functions = [oracle.status for oracle in self.oracles if oracle.cell is not None]
        agree, differ = functions.count("passed"), functions.count("failed")
        if agree:
            line += f", {agree} function{'s agree' if agree > 1 else ' agrees'} with minbpe"
        if differ:
            line += (
                f", {differ} function{'s differ' if differ > 1 else ' differs'} from a trusted one"
            )
        return line

    def describe(self) -> str:
        """The report for a terminal: what is not well, each cell on a line, then the counts."""
        lines = [_line(cell) for cell in self.cells]
        lines += [f"oracle {one.name}: {one.status}: {one.detail}" for one in self.oracles]
        counts = self.summary.model_dump().items()
        lines.append(", ".join(f"{count} {name}" for name, count in counts if count) or "no cells")
        if self.headline:
            lines.append(self.headline)
        return "\n".join(lines)


REPORT = Artifact("check/report.json", Report)


def _line(cell: CellReport) -> str:
    place = f" in {cell.section}" if cell.section else ""
    reason = f": {cell.reason}" if cell.reason else ""
    return f"cell {cell.index}{place}: {cell.status}{reason}"


def summary_of(cells: tuple[CellReport, ...]) -> StatusCounts:
    """The count of each status."""
    counts: dict[str, int] = {}
    for cell in cells:
        counts[cell.status] = counts.get(cell.status, 0) + 1
    return StatusCounts(**counts)


def is_python(language: str) -> bool:
    """Whether a fence's language is Python (or a Python console session)."""
    return language.lower() in PYTHON
