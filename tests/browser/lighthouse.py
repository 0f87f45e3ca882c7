"""Lighthouse (npm's package, 12 for Node 20) on a page, in Debian's Chromium."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import Any

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


def program() -> str | None:
    """The command ``lighthouse``: from ``LIGHTHOUSE`` (a path), else from the search path."""
    return os.environ.get("LIGHTHOUSE") or shutil.which("lighthouse")


def audit(address: str) -> dict[str, Any]:
    """Lighthouse's whole report of the page at ``address``, as on a slow mobile phone.

    A browser that did not start in time, or did not paint, is given two more tries.

    Raises:
        AssertionError: Lighthouse failed.
    """
    command = program()
    assert command
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or ""
    for _ in range(3):
        done = subprocess.run(
            [command, address, "--quiet", "--output=json", "--output-path=stdout",
             "--chrome-flags=--headless=new --no-sandbox --disable-gpu"],
            env={**os.environ, "CHROME_PATH": chromium}, capture_output=True,
        )  # fmt: skip
        if done.returncode == 0:
            report: dict[str, Any] = json.loads(done.stdout)
            if "runtimeError" not in report:
                return report
    raise AssertionError(done.stderr.decode("utf-8", "replace") or report["runtimeError"])


def scores(report: dict[str, Any]) -> dict[str, int]:
    """The four scores, 0 to 100."""
    return {name: round(100 * report["categories"][name]["score"]) for name in CATEGORIES}
