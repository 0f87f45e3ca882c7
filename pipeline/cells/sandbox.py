"""Where cells run: the strongest confinement this machine has, found by trying it.

Cells come from a model that read a stranger's video, so they are treated as hostile. In order of
preference: bubblewrap (Linux), Docker or Podman with an image that is already there, none.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Literal

from pipeline.cells import bubblewrap, containers
from pipeline.cells.room import Limits, Room, Sandbox
from pipeline.cells.session import Session
from pipeline.cells.unconfined import Unconfined
from pipeline.errors import SandboxError

SandboxKind = Literal["bubblewrap", "docker", "podman", "none"]

_PROBE_S = 20.0


@dataclass(frozen=True)
class Description:
    """Which sandbox cells will run in, and why this one.

    >>> Description("none", "bubblewrap is not installed", None).line
    'none: bubblewrap is not installed'
    """

    kind: SandboxKind
    detail: str
    sandbox: Sandbox | None

    @property
    def usable(self) -> bool:
        """Whether cells can be run."""
        return self.sandbox is not None

    @property
    def line(self) -> str:
        """One line for a person."""
        return f"{self.kind}: {self.detail}"


def choose(wanted: str = "auto", image: str = "", trust_code: bool = False) -> Description:
    """The sandbox for this run.

    Args:
        wanted: ``auto``, or the only kind to take.
        image: the image for Docker and Podman.
        trust_code: where none works, run without one.
    """
    found = describe(wanted, image)
    if not found.usable and trust_code:
        return Description("none", f"the code is trusted ({found.detail})", Unconfined())
    return found


@functools.cache
def describe(wanted: str = "auto", image: str = "") -> Description:
    """The best sandbox that really runs a cell here, or ``none`` with every reason."""
    reasons = []
    for kind, candidate in _candidates(image):
        if wanted not in ("auto", kind):
            continue
        if candidate is None:
            reasons.append(f"{kind} is not installed")
        elif (problem := _problem(candidate)) is None:
            return Description(kind, f"{kind} works", candidate)
        else:
            reasons.append(f"{kind} is installed but cannot be used here ({problem})")
    return Description("none", "; ".join(reasons), None)


def _candidates(image: str) -> list[tuple[SandboxKind, Sandbox | None]]:
    return [
        ("bubblewrap", bubblewrap.installed()),
        ("docker", containers.installed("docker", image)),
        ("podman", containers.installed("podman", image)),
    ]


def _problem(sandbox: Sandbox) -> str | None:
    """Why the sandbox does not run a cell, found by running one; None when it does."""
    try:
        session = Session(sandbox, Room(), Limits(seconds=_PROBE_S))
    except SandboxError as error:
        return " ".join(error.message.split())[:300]
    try:
        outcome = session.run("print(6 * 7)", "<cell 1>")
    finally:
        session.close()
    return None if outcome.stdout == "42\n" else "a cell does not run in it"
