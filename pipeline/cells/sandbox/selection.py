"""Where cells run: the strongest confinement this machine has, found by trying it.

Cells come from a model that read a stranger's video, so they are treated as hostile. In order of
preference: bubblewrap (Linux) or sandbox-exec (macOS), Docker or Podman with an image that is
already there, none.
"""

from __future__ import annotations

import functools
import platform
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from pipeline.cells.sandbox import bubblewrap, containers, seatbelt, user_namespaces
from pipeline.cells.sandbox.launch import Sandbox
from pipeline.cells.sandbox.proof import tried
from pipeline.cells.sandbox.unconfined import Unconfined
from pipeline.errors import SandboxError

SandboxKind = Literal["bubblewrap", "sandbox-exec", "docker", "podman", "none"]

_INSTALL = "install bubblewrap (apt install bubblewrap), Docker or Podman; or pass --trust-code"
_INSTALL_ON_MACOS = "install Docker or Podman; or pass --trust-code"


@dataclass(frozen=True)
class SandboxDescription:
    """Which sandbox cells will run in, why this one, and what to do where there is none.

    >>> SandboxDescription("none", "bubblewrap is not installed", None).line
    'none: bubblewrap is not installed'
    """

    kind: SandboxKind
    detail: str
    sandbox: Sandbox | None
    remedy: str = ""

    @property
    def usable(self) -> bool:
        """Whether cells can be run."""
        return self.sandbox is not None

    @property
    def line(self) -> str:
        """One line for a person."""
        return f"{self.kind}: {self.detail}"


def choose(wanted: str = "auto", image: str = "", trust_code: bool = False) -> SandboxDescription:
    """The sandbox for this run.

    Args:
        wanted: ``auto``, or the only kind to take.
        image: the image for Docker and Podman.
        trust_code: where none works, run without one.
    """
    found = describe(wanted, image)
    if not found.usable and trust_code:
        return SandboxDescription("none", f"the code is trusted ({found.detail})", Unconfined())
    return found


@functools.cache
def describe(wanted: str = "auto", image: str = "") -> SandboxDescription:
    """The best sandbox that really runs a cell here, or ``none`` with every reason."""
    reasons: list[str] = []
    remedy = _INSTALL_ON_MACOS if platform.system() == "Darwin" else _INSTALL
    for kind, find in _candidates(wanted, image):
        try:
            candidate = find()
        except SandboxError as error:
            reasons.append(f"{kind} is not trusted: {error.message}")
            remedy = error.hint
            continue
        if candidate is None:
            reasons.append(f"{kind} is not installed")
            continue
        why, remark = tried(candidate)
        if why is None:
            detail = f"{kind} works, {remark}" if remark else f"{kind} works"
            return SandboxDescription(kind, detail, candidate)
        reasons.append(f"{kind} is installed but cannot be used here ({why})")
        if kind == "bubblewrap":
            remedy = user_namespaces.remedy() or remedy
    return SandboxDescription("none", "; ".join(reasons), None, remedy)


def _candidates(wanted: str, image: str) -> list[tuple[SandboxKind, Callable[[], Sandbox | None]]]:
    """The kinds to try, best first, each with what finds its program."""
    finders: dict[SandboxKind, Callable[[], Sandbox | None]] = {
        "bubblewrap": bubblewrap.installed,
        "sandbox-exec": seatbelt.installed,
        "docker": functools.partial(containers.installed, "docker", image),
        "podman": functools.partial(containers.installed, "podman", image),
    }
    foreign = "bubblewrap" if platform.system() == "Darwin" else "sandbox-exec"
    return [
        (kind, find)
        for kind, find in finders.items()
        if wanted == kind or (wanted == "auto" and kind != foreign)
    ]
