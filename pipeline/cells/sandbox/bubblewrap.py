"""The sandbox of choice on Linux: bubblewrap, with namespaces of its own for everything.

The cells see the interpreter, the system's libraries and fonts, their data files and an empty home,
all read-only but the home and /tmp, whose size is limited. There is no network, no shell, no other
process, and nothing of the user's. Options: bwrap(1), https://github.com/containers/bubblewrap.
"""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from pipeline.cells.sandbox import root_namespace
from pipeline.cells.sandbox.bubblewrap_program import find_program
from pipeline.cells.sandbox.launch import (
    INSIDE,
    CellLimits,
    Launch,
    SandboxContents,
    cell_environment,
    interpreter_folders,
    worker_command,
)
from pipeline.cells.sandbox.system_calls import filter_for
from pipeline.cells.sandbox.systemd_scope import scope_command, scope_environment
from pipeline.redaction import without_keys

_HOME = "/home/reader"
_PACKAGES = "/packages"
_INSIDE = "/inside"
_RANKS = "/ranks"
_USER = 1000  # the first user of most systems, so that files look as they do to a user

_SYSTEM = ("/usr", "/lib", "/lib64", "/lib32", "/nix/store", "/gnu/store")
_PROGRAMS = ("/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/usr/games")
_PRIVATE = ("/usr/local/etc", "/usr/src", "/usr/local/src")
_ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "fonts", "localtime")


@dataclass(frozen=True)
class Bubblewrap:
    """Runs the worker under ``bwrap``, whose path is ``program`` (``installed`` finds it)."""

    program: str
    kind: str = "bubblewrap"

    def launch(self, contents: SandboxContents, limits: CellLimits) -> Launch:
        """The ``bwrap`` command; its last argument starts the worker."""
        namespace, user, refused = _users()
        command = [
            *scope_command(limits),
            self.program,
            *_isolation(self.program, namespace),
            *_system(),
            *_writable(self.program, limits),
        ]
        command += _mounts(contents)
        environment = cell_environment(_HOME, "/tmp") | {"TIKTOKEN_CACHE_DIR": _RANKS}
        command.append("--clearenv")
        for name, value in environment.items():
            command += ["--setenv", name, value]
        for folder in (*_emptied(), "/dev", "/"):
            command += ["--remount-ro", folder]
        command += ["--chdir", "/"]
        command += ["--", *worker_command(sys.executable, "/")]
        return Launch(
            command=command,
            environment={"PATH": os.environ.get("PATH", "/usr/bin:/bin")} | scope_environment(),
            folder=_HOME,
            paths=[_PACKAGES],
            user=user,
            limits=limits.for_worker(),
            filter=filter_for(),
            handles=() if namespace is None else (namespace,),
            memory_folders=("tmp", "dev/shm", _HOME.lstrip("/")),
            remark=refused,
        )


def installed() -> Bubblewrap | None:
    """Bubblewrap, if its program is there (whether it works is another question).

    Raises:
        SandboxError: the program that a package brings is not the one that we know.
    """
    program = find_program()
    return Bubblewrap(program) if program else None


def _users() -> tuple[int | None, int | None, str]:
    """Root's own user namespace, the user to become in it, and why there is none, if so.

    Others have theirs made by bwrap, and are who they are in it.
    """
    if os.geteuid() != 0:
        return None, None, ""
    try:
        return root_namespace.user_namespace(), root_namespace.USER, ""
    except OSError as error:
        why = f"without a user namespace of their own, which the kernel refuses root ({error})"
        return None, root_namespace.OUTSIDE, why


