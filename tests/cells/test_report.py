"""The report on cells as a terminal shows it."""

from __future__ import annotations

from pipeline.cells.report import CellReport, Report, summary_of


def test_each_cell_is_a_line_with_its_place_and_reason_then_come_the_counts() -> None:
    first = CellReport(index=1, section="Bytes", language="python", source="1", status="passed")
    wrong = {"index": 2, "section": "", "status": "failed", "reason": "NameError: x"}
    cells = (first, first.model_copy(update=wrong))
    told = Report(cells=cells, summary=summary_of(cells)).describe().splitlines()
    assert told[:2] == ["cell 1 in Bytes: passed", "cell 2: failed: NameError: x"]
    assert told[2] == "1 passed, 1 failed"


def test_without_cells_it_says_so() -> None:
    assert Report(cells=(), summary=summary_of(())).describe().splitlines()[0] == "no cells"
