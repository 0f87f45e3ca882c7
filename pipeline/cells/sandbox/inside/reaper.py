"""The first process of the sandbox, which only waits."""

from __future__ import annotations

import contextlib
import os

from .messages import head, write_frames

_STDOUT, _STDERR = 1, 2
_PR_SET_DUMPABLE = 4
_EXITS = 1000  # that are told: a cell that makes processes without end fills no pipe


def reap(token: str) -> None:
    """Tell of every process that ends, until none is left.

    As the first process of its namespace it cannot be killed from within; closed to debugging, it
    cannot be taken over either. When it ends, so does every process of the sandbox.

    Args:
        token: marks its messages; it was never in a process that runs cells.
    """
    for stream in (0, _STDERR):
        os.close(stream)
    told = 0
    while True:
        try:
            process, status = os.wait()
        except ChildProcessError:
            os._exit(0)
        if told < _EXITS:
            told += 1
            code = os.waitstatus_to_exitcode(status)
            write_frames(_STDOUT, head(token), {"event": "exit", "process": process, "code": code})


def close_to_debugging() -> None:
    """Let no other process of the same user read or change this one."""
    import ctypes

    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0)
