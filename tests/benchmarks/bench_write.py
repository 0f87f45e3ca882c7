"""Writing against a server that takes two seconds a reply: python -m tests.benchmarks.bench_write

Prints, for made-up lectures of 1, 2, 2h13m and 4 hours, the wall time of the write stage beside
the ideal (calls in full rounds of eight), and the tokens sent beside the transcript. A run is then
killed with SIGKILL in the middle and started again; calls that were answered twice are counted.
"""

from __future__ import annotations

import math
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pipeline.engine.progress import Silent
from pipeline.llm.client import Client
from pipeline.settings.llm import LLMSettings
from pipeline.settings.write import WriteSettings
from pipeline.writing.writer import write_chapter
from tests.servers.chat import ChatServer, good_writer
from tests.writing import lecture

REPLY_S = 2.0
CONCURRENCY = 8
WORDS = 92  # spoken in half a minute, as in the lecture the bar was measured on
LENGTHS = {"1 h": 120, "2 h": 240, "2 h 13 min": 267, "4 h": 480}


def write(address: str, count: int, folder: Path) -> None:
    """Write a lecture of ``count`` segments with a slide each minute."""
    settings = LLMSettings(base_url=address, model="scripted", concurrency=CONCURRENCY)
    write_chapter(
        Client(settings, folder / "replies", Silent()),
        lecture.video(count),
        lecture.segments(count, folder, WORDS),
        lecture.transcript(count, WORDS),
        lecture.outline(count, 9),
        WriteSettings(),
        settings,
        folder,
        Silent(),
    )


def row(name: str, count: int) -> str:
    """One line of the table."""
    transcript = sum(len(one.text) for one in lecture.segments(count, None, WORDS).segments) // 4
    with tempfile.TemporaryDirectory() as folder, ChatServer(good_writer, REPLY_S) as server:
        lecture.segments(count, Path(folder), WORDS)  # the pictures are drawn before the clock runs
        began = time.monotonic()
        write(server.base_url, count, Path(folder))
        wall = time.monotonic() - began
        calls = len(server.requests)
        sent = sum(len(one.text) // 4 + 425 * one.pictures for one in server.requests)
    ideal = math.ceil(calls / CONCURRENCY) * REPLY_S
    return (
        f"{name:<11} {calls:>5} {wall:>7.1f} {ideal:>7.1f} {wall / ideal:>6.2f} "
        f"{sent:>10,} {sent / transcript:>8.2f}"
    )


def killed() -> str:
    """Kill a run of the long lecture in the middle, go on, and count what was answered twice."""
    count = LENGTHS["2 h 13 min"]
    with tempfile.TemporaryDirectory() as folder, ChatServer(good_writer, REPLY_S) as server:
        command = [sys.executable, "-m", "tests.benchmarks.bench_write", server.base_url]
        child = subprocess.Popen([*command, str(count), folder])
        while server.answered < 15:
            time.sleep(0.05)
        child.send_signal(signal.SIGKILL)
        child.wait()
        time.sleep(REPLY_S + 0.5)
        kept = {path.name for path in Path(folder, "replies").glob("*.prompt.md")}
        before = len(server.requests)
        subprocess.run([*command, str(count), folder], check=True)
        after = server.requests[before:]
        repeated = [one for one in after if one.attempt > 1]
        total = len({one.key for one in server.requests})
    return (
        f"killed after {len(kept)} kept replies; then {len(after)} calls of {total}; "
        f"asked again because the kill cut them off: {len(repeated)}; "
        f"kept replies asked for again: {len(after) + len(kept) - total}"
    )


def main() -> None:
    """Print the table."""
    print(f"{'lecture':<11} {'calls':>5} {'wall s':>7} {'ideal s':>7} {'ratio':>6}", end=" ")
    print(f"{'tokens in':>10} {'x speech':>8}")
    for name, count in LENGTHS.items():
        print(row(name, count), flush=True)
    print(killed())


if __name__ == "__main__":
    if len(sys.argv) > 1:
        write(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
    else:
        main()
