"""What the sandbox and the oracles cost: ``python -m tests.benchmarks.bench_cells``.

Each figure is the median of several runs. The aims: a sandbox starts in under 150 ms, and an
article of 100 trivial cells is checked in under 2 s.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from pipeline.cells.checker import Text, check_texts
from pipeline.cells.environment import CellEnvironment, prepare_environment
from pipeline.cells.sandbox.selection import Unconfined
from pipeline.cells.sandbox.session import SandboxSession
from pipeline.document.parse import parse
from pipeline.settings.check import CheckSettings
from tests.cells.oracles.lecture_functions import CELLS, MUTATIONS, VARIANTS


def main() -> None:
    """Print the table."""
    bench = prepare_environment(CheckSettings())
    if not bench.sandbox.usable:
        print(f"no sandbox works here: {bench.sandbox.detail}")
        return
    bare = replace(bench, sandbox=replace(bench.sandbox, sandbox=Unconfined()))
    print(f"sandbox: {bench.sandbox.line}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"{'':46}{'sandbox':>10}{'no sandbox':>12}")
    _row("plain interpreter start and end", None, _plain_start)
    _row("start", lambda: _start(bench), lambda: _start(bare))
    _row("start, first cell, end", lambda: _once(bench), lambda: _once(bare))
    hundred = "".join(f"```python\nx = {n}\nx\n```\n\n" for n in range(100))
    _row(
        "article of 100 trivial cells",
        lambda: _check(hundred, bench),
        lambda: _check(hundred, bare),
    )
    lecture = "".join(f"```python\n{source}```\n\n" for source in CELLS.values())
    _row("8 cells of the lecture, 10 oracles", lambda: _check(lecture, bench), lambda: None)
    _bugs(bench)


def _row(name: str, confined: Callable[[], object] | None, bare: Callable[[], object]) -> None:
    left = f"{_median_ms(confined):.0f} ms" if confined else ""
    right = _median_ms(bare)
    print(f"{name:46}{left:>10}{f'{right:.0f} ms' if right >= 0.5 else '':>12}")


def _median_ms(work: Callable[[], object], runs: int = 7) -> float:
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return 1000 * statistics.median(times)


def _plain_start() -> None:
    subprocess.run([sys.executable, "-c", "pass"], check=True)


def _start(bench: CellEnvironment) -> None:
    assert bench.sandbox.sandbox
    SandboxSession(bench.sandbox.sandbox, bench.contents, bench.limits).close()


def _once(bench: CellEnvironment) -> None:
    _check("```python\nprint(1)\n```\n", bench)


def _check(markdown: str, bench: CellEnvironment) -> None:
    report = check_texts([Text("", parse(markdown))], bench, CheckSettings()).report
    assert report.is_good(), report.describe()


def _bugs(bench: CellEnvironment) -> None:
    """How many of the bugs the oracles find, and how often they are wrong about right code."""

    def differing(changed: str, source: str) -> bool:
        cells = [source if name == changed else right for name, right in CELLS.items()]
        text = "".join(f"```python\n{one}```\n\n" for one in cells)
        report = check_texts([Text("", parse(text))], bench, CheckSettings()).report
        return any(oracle.status == "failed" for oracle in report.oracles)

    caught = sum(
        differing(one.cell, CELLS[one.cell].replace(one.right, one.wrong))
        for one in MUTATIONS.values()
    )
    alone = [(name, cell, source) for name, (cell, source) in VARIANTS.items()]
    # This one changes the order of the arguments, which the cells after it do not know of.
    usable = [one for one in alone if "other way round" not in one[0]]
    alarms = sum(differing(cell, source) for _, cell, source in usable)
    print(f"bugs found by the oracles: {caught} of {len(MUTATIONS)}")
    print(f"right variants called wrong: {alarms} of {len(usable)}")


if __name__ == "__main__":
    main()
