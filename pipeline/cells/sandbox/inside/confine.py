"""What the worker gives up before it runs a cell."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Any

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2


def confine(settings: dict[str, Any]) -> str:
    """Give up the rights and resources that cells are not to have; says what could not be."""
    if settings["user"] is not None:
        os.setgroups([])
        os.setresgid(settings["user"], settings["user"], settings["user"])
        os.setresuid(settings["user"], settings["user"], settings["user"])
    if settings["limits"]:
        import resource

        for name, value in settings["limits"].items():
            number = getattr(resource, name)
            _, hard = resource.getrlimit(number)
            if hard != resource.RLIM_INFINITY:
                value = min(value, hard)
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(number, (value, value))
    os.chdir(settings["folder"])
    sys.path[:0] = [settings["folder"], *settings["paths"]]
    if not settings["filter"]:
        return "without a filter of system calls" if sys.platform == "linux" else ""
    try:
        _refuse(bytes.fromhex(settings["filter"]))
    except (OSError, ImportError) as error:
        return f"without a filter of system calls ({error})"
    return ""


def _refuse(program: bytes) -> None:
    """Have the kernel refuse system calls, to this process and all that it starts, for good.

    Args:
        program: an array of ``struct sock_filter``, 8 bytes each.
    """
    import ctypes

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))

    libc = ctypes.CDLL(None, use_errno=True)
    whole = Program(len(program) // 8, program)
    for options in (
        (_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
        (_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(whole), 0, 0),
    ):
        if libc.prctl(*options):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
