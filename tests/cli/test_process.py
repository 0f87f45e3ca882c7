"""Ctrl-C ends a command soon, whatever it is in the middle of."""

from __future__ import annotations

import signal
import subprocess
import sys

from tests.shared import ROOT

# A computation of some quarter of an hour in a library, which hears no signal until it is done. The
# handler is for a signal that comes before it has begun: that must not end the program either.
STUCK = """
import hashlib
import signal
from pipeline.cli import process
signal.signal(signal.SIGINT, lambda *_: None)
process.end_soon_when_interrupted(0.1)
print("ready", flush=True)
hashlib.pbkdf2_hmac("sha256", b"", b"", 2**31 - 1)
"""


def test_a_command_that_hears_no_signal_ends_all_the_same() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", STUCK],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout and process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "run the same command again to go on" in told
