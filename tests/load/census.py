"""What a process holds right now, as Linux counts it: memory, handles, threads, children."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

needs_proc = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="counts what /proc shows, on Linux"
)


@dataclass(frozen=True)
class Census:
    """``rss_mb`` now and ``peak_mb`` at most so far, in MB of 10^6 bytes; the others are counts.

    ``children`` are all processes below this one, zombies included.
    """

    rss_mb: float
    peak_mb: float
    handles: int
    threads: int
    children: int


def census(pid: int) -> Census:
    """Count now.

    Raises:
        FileNotFoundError: the process has ended.
    """
    home = Path(f"/proc/{pid}")
    status = dict(
        line.split(":\t", 1) for line in (home / "status").read_text().splitlines() if ":\t" in line
    )
    return Census(
        rss_mb=_mb(status["VmRSS"]),
        peak_mb=_mb(status["VmHWM"]),
        handles=len(list((home / "fd").iterdir())),
        threads=int(status["Threads"]),
        children=len(below(pid)),
    )


def cpu_s(pid: int) -> float:
    """The seconds of processor time that a process has used so far, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def below(pid: int) -> list[int]:
    """The ids of all processes that ``pid`` started, and that those started."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            own = [int(child) for child in task.read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            continue  # It ended meanwhile.
        for child in own:
            found += [child, *below(child)]
    return found


def _mb(text: str) -> float:
    """``"12345 kB"`` (of 1024 bytes) in MB."""
    return int(text.split()[0]) * 1024 / 1e6
