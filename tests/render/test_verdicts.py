"""What the report of the check stage says of all cells together."""

from __future__ import annotations

from pipeline.render.verdicts import ran
from tests.render.sample import report


def test_a_shell_command_is_no_cell_that_failed_to_run() -> None:
    assert ran(report()) == (4, 4)
