"""What a cell tried, in words, so that a refusal of the sandbox can be explained."""

from __future__ import annotations

import os
from typing import Any

WATCHED = {
    "socket.connect": "network",
    "socket.getaddrinfo": "network",
    "socket.gethostbyname": "network",
    "socket.sendto": "network",
    "subprocess.Popen": "program",
    "os.system": "shell",
    "os.exec": "program",
    "os.posix_spawn": "program",
    "os.fork": "process",
    "os.forkpty": "process",
    "os.kill": "signal",
    "os.killpg": "signal",
    "ctypes.dlopen": "library",
    "mmap.__new__": "memory",
}
"""The audit events worth noting (see the table in the standard library), and their kinds."""


def attempt(event: str, arguments: tuple[Any, ...]) -> str:
    """What was tried, in words: ``connect to example.org:443``, ``start ls``."""
    if event == "socket.connect" or event == "socket.sendto":
        address = arguments[1] if len(arguments) > 1 else ""
        if isinstance(address, tuple) and len(address) >= 2:
            return f"connect to {address[0]}:{address[1]}"
        return f"connect to {address}"
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        return f"look up {arguments[0]}"
    if event in ("os.kill", "os.killpg"):
        return f"send signal {arguments[1]} to process {arguments[0]}"
    if event == "mmap.__new__":
        return "share memory that belongs to no file"
    if event in ("os.fork", "os.forkpty"):
        return "start a process"
    what = arguments[0] if arguments else ""
    if isinstance(what, (bytes, os.PathLike)):
        what = os.fsdecode(what)
    return f"load {what}" if event == "ctypes.dlopen" else f"start {what}"