def _isolation(program: str, namespace: int | None) -> list[str]:
    """Namespaces and rights. Root's worker keeps the right to become nobody."""
    options = ["--unshare-pid", "--unshare-ipc", "--unshare-net", "--unshare-uts"]
    options += ["--unshare-cgroup-try", "--die-with-parent", "--new-session", "--as-pid-1"]
    options += ["--hostname", "cells"]
    if os.geteuid() == 0:
        own = [] if namespace is None else ["--userns", str(namespace)]
        kept = ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        return [*options, *own, *kept]
    options += ["--unshare-user", "--uid", str(_USER), "--gid", str(_USER)]
    # Since 0.8: cells cannot make user namespaces of their own.
    return [*options, *(["--disable-userns"] if b"--disable-userns" in _help(program) else [])]


@functools.cache
def _help(program: str) -> bytes:
    """What the program says of its options, of which older ones have fewer; empty: nothing."""
    try:
        run = subprocess.run(
            [program, "--help"], capture_output=True, timeout=10, check=False, env=without_keys()
        )
    except (OSError, subprocess.TimeoutExpired):
        return b""
    return run.stdout + run.stderr


def _system() -> list[str]:
    """Libraries, fonts and devices; the folders of programs are empty."""
    # A shared map of /dev/zero is memory that no limit counts.
    options = ["--proc", "/proc", "--dev", "/dev", "--dev-bind", "/dev/null", "/dev/zero"]
    for name in _SYSTEM:
        path = Path(name)
        if path.is_symlink():
            options += ["--symlink", str(path.readlink()), name]
        elif path.is_dir():
            options += ["--ro-bind", name, name]
    for name in _emptied():
        options += ["--perms", "0755", "--tmpfs", name]
    options += _folders("/etc", "/home", _PACKAGES, _RANKS)
    for name in _ETC:
        options += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    return options


def _emptied() -> list[str]:
    return [
        name
        for name in (*_PROGRAMS, *_PRIVATE)
        if Path(name).is_dir() and not Path(name).is_symlink()
    ]


def _writable(program: str, limits: CellLimits) -> list[str]:
    # Before 0.7 a folder in memory could not be limited but by half of the machine's memory.
    size = ["--size", str(limits.folder_mb << 20)] if b"--size" in _help(program) else []
    options: list[str] = []
    for folder in ("/tmp", "/dev/shm", _HOME):
        options += ["--perms", "1777", *size, "--tmpfs", folder]
    return options


def _mounts(contents: SandboxContents) -> list[str]:
    """The interpreter at its own place, the worker, the packages and the data files."""
    options: list[str] = []
    for folder in _outermost(interpreter_folders()):
        options += _folders(*(str(parent) for parent in reversed(folder.parents[:-1])))
        options += ["--ro-bind", str(folder), str(folder)]
    executable = Path(sys.executable)
    for step in _links(executable):
        if str(step.parent) in _PROGRAMS:
            options += ["--ro-bind", str(step.resolve()), str(step)]
    options += ["--ro-bind", str(INSIDE), _INSIDE]
    for package in contents.packages:
        options += ["--ro-bind", str(package), f"{_PACKAGES}/{package.name}"]
    for file in contents.files:
        options += ["--ro-bind", str(file.resolve()), f"{_HOME}/{file.name}"]
    for name, file in contents.ranks.items():
        options += ["--ro-bind", str(file), f"{_RANKS}/{name}"]
    return options


def _folders(*names: str) -> list[str]:
    """Empty folders that everyone may enter (bwrap would close those it makes by itself)."""
    return [part for name in names for part in ("--perms", "0755", "--dir", name)]


def _outermost(folders: list[Path]) -> list[Path]:
    """Those folders that no other one of them, and no system folder, contains."""
    holders = [Path(name) for name in _SYSTEM] + folders
    return [
        folder
        for folder in folders
        if folder not in (Path("/"), Path("/usr"))
        and not any(holder != folder and folder.is_relative_to(holder) for holder in holders)
    ]


def _links(path: Path) -> list[Path]:
    """A program and every link on the way to its file."""
    steps = [path]
    while steps[-1].is_symlink() and len(steps) < 10:
        target = steps[-1].readlink()
        steps.append(target if target.is_absolute() else steps[-1].parent / target)
    return steps
