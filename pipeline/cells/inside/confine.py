"""What the driver gives up before it runs a cell."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Any


def confine(settings: dict[str, Any]) -> None:
    """Give up the rights and resources that cells are not to have."""
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
