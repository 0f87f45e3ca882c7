"""The report of the check stage, read loosely."""

from __future__ import annotations

import json

from pipeline.site.verdicts import Verdicts
from tests.site.sample import report


def test_the_report_is_counted_by_status() -> None:
    verdicts = Verdicts.from_json(json.dumps(report()).encode())
    assert verdicts.counts() == {"passed": 4, "skipped": 1}
    assert verdicts.oracles == [("minbpe", "passed", "same merges")]


def test_a_shell_command_is_no_cell_that_failed_to_run() -> None:
    assert Verdicts.from_json(json.dumps(report()).encode()).ran() == (4, 4)


def test_fields_of_a_later_version_do_no_harm() -> None:
    data = {"cells": [{"index": 1, "source": "x", "status": "passed", "new": 1}], "more": []}
    assert Verdicts.from_json(json.dumps(data).encode()).counts() == {"passed": 1}
