"""A sealed room for one hostile file: a process of its own, with limits, and a look round after.

The child is forked from a small process that is started once and has everything imported; the
process of the tests has threads and gigabytes by then, which a child would inherit. It makes a
chapter's frames and segments and decodes the sound, as the program would. A crash of native code,
an endless loop or a memory bomb ends the child, not the test.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import os
import pickle
import resource
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.shared import ROOT

CPU_S = 30  # processor time of the child; the slowest file takes a tenth of it
ADDRESS_SPACE = 6 << 30  # no file needs a tenth of it: it ends runaway allocations
WALL_S = 240


@dataclass(frozen=True)
class Outcome:
    """What became of one file.

    ``kind`` is ``done``, ``refused`` (an error on purpose), ``unexpected`` (any other exception) or
    ``killed`` (ended by a signal). ``message`` is the error; ``facts`` what the work returned;
    ``peak_mb`` the most memory the child or a program it called took beyond what it began with.
    """

    kind: str
    message: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    cpu_s: float = 0.0
    peak_mb: int = 0
    left_behind: tuple[str, ...] = ()

    @property
    def civil(self) -> bool:
        """Whether it was done, or refused in one line that tells what to do."""
        if self.left_behind:
            return False
        return self.kind == "done" or (self.kind == "refused" and "\n" not in self.message)


class Ears:
    """A progress listener that remembers warnings."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def update(self, done: float, total: float | None, unit: str) -> None:
        """Drop it."""

    def note(self, text: str) -> None:
        """Drop it."""

    def warn(self, text: str) -> None:
        """Remember it."""
        self.warnings.append(text)

    def stage_begins(self, name: str, why: str) -> None:
        """Drop it."""

    def stage_ends(self, name: str, seconds: float) -> None:
        """Drop it."""

    def stage_fresh(self, name: str) -> None:
        """Drop it."""


Work = Callable[[Ears], dict[str, Any]]


def attempt(work: Work, temporary: Path) -> Outcome:
    """Do ``work``, which can be pickled, in a child; its temporary files go into ``temporary``."""
    temporary.mkdir(parents=True, exist_ok=True)
    porter = _porter()
    assert porter.stdin and porter.stdout
    pickle.dump((work, temporary, Path.cwd()), porter.stdin)
    porter.stdin.flush()
    outcome = pickle.load(porter.stdout)
    assert isinstance(outcome, Outcome)
    return outcome


@functools.cache
def _porter() -> subprocess.Popen[bytes]:
    """The process that forks the children, started by the first who asks."""
    porter = subprocess.Popen(
        [sys.executable, "-m", "tests.hostile.porter"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    atexit.register(porter.kill)
    return porter


def fork(work: Work, temporary: Path) -> Outcome:
    """Do ``work`` in a forked child of this process, and look round after it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _be_the_child(work, writing, temporary)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    _, status, used = os.wait4(child, 0)
    left = _left_running(child)
    left += [f"file {path.name}" for path in temporary.iterdir()]
    cpu_s = round(used.ru_utime + used.ru_stime, 2)
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        return Outcome("killed", name, cpu_s=cpu_s, left_behind=tuple(left))
    data = json.loads(told)
    data["warnings"] = tuple(data["warnings"])
    return Outcome(**data, cpu_s=cpu_s, left_behind=tuple(left))


def _be_the_child(work: Work, writing: int, temporary: Path) -> None:
    """Never returns."""
    from pipeline.errors import PipelineError

    os.setsid()
    os.environ["TMPDIR"] = str(temporary)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(WALL_S)
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")  # VmHWM starts anew
    before = _resident_mb()
    ears = Ears()
    result: dict[str, Any]
    try:
        result = {"kind": "done", "facts": work(ears)}
    except PipelineError as error:
        result = {"kind": "refused", "message": f"{type(error).__name__}: {error}"}
    except BaseException:
        result = {"kind": "unexpected", "message": traceback.format_exc()}
    result["warnings"] = ears.warnings
    programs = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    result["peak_mb"] = max(_peak_mb() - before, programs)
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(json.dumps(result).encode())
    os._exit(0)


def _resident_mb() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() >> 20


def _peak_mb() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) >> 10
    return 0


def _left_running(session: int) -> list[str]:
    """Processes of the child's session that still run a moment after it ended; they are ended."""
    for _ in range(50):
        left = [name for pid, name in _processes(session)]
        if not left:
            return []
        time.sleep(0.1)
    for pid, _ in _processes(session):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return [f"process {name}" for name in left]


def _processes(session: int) -> list[tuple[int, str]]:
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        with contextlib.suppress(OSError):
            name, _, rest = (folder / "stat").read_text().rpartition(")")
            if int(rest.split()[3]) == session and rest.split()[0] != "Z":
                found.append((int(folder.name), name.partition("(")[2]))
    return found
