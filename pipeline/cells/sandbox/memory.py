"""How much memory a process and all that it started hold, read from Linux's /proc.

What is not in a process is counted as well: files in folders that are memory, and what sockets may
hold. Pipes are not: Linux allows a user 64 MiB of them, and then two pages for each (pipe(7)).
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
# What a socket may be set to hold (socket(7), tcp(7)); these are Linux 6.18's, for where the
# kernel's own cannot be read. A buffer is twice what was asked for.
_BUFFER = 4 << 20
_TCP_BUFFER = 32 << 20
_DATAGRAMS = 11  # that wait at a local socket whose senders are gone: net.unix.max_dgram_qlen + 1
_DATAGRAM = "0002"  # SOCK_DGRAM, in /proc/net/unix
_EMPTY = ("06", "0A")  # TCP_TIME_WAIT and TCP_LISTEN (net/tcp_states.h): nothing waits there


def held_bytes(process: int, folders: Sequence[str] = ()) -> int:
    """The memory of ``process`` and its descendants, bytes; 0 where unknown.

    Pages that copies of a process still share are counted for each copy, so this is an upper
    bound.

    Args:
        folders: folders that are memory, from the root that the descendants see.
    """
    total = 0
    found: list[int] = []
    pending = [process]
    while pending and len(found) < _MOST:
        number = pending.pop()
        found.append(number)
        folder = _PROC / str(number)
        try:
            total += _pages(_read(folder / "status"))
            for task in (folder / "task").iterdir():
                pending += [int(child) for child in _read(task / "children").split()]
        except (OSError, ValueError):
            continue  # it has ended, or this is not Linux
    if not folders:
        return total
    # All descendants see the same. One that has ended, and is not yet reaped, sees nothing: a cell
    # can see to it that there is one.
    for number in reversed(found[1:]):
        if files := _files(number, folders):
            return total + files + _sockets(number)
    return total


def _read(path: Path) -> str:
    """A file of /proc. Names in it, of processes and sockets, are given by cells: any bytes."""
    return path.read_text("ascii", "replace")


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
    local = _table(process, "unix")
    datagrams = sum(line[4:5] == [_DATAGRAM] for line in local)
    total = (len(local) + (_DATAGRAMS - 1) * datagrams) * 2 * _setting("core/wmem_max", _BUFFER)
    # What they may hold is often far more than they do; the kernel says what all of the machine do.
    in_all = _in_all(process)
    connections = [
        line for kind in ("tcp", "tcp6") for line in _table(process, kind) if line[3] not in _EMPTY
    ]
    each = sum(
        max(
            _setting(f"ipv4/tcp_{way}mem", _TCP_BUFFER), 2 * _setting(f"core/{way}mem_max", _BUFFER)
        )
        for way in "rw"
    )
    total += min(len(connections) * each, in_all.get("TCP:", len(connections) * each))
    ports = sum(len(_table(process, kind)) for kind in ("udp", "udp6", "udplite", "udplite6"))
    each = 2 * (_setting("core/rmem_max", _BUFFER) + _setting("core/wmem_max", _BUFFER))
    return total + min(ports * each, in_all.get("UDP:", ports * each))


def _table(process: int, kind: str) -> list[list[str]]:
    """The sockets of a kind, each as its columns."""
    try:
        lines = _read(_PROC / str(process) / "net" / kind).splitlines()
    except OSError:
        return []
    # The first is a heading. The name of a socket can hold line breaks: then it counts for more.
    return [line.split() for line in lines[1:]]


def _in_all(process: int) -> dict[str, int]:
    """What the sockets of the whole machine hold, bytes, by protocol."""
    try:
        lines = _read(_PROC / str(process) / "net/sockstat").splitlines()
    except OSError:
        return {}
    page = os.sysconf("SC_PAGE_SIZE")
    return {
        words[0]: int(words[-1]) * page
        for line in lines
        if (words := line.split()) and words[-2:-1] == ["mem"]
    }


def _setting(name: str, otherwise: int) -> int:
    """The last number of a setting of the kernel: of three, the most."""
    try:
        return int(_read(_PROC / "sys/net" / name).split()[-1])
    except (OSError, ValueError, IndexError):
        return otherwise
