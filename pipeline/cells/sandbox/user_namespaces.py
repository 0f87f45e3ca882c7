"""Why ordinary users cannot have user namespaces here, and the one command that permits them."""

from __future__ import annotations

import os
from pathlib import Path

# The switch, the value that forbids, and the value that permits. The first is the kernel's own
# (namespaces(7), 0: none; 15000 is what distributions set), the second a patch of Debian's, the
# third Ubuntu's since 23.10.
_SWITCHES = (
    ("user.max_user_namespaces", "0", "15000"),
    ("kernel.unprivileged_userns_clone", "0", "1"),
    ("kernel.apparmor_restrict_unprivileged_userns", "1", "0"),
)
# Left by Docker and Podman in every container.
_CONTAINER_MARKS = (".dockerenv", "run/.containerenv")
_CONTAINER_OPTIONS = (
    "--security-opt seccomp=unconfined --security-opt apparmor=unconfined "
    "--security-opt systempaths=unconfined"
)


def remedy(root: Path = Path("/")) -> str:
    """What to do where namespaces are forbidden, one line; empty: nothing here forbids them.

    Args:
        root: the root of the file system, for tests.
    """
    for switch, forbids, permits in _SWITCHES:
        try:
            value = (root / "proc/sys" / switch.replace(".", "/")).read_text().strip()
        except OSError:
            continue
        if value == forbids and (os.geteuid() != 0 or switch.startswith("user.")):
            return f"this system forbids user namespaces: sudo sysctl -w {switch}={permits}"
    if any((root / mark).exists() for mark in _CONTAINER_MARKS):
        return f"the container forbids namespaces: start it with {_CONTAINER_OPTIONS}"
    return ""
