"""The sandbox on macOS: ``sandbox-exec`` with a profile that allows only what a cell needs.

**Untried on macOS**: written to the documentation and to published profiles, tested elsewhere as
far as that goes. It is used only if the trial in ``selection.py`` passes on the machine itself.
Weaker than bubblewrap: names and sizes of files can be seen (not their content), the writable
folders are limited only file by file, memory only as far as macOS heeds its limits, and a process
that leaves its group can outlive the session (still without network, and without a place to write).
Profiles: ``sandbox(7)``, ``/System/Library/Sandbox/Profiles`` on a Mac.
"""

from __future__ import annotations

import platform
import shutil
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.cells.sandbox.launch import (
    INSIDE,
    CellLimits,
    Launch,
    SandboxContents,
    cell_environment,
    interpreter_folders,
    worker_command,
)

_PROGRAM = "/usr/bin/sandbox-exec"

# The system's libraries, fonts and time zones, and the libraries of Homebrew and MacPorts, against
# which interpreters are linked.
_SYSTEM = (
    "/System/Library",
    "/System/Volumes/Preboot/Cryptexes",
    "/usr/lib",
    "/usr/share",
    "/Library/Fonts",
    "/private/var/db/dyld",
    "/private/var/db/timezone",
    *(
        f"{prefix}/{name}"
        for prefix in ("/opt/homebrew", "/usr/local")
        for name in ("Cellar", "lib", "opt")
    ),
    "/opt/local/lib",
)
_FILES = ("/", "/dev/null", "/dev/zero", "/dev/random", "/dev/urandom", "/private/etc/localtime")


@dataclass(frozen=True)
class Seatbelt:
    """Runs the worker under ``sandbox-exec``."""

    program: str = _PROGRAM
    kind: str = "sandbox-exec"

    def launch(self, contents: SandboxContents, limits: CellLimits) -> Launch:
        """The command; data files are copied, packages linked into a temporary folder.

        Only two folders in it, ``home`` and ``tmp``, can be written to.
        """
        scratch = Path(tempfile.mkdtemp(prefix="cells-")).resolve()
        home, packages, ranks = scratch / "home", scratch / "packages", scratch / "ranks"
        for folder in (home, packages, ranks, scratch / "tmp"):
            folder.mkdir()
        (scratch / "inside").symlink_to(INSIDE)
        for package in contents.packages:
            (packages / package.name).symlink_to(package.resolve())
        for file in contents.files:
            (home / file.name).symlink_to(shutil.copy(file, scratch / f"data-{file.name}"))
        for name, file in contents.ranks.items():
            shutil.copy(file, ranks / name)
        environment = cell_environment(str(home), str(scratch / "tmp"))
        environment["TIKTOKEN_CACHE_DIR"] = str(ranks)
        caps = limits.for_worker()
        # Counted over all processes of the user, not over the cells: it would hit the user.
        del caps["RLIMIT_NPROC"]
        return Launch(
            command=[
                self.program,
                "-p",
                profile(scratch, contents.packages),
                *worker_command(sys.executable, str(scratch)),
            ],
            environment=environment,
            folder=str(home),
            paths=[str(packages)],
            limits=caps,
            scratch=scratch,
            standby=False,
        )


def installed() -> Seatbelt | None:
    """``sandbox-exec``, on macOS."""
    there = platform.system() == "Darwin" and Path(_PROGRAM).is_file()
    return Seatbelt() if there else None


def profile(scratch: Path, packages: Iterable[Path]) -> str:
    """What cells may do, in the sandbox's own language; all else, the network too, is denied.

    Args:
        scratch: the session's folder, its real path.
        packages: the folders of packages that cells can import.
    """
    code = [*interpreter_folders(), INSIDE, *(package.resolve() for package in packages)]
    readable = _both([Path(name) for name in _SYSTEM] + code)
    libraries = " ".join(f"(subpath {_quoted(folder)})" for folder in readable)
    files = " ".join(f"(literal {_quoted(Path(name))})" for name in _FILES)
    programs = " ".join(f"(literal {_quoted(path)})" for path in _interpreters())
    return "\n".join(
        [
            "(version 1)",
            "(deny default)",
            "(allow process-fork)",
            f"(allow process-exec {programs})",
            "(allow signal (target same-sandbox))",
            "(allow process-info* (target same-sandbox))",
            "(allow sysctl-read)",
            "(allow file-read-metadata)",
            f"(allow file-read* {files} {programs} {libraries} (subpath {_quoted(scratch)}))",
            f"(allow file-map-executable {programs} {libraries})",
            '(allow file-write-data (literal "/dev/null"))',
            f"(allow file-write* (subpath {_quoted(scratch / 'home')})"
            f" (subpath {_quoted(scratch / 'tmp')}))",
        ]
    )


def _interpreters() -> list[Path]:
    """This interpreter under every name that leads to it, and the one that a framework starts."""
    step = Path(sys.executable)
    found = [step]
    while step.is_symlink() and len(found) < 10:
        step = step.parent / step.readlink()
        found.append(step)
    framework = Path(sys.base_prefix) / "Resources/Python.app/Contents/MacOS/Python"
    return _both([*found, *([framework] if framework.exists() else [])])


def _both(paths: Iterable[Path]) -> list[Path]:
    """Each path as it is written and as it really is; rules are matched against the real one."""
    return list(dict.fromkeys(form for path in paths for form in (path, path.resolve())))


def _quoted(path: Path) -> str:
    """A path as a string of the profile's language."""
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'
