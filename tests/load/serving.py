"""The real server as a process of its own, and what it holds.

``python -m tests.load.serving OUTPUT SECONDS`` is the same server with a stand-in for conversions
that takes so many seconds and fails; the tests of the load use it.
"""

from __future__ import annotations

import contextlib
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.load.census import Census, census

REASON = "this lecture is a stand-in"


@dataclass(frozen=True)
class Server:
    """A running server; ``address`` without a final slash."""

    address: str
    process: subprocess.Popen[str]

    def census(self) -> Census:
        """What its process holds now."""
        return census(self.process.pid)

    def settled(self, wanted: Callable[[Census], bool], within_s: float = 30.0) -> Census:
        """The first census that is as ``wanted``, or the last one within so many seconds."""
        until = time.monotonic() + within_s
        while not wanted(now := self.census()) and time.monotonic() < until:
            time.sleep(0.1)
        return now

    def stop(self, within_s: float = 60.0) -> float:
        """Interrupt it as Ctrl-C does; the seconds until it has ended."""
        began = time.perf_counter()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(within_s)
        return time.perf_counter() - began


def pipeline_server(output: Path) -> list[str]:
    """The command of the real server on a free port."""
    return [sys.executable, "-m", "pipeline", "serve", "--output", str(output), "--port", "0"]


def stand_in_server(output: Path, seconds: float) -> list[str]:
    """The command of the server whose conversions take ``seconds`` and fail."""
    return [sys.executable, "-m", "tests.load.serving", str(output), str(seconds)]


@contextlib.contextmanager
def serving(command: Sequence[str]) -> Iterator[Server]:
    """Start it, wait until it listens, and end it with the block."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert process.stdout
        said = ""
        while (found := re.search(r"http://[\d.]+:\d+", said)) is None:
            line = process.stdout.readline()
            assert line, f"the server did not start: {said}"
            said += line
        yield Server(found.group(), process)
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def main() -> None:
    """Serve with the stand-in."""
    from pipeline.cli.terminal import announce
    from pipeline.server.app import serve
    from pipeline.server.jobs import JobQueue
    from pipeline.settings.serve import ServeSettings

    output, seconds = Path(sys.argv[1]), sys.argv[2]

    def stand_in(source: str, folder: Path) -> list[str]:
        return ["sh", "-c", f"sleep {seconds}; echo 'error: {REASON}' >&2; exit 1"]

    settings = ServeSettings(port=0)
    serve(output, settings, None, announce, JobQueue(output, settings.jobs, stand_in))


if __name__ == "__main__":
    main()
