"""A few conversions in a row, by form and in one process: nothing is left behind."""

from __future__ import annotations

import subprocess
import sys

from tests.load.census import needs_proc
from tests.shared import ROOT

pytestmark = needs_proc


def test_conversions_leave_no_process_handle_file_or_thread_behind() -> None:
    """In a process of its own, whose handles and threads are not those of other tests. One goes
    through the form of a server, two through a call; the soak has many, and reads pictures, too."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.load.soak", "--conversions", "2", "--form", "1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "left: 0 temporary files, 0 other files, 0 processes" in done.stdout
