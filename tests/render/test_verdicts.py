"""The report of the check stage, matched to the fences."""

from __future__ import annotations

from pipeline.render.verdicts import Verdicts, ran
from tests.render.sample import MERGE, STATS, report


def test_a_fence_finds_its_verdict_and_a_later_one_is_still_there() -> None:
    verdicts = Verdicts(report())
    first, unknown, second = (verdicts.take(text) for text in (STATS + "\n", "other", MERGE))
    assert first and second and unknown is None
    assert (first.index, second.index) == (1, 2)


def test_a_shell_command_is_no_cell_that_failed_to_run() -> None:
    assert ran(report()) == (4, 4)
