"""The verdicts of the check stage, matched to the fences of the chapter."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.cells.report import CellReport, Report, is_python, summary_of

NO_REPORT = Report(cells=(), summary=summary_of(()))


@dataclass
class Verdicts:
    """All cells of a report in the order of the fences, handed out one by one."""

    report: Report = NO_REPORT
    _next: int = field(default=0, repr=False)

    def take(self, source: str) -> CellReport | None:
        """The verdict of the next fence with this source, or None when it is not a cell.

        Fences come in the report's order; one that the report left out is skipped over.
        """
        wanted = source.strip()
        for at in range(self._next, len(self.report.cells)):
            if self.report.cells[at].source.strip() == wanted:
                self._next = at + 1
                return self.report.cells[at]
        return None


def ran(report: Report) -> tuple[int, int]:
    """How many Python cells ran, of how many there are (excerpts are not meant to run)."""
    cells = [
        cell
        for cell in report.cells
        if is_python(cell.language) and not (cell.status == "skipped" and "excerpt" in cell.tags)
    ]
    return sum(cell.status in ("passed", "mismatch") for cell in cells), len(cells)
