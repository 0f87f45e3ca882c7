"""A limit of the kernel on the memory of all cells together: a scope of systemd.

On a system with cgroup v2 alone (most, since 2021) systemd makes a group with limits for a command
and needs no rights for it. Written to systemd-run(1) and systemd.resource-control(5); untried: the
machine on which it was written has cgroup v1. Elsewhere ``memory.held_bytes`` does the counting.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from pathlib import Path

from pipeline.cells.sandbox.launch import CellLimits

_PROBE_S = 5.0  # systemd answers in milliseconds, or has no session for this user
_MORE_TASKS = 16  # bwrap's own, and the reaper
# By these the user's own systemd is found.
_NAMES = ("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")


def scope_command(limits: CellLimits) -> list[str]:
    """What to put before a command; nothing where systemd cannot limit it."""
    start = _start()
    if not start:
        return []
    properties = {
        "MemoryMax": limits.memory_of_all,
        "MemorySwapMax": 0,
        "TasksMax": limits.processes + _MORE_TASKS,
    }
    return [*start, *(f"--property={name}={value}" for name, value in properties.items()), "--"]


def scope_environment() -> dict[str, str]:
    """What the command needs in its environment."""
    if not _start():
        return {}
    return {name: os.environ[name] for name in _NAMES if name in os.environ}


def described() -> str:
    """How the memory of all cells together is limited here, for a user."""
    if _start():
        return "memory limited by a scope of systemd (cgroup v2, untried)"
    return "memory counted five times a second (no systemd with cgroup v2 here)"


@functools.cache
def _start() -> tuple[str, ...]:
    """The command, if it works here."""
    program = shutil.which("systemd-run")
    if program is None or not unified():
        return ()
    whose = () if os.geteuid() == 0 else ("--user",)
    start = (program, *whose, "--scope", "--quiet", "--collect")
    trial = [*start, "--property=MemoryMax=64M", "--", shutil.which("true") or "true"]
    try:
        run = subprocess.run(
            trial,
            env={"PATH": os.environ.get("PATH", "")}
            | {name: os.environ[name] for name in _NAMES if name in os.environ},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PROBE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return start if run.returncode == 0 else ()


def unified(root: Path = Path("/sys/fs/cgroup")) -> bool:
    """Whether the system has cgroup v2 alone, with a controller for memory.

    Args:
        root: where groups are mounted, for tests.
    """
    try:
        return "memory" in (root / "cgroup.controllers").read_text().split()
    except OSError:
        return False
