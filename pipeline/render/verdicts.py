"""What the check's report says of all cells together."""

from __future__ import annotations

from collections import Counter

from pipeline.cells.report import Report, is_python

RAN = "passed"
EXCERPT = "excerpt"


def ran(report: Report) -> tuple[int, int]:
    """How many Python cells ran, of how many there are; excerpts count, though none of them ran."""
    counts = cell_counts(report)
    return counts[RAN], counts.total()


def cell_counts(report: Report) -> Counter[str]:
    """What became of the Python cells: ``passed`` (they ran), ``excerpt``, else their status."""
    counts: Counter[str] = Counter()
    for cell in report.cells:
        if not is_python(cell.language):
            continue
        if cell.status == "skipped" and EXCERPT in cell.tags:
            counts[EXCERPT] += 1
        else:
            counts[RAN if cell.ran else cell.status] += 1
    return counts
