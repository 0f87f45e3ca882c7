"""How much memory a process and all that it started hold, read from Linux's /proc.

What is not in a process is counted as well: files in folders that are memory, and what sockets may
hold.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

_PROC = Path("/proc")
_MOST = 2000  # processes looked at; a sandbox allows fewer, and a look has to end
# Private and shared pages, those swapped out, and the tables that find them: proc(5).
_HELD = ("RssAnon:", "RssShmem:", "VmSwap:", "VmPTE:")
_FILE = 2048  # what the kernel keeps for a file in memory, with a long name
_SOCKET = 416 << 10  # the most that a local socket holds by default: net.core.wmem_max, doubled


def held_bytes(process: int, folders: Sequence[str] = ()) -> int:
    """The memory of ``process`` and its descendants, bytes; 0 where unknown.

    Pages that copies of a process still share are counted for each copy, so this is an upper
    bound.

    Args:
        folders: folders that are memory, from the root that the descendants see.
    """
    total, innermost = 0, process
    pending, seen = [process], 0
    while pending and seen < _MOST:
        number = pending.pop()
        seen += 1
        folder = _PROC / str(number)
        try:
            total += _pages((folder / "status").read_text())
            for task in (folder / "task").iterdir():
                pending += [int(child) for child in (task / "children").read_text().split()]
        except (OSError, ValueError):
            continue  # it has ended, or this is not Linux
        innermost = number
    if folders and innermost != process:
        total += _files(innermost, folders) + _sockets(innermost)
    return total


def _pages(status: str) -> int:
    lines = [line.split() for line in status.splitlines() if line.startswith(_HELD)]
    return sum(int(kilobytes) << 10 for _, kilobytes, *_ in lines)


def _files(process: int, folders: Sequence[str]) -> int:
    """The files in the folders, whether a process has them open or not."""
    total = 0
    for folder in folders:
        try:
            found = os.statvfs(_PROC / str(process) / "root" / folder)
        except OSError:
            continue
        total += (found.f_blocks - found.f_bfree) * found.f_frsize
        total += (found.f_files - found.f_ffree) * _FILE
    return total


def _sockets(process: int) -> int:
    """What the sockets of its network namespace may hold, those on the way to others too."""
    total = 0
    for kind in ("unix", "tcp", "tcp6", "udp", "udp6"):
        try:
            lines = (_PROC / str(process) / "net" / kind).read_text().count("\n")
        except OSError:
            continue
        total += max(0, lines - 1) * _SOCKET  # the first line is a heading
    return total
