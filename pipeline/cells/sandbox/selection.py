"""Where cells run: the strongest confinement this machine has, found by trying it.

Cells come from a model that read a stranger's video, so they are treated as hostile. In order of
preference: bubblewrap (Linux) or sandbox-exec (macOS), Docker or Podman with an image that is
already there, none.

A sandbox is believed for what it does on this machine, not for its name: programs are replaced by
wrappers, options change their meaning from version to version, and a profile may not be enforced.
"""

from __future__ import annotations

import functools
import os
import platform
import secrets
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.cells.sandbox import bubblewrap, containers, seatbelt
from pipeline.cells.sandbox.launch import (
    INSIDE,
    CellLimits,
    Launch,
    Sandbox,
    SandboxContents,
    cell_environment,
    worker_command,
)
from pipeline.cells.sandbox.session import SandboxSession
from pipeline.errors import SandboxError

SandboxKind = Literal["bubblewrap", "sandbox-exec", "docker", "podman", "none"]

_INSTALL = "install bubblewrap (apt install bubblewrap), Docker or Podman; or pass --trust-code"
_INSTALL_ON_MACOS = "install Docker or Podman; or pass --trust-code"

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

_PROBE_S = 20.0  # for a try that takes a second where nothing is wrong
_ATTEMPTS = """
import socket
def attempt(what):
    try:
        return what()
    except Exception:
        return None
folder, port = {folder!r}, {port!r}
if attempt(lambda: open(folder + "/secret").read()) == {secret!r}:
    print("read a file outside")
attempt(lambda: open(folder + "/written", "w").close())
connection = attempt(lambda: socket.create_connection(("127.0.0.1", port), 2))
"""


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
        """One line for a user."""
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
            remedy = permission(Path("/")) or remedy
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


def problem(sandbox: Sandbox) -> str | None:
    """Why cells cannot or must not run in this sandbox; None when they can."""
    return tried(sandbox)[0]


def tried(sandbox: Sandbox) -> tuple[str | None, str]:
    """Why cells cannot or must not run in this sandbox (None: they can), and what it lacks."""
    try:
        session = SandboxSession(sandbox, SandboxContents(), CellLimits(seconds=_PROBE_S))
    except SandboxError as error:
        return " ".join(error.message.split())[:300], ""
    try:
        if session.run("print(6 * 7)", "<cell 1>").stdout != "42\n":
            return "a cell does not run in it", ""
        reached = _reached(session)
    finally:
        session.close()
    return (f"a cell in it can {', '.join(reached)}" if reached else None), session.remark


def _reached(session: SandboxSession) -> list[str]:
    """What a cell could do that it must not: read, write, connect."""
    with tempfile.TemporaryDirectory(prefix="outside-") as name, socket.socket() as listener:
        folder, secret = Path(name), secrets.token_hex(16)
        (folder / "secret").write_text(secret)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        outcome = session.run(_ATTEMPTS.format(folder=name, port=port, secret=secret), "<cell 2>")
        reached = outcome.stdout.splitlines()
        if (folder / "written").exists():
            reached.append("write a file outside")
        listener.setblocking(False)
        try:
            listener.accept()[0].close()
            reached.append("reach a server of this machine")
        except BlockingIOError:
            pass
    return reached


def permission(root: Path) -> str:
    """What permits user namespaces where they are forbidden; empty: nothing here forbids them.

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


@dataclass(frozen=True)
class Unconfined:
    """Runs the worker with the user's rights, in an empty folder, with resource limits only."""

    kind: str = "none"

    def launch(self, contents: SandboxContents, limits: CellLimits) -> Launch:
        """The interpreter itself; data files are copied into a temporary folder."""
        scratch = Path(tempfile.mkdtemp(prefix="cells-"))
        for file in contents.files:
            shutil.copy(file, scratch / file.name)
        environment = os.environ | cell_environment(str(scratch), str(scratch))
        # The user's own secrets are of no use to a cell, trusted or not.
        for name in [name for name in environment if "KEY" in name or "TOKEN" in name]:
            del environment[name]
        if contents.ranks:
            (scratch / ".ranks").mkdir()
            for cached, file in contents.ranks.items():
                shutil.copy(file, scratch / ".ranks" / cached)
            environment["TIKTOKEN_CACHE_DIR"] = str(scratch / ".ranks")
        caps = limits.for_worker()
        # Counted over all processes of the user, not over the cells: it would hit the user.
        del caps["RLIMIT_NPROC"]
        return Launch(
            command=worker_command(sys.executable, str(INSIDE.parent)),
            environment=environment,
            folder=str(scratch),
            paths=sorted({str(package.parent) for package in contents.packages}),
            limits=caps if os.name == "posix" else {},
            scratch=scratch,
            standby=False,
        )
