"""What the cells are given and what they may use, and how their worker is to be started."""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

INSIDE = Path(__file__).with_name("inside")
_BOOT = (
    "import sys; sys.path.insert(0, sys.argv[1]); from inside.worker import main; "
    "sys.path.pop(0); main()"
)

_MIB = 1 << 20


@dataclass(frozen=True)
class CellLimits:
    """What the cells may use.

    Args:
        seconds: wall-clock time of one cell, s.
        memory_mb: memory of one process, MiB; a quarter of it is the room in a writable folder.
        processes: processes and threads at once.
        open_files: open files of one process.
        output_bytes: output of one cell, on each of its two streams.
    """

    seconds: float = 20.0
    memory_mb: int = 2048
    processes: int = 256
    open_files: int = 256
    output_bytes: int = 8 * _MIB

    @property
    def memory_of_all(self) -> int:
        """Memory of all processes together, bytes: a worker, its standby, and little more."""
        return (2 * self.memory_mb + 512) * _MIB

    @property
    def folder_mb(self) -> int:
        """Room in each writable folder, MiB."""
        return max(16, self.memory_mb // 4)

    def for_worker(self) -> dict[str, int]:
        """The limits that the worker sets on itself, by their names in module ``resource``.

        Data is limited rather than address space alone: libraries map far more than they use.
        """
        memory = self.memory_mb * _MIB
        return {
            "RLIMIT_DATA": memory,
            "RLIMIT_AS": 4 * memory + 4096 * _MIB,
            "RLIMIT_NPROC": self.processes,
            "RLIMIT_NOFILE": self.open_files,
            "RLIMIT_FSIZE": memory,
            "RLIMIT_CORE": 0,
        }


@dataclass(frozen=True)
class SandboxContents:
    """What is put before the cells: packages to import and files to read.

    Args:
        packages: folders of Python packages, each importable by its folder's name.
        files: data files, in the working folder under their own names, read-only.
        ranks: published vocabulary files, by the names under which tiktoken's cache keeps them.
    """

    packages: tuple[Path, ...] = ()
    files: tuple[Path, ...] = ()
    ranks: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True)
class Launch:
    """How to start one worker.

    Args:
        command: the program and its arguments, which start the worker.
        environment: the whole environment of ``command``.
        folder: the working folder, as the cells see it.
        paths: the folders of packages, as the cells see them.
        user: the user id to change to inside; None: stay who one is.
        limits: resource limits that the worker sets on itself.
        scratch: a folder of this machine to remove at the end; None: there is none.
        stop: a command that ends what killing ``command`` would leave; None: nothing is left.
        filter: the system calls that are refused (``system_calls.filter_for``); empty: none.
        handles: file descriptors that ``command`` inherits.
        memory_folders: the writable folders that are memory, from the root as the cells see it.
        remark: in what this launch falls short of what the sandbox can do; empty: in nothing.
        standby: whether the worker is the first process of a namespace, so that a cell that
            kills its process need not end the session.
    """

    command: list[str]
    environment: dict[str, str]
    folder: str
    paths: list[str]
    user: int | None = None
    limits: dict[str, int] = field(default_factory=dict)
    scratch: Path | None = None
    stop: list[str] | None = None
    filter: bytes = b""
    handles: tuple[int, ...] = ()
    memory_folders: tuple[str, ...] = ()
    remark: str = ""
    standby: bool = True

    def settings(self, token: str) -> dict[str, object]:
        """What the worker is told at its start; ``token`` marks its messages."""
        return {
            "token": token,
            "user": self.user,
            "limits": self.limits,
            "filter": self.filter.hex(),
            "folder": self.folder,
            "paths": self.paths,
        }


class Sandbox(Protocol):
    """One way to confine the worker."""

    @property
    def kind(self) -> str:
        """Its name, ``bubblewrap``, ``docker``, ``podman`` or ``none``."""

    def launch(self, contents: SandboxContents, limits: CellLimits) -> Launch:
        """How to start one worker."""


# No user site, no working folder in the path, nothing written beside modules, no buffering: what a
# cell printed before it was killed has then reached us.
PYTHON_FLAGS = ["-s", "-P", "-u", "-B", "-X", "utf8"]


def worker_command(python: str, place: str) -> list[str]:
    """The command of the worker; its settings come on standard input.

    Args:
        python: the interpreter.
        place: the folder that holds ``INSIDE``, as the interpreter will see it.
    """
    return [python, *PYTHON_FLAGS, "-c", _BOOT, place]


def cell_environment(home: str, temporary: str, cores: int = 2) -> dict[str, str]:
    """The environment of the cells: nothing of the user's, and nothing that varies."""
    return {
        "HOME": home,
        "TMPDIR": temporary,
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "agg",
        "MPLCONFIGDIR": f"{temporary}/matplotlib",
        # Numeric libraries start a thread per core of the host otherwise.
        "OMP_NUM_THREADS": str(cores),
        "OPENBLAS_NUM_THREADS": str(cores),
    }


def interpreter_folders() -> list[Path]:
    """The folders that this interpreter and its installed packages live in."""
    paths = sysconfig.get_paths()
    found = [paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    found += [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    found += [sys.prefix, sys.base_prefix, sys.exec_prefix]
    folders: list[Path] = []
    for name in found:
        folder = Path(name)
        if folder.is_dir() and folder not in folders:
            folders.append(folder)
    return folders
