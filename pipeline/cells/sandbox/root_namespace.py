"""A user namespace for the cells of root.

``bwrap --unshare-user`` maps one user, and for root that is root: its processes are not counted by
Linux, and files of the system are its own. So root's cells get a namespace with a second user, who
is nobody outside and cannot make namespaces.
"""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from pathlib import Path

USER = 1000
"""The cells' user in the namespace."""
OUTSIDE = 1_957_000_000
"""The same user as the machine sees it: far from those that systems give to people and services."""

_SECONDS = 20.0  # it takes milliseconds; on a machine that swaps, seconds
# CLONE_NEWUSER; a line when it is done, a wait for the maps, and the limit on further namespaces,
# which only the namespace's own root can set.
_MAKE = """
import ctypes, os, sys
if ctypes.CDLL(None, use_errno=True).unshare(0x10000000):
    sys.exit(os.strerror(ctypes.get_errno()))
print(flush=True)
sys.stdin.readline()
with open("/proc/sys/user/max_user_namespaces", "w") as limit:
    limit.write("0")
print(flush=True)
sys.stdin.readline()
"""


@functools.cache
def user_namespace() -> int:
    """A file descriptor of the namespace, made once, open as long as this process lives.

    Raises:
        OSError: the kernel refuses it.
    """
    maker = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _MAKE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={},
        text=True,
    )
    assert maker.stdin and maker.stdout
    try:
        _await_line(maker)
        process = Path("/proc") / str(maker.pid)
        for kind in ("uid_map", "gid_map"):
            (process / kind).write_text(f"0 0 1\n{USER} {OUTSIDE} 1\n")
        maker.stdin.write("\n")
        maker.stdin.flush()
        _await_line(maker)
        return os.open(process / "ns/user", os.O_RDONLY | os.O_CLOEXEC)
    finally:
        maker.kill()
        maker.communicate(timeout=_SECONDS)


def _await_line(maker: subprocess.Popen[str]) -> None:
    assert maker.stdout
    if not maker.stdout.readline():
        _, why = maker.communicate(timeout=_SECONDS)
        lines = why.strip().splitlines() or ["no reason given"]
        raise OSError(lines[-1])
