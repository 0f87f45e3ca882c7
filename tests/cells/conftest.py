"""What the tests of cells share: a sandbox that works, and short ways to run code in it."""

from __future__ import annotations

import functools
from collections.abc import Callable

import pytest

from pipeline.cells.checker import Text, check_texts
from pipeline.cells.environment import CellEnvironment, prepare_environment
from pipeline.cells.report import CellReport, Report
from pipeline.cells.sandbox import bubblewrap
from pipeline.document.parse import parse
from pipeline.document.serialise import serialise
from pipeline.settings.check import CheckSettings

Check = Callable[..., Report]


@functools.cache
def sandboxed(**changes: object) -> CellEnvironment:
    """A bench with bubblewrap; skips where the program is absent, fails where it does not work."""
    if bubblewrap.installed() is None:
        pytest.skip("bubblewrap is not installed (apt install bubblewrap)")
    settings = CheckSettings.model_validate({"sandbox": "bubblewrap", **changes})
    bench = prepare_environment(settings)
    assert bench.sandbox.usable, bench.sandbox.detail
    return bench


@pytest.fixture
def check() -> Check:
    """Checks Markdown in the sandbox: ``check(markdown, cell_timeout_s=2)``."""

    def run(markdown: str, **changes: object) -> Report:
        settings = CheckSettings.model_validate({"sandbox": "bubblewrap", **changes})
        return check_texts([Text("", parse(markdown))], sandboxed(**changes), settings).report

    return run


@pytest.fixture
def run(check: Check) -> Callable[..., CellReport]:
    """Runs one cell in the sandbox and gives its report: ``run("print(1)")``."""

    def one(source: str, **changes: object) -> CellReport:
        return check(cells(source), **changes).cells[0]

    return one


@pytest.fixture
def rewritten() -> Callable[[str], str]:
    """Checks Markdown in the sandbox and gives the text with the real outputs in place."""

    def run(markdown: str) -> str:
        settings = CheckSettings(sandbox="bubblewrap")
        checked = check_texts([Text("", parse(markdown))], sandboxed(), settings)
        return serialise(checked.blocks[0])

    return run


def cells(*sources: str) -> str:
    """Markdown with one Python cell for each source."""
    return "\n".join(f"```python\n{source}\n```\n" for source in sources)


def statuses(report: Report) -> list[str]:
    """The status of each cell."""
    return [cell.status for cell in report.cells]
