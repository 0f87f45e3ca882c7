"""Lighthouse's scores of pages, with figures that do not hang on how busy the machine is.

Run ``python -m tests.benchmarks.bench_lighthouse [output folder] [lecture ...]``: of its library
and of the lectures named (all rendered ones without a name); without a folder, of the made-up
lecture of ``bench_site``. Prints medians of 5 visits: the four scores, times in ms as Lighthouse
reckons them for a slow phone, main-thread ms of this machine, bytes, requests and elements.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pipeline.render.library_index import rendered
from tests.benchmarks.bench_site import made_up
from tests.browser.conftest import serve_in_thread, write_rendered
from tests.browser.lighthouse import audit, program, scores

VISITS = 5
FIGURES = {
    "FCP": "first-contentful-paint",
    "LCP": "largest-contentful-paint",
    "TBT": "total-blocking-time",
    "SI": "speed-index",
    "main thread": "mainthread-work-breakdown",
    "bytes": "total-byte-weight",
    "elements": "dom-size",
}


def measure(address: str) -> str:
    """One line of medians."""
    reports = [audit(address) for _ in range(VISITS)]
    marks = [list(scores(report).values()) for report in reports]
    words = ["/".join(f"{statistics.median(column):.0f}" for column in zip(*marks, strict=True))]
    for name, key in FIGURES.items():
        values = [report["audits"][key].get("numericValue", 0) for report in reports]
        words.append(f"{name} {statistics.median(values):.0f}")
    requests = [len(report["audits"]["network-requests"]["details"]["items"]) for report in reports]
    return ", ".join([*words, f"requests {statistics.median(requests):.0f}"])


def main(arguments: Sequence[str]) -> int:
    """Measure and print; 1 where Lighthouse is missing."""
    if program() is None:
        print("lighthouse is not installed (npm install lighthouse@12; LIGHTHOUSE is its path)")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        output = Path(arguments[0]) if arguments else Path(folder)
        if not arguments:
            write_rendered(made_up(output / "made-up"))
        names = arguments[1:] or [one.name for one in rendered(output)]
        for served in serve_in_thread(output):
            for path in ("/", *(f"/{name}/render/index.html" for name in names)):
                print(path, measure(f"{served.address}{path}"), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
