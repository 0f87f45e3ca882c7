"""What the report of the check stage says of all cells together."""

from __future__ import annotations

from pipeline.cells.report import CellReport, Report, summary_of
from pipeline.render.verdicts import ran
from tests.render.sample import report


def test_excerpts_count_as_cells_that_did_not_run() -> None:
    cell = CellReport(
        index=1, section="", language="python", source="", status="skipped", tags=("excerpt",)
    )
    assert ran(Report(cells=(cell,), summary=summary_of((cell,)))) == (0, 1)


def test_a_cell_that_ran_on_other_values_than_the_lectures_ran() -> None:
    cell = CellReport(
        index=1, section="", language="python", source="", status="shown", other_data=True
    )
    assert ran(Report(cells=(cell,), summary=summary_of((cell,)))) == (1, 1)


def test_a_shell_command_is_no_cell_that_failed_to_run() -> None:
    assert ran(report()) == (4, 4)
