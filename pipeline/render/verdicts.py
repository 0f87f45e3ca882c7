"""What the check's report says of all cells together."""

from __future__ import annotations

from pipeline.cells.report import Report, is_python


def ran(report: Report) -> tuple[int, int]:
    """How many Python cells ran, of how many there are (excerpts are not meant to run)."""
    cells = [
        cell
        for cell in report.cells
        if is_python(cell.language) and not (cell.status == "skipped" and "excerpt" in cell.tags)
    ]
    return sum(cell.status in ("passed", "mismatch") for cell in cells), len(cells)
