"""The process of one conversion: started, ended, and waited for when it lost its server."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.engine.files import is_alive
from pipeline.redaction import has_secret
from pipeline.settings.serve import ServeSettings

KILL_AFTER_S = 10.0  # as ``cli.process``, by which a run has ended or ends itself
END_WITH_INPUT = "--end-with-input"
_NICENESS = 10  # as nice(1) has it: whoever reads the pages comes first
_LOOK_S = 0.1  # for the end of a process that is no child of this one


def pipeline_command(source: str, output: Path, options: Sequence[str] = ()) -> list[str]:
    """The command that converts ``source``; no source can be taken for an option."""
    return [
        sys.executable, "-m", "pipeline", "run", "--output", str(output), "--progress", "json",
        END_WITH_INPUT, *options, "--", source,
    ]  # fmt: skip


def guarded_command(
    settings: ServeSettings, options: Sequence[str] = ()
) -> Callable[[str, Path], list[str]]:
    """``pipeline_command`` for what others ask for: it may reach what ``serve`` allows.

    Args:
        options: further options of ``run``, such as ``--config``.
    """
    guarded = [
        *options,
        "--set", f"download.private_addresses={settings.private_addresses}",
        "--set", f"download.private_hosts={json.dumps(settings.private_hosts)}",
    ]  # fmt: skip
    return functools.partial(pipeline_command, options=guarded)


async def start(
    command: Callable[[str, Path], Sequence[str]],
    source: str,
    output: Path,
    options: Sequence[str] = (),
) -> asyncio.subprocess.Process:
    """A process that converts ``source``, in a group of its own.

    ``options`` go before the ``--`` of the command.

    Its standard input stays open as long as this process lives: its end tells it to end too.

    Raises:
        OSError, ValueError: no process can be started, or not with such arguments.
    """
    # Other users of the machine can read a command line, and a password in an address with it.
    secret = has_secret(source)
    words = list(command("-" if secret else source, output))
    if options:
        words[words.index("--") : words.index("--")] = options
    process = await asyncio.create_subprocess_exec(
        *words,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    _give_way(process.pid)
    assert process.stdin
    if secret:
        process.stdin.write(source.encode("utf-8", "surrogateescape") + b"\n")
    return process


def signal_group(process: asyncio.subprocess.Process, number: int) -> None:
    """Send a signal to the process and all it started, if it still runs."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)


def birth_of(pid: int) -> str:
    """What tells a process from a later one of the same number; empty where that is not known."""
    try:
        # Field 22 is the start in ticks since boot (proc_pid_stat(5)); a name may hold spaces.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def await_end(pid: int, birth: str) -> None:
    """Return when a conversion that a killed server left behind has ended.

    It ends by itself when its server is gone; one that does not is killed after ``KILL_AFTER_S``,
    and as long again, with all it started.
    """
    deadline = time.monotonic() + 2 * KILL_AFTER_S
    while is_alive(pid) and birth_of(pid) == birth:
        if time.monotonic() > deadline:
            if birth and _is_conversion(pid):
                with contextlib.suppress(OSError):
                    os.killpg(pid, signal.SIGKILL)
            return
        time.sleep(_LOOK_S)


def _is_conversion(pid: int) -> bool:
    """Whether it leads a group of its own and was started as a conversion: the list of jobs may be
    another's gift, and name any process."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        return pid > 1 and os.getpgid(pid) == pid and END_WITH_INPUT.encode() in words
    except OSError:
        return False


def _give_way(process: int) -> None:
    """Let the readers of the library go first; what the conversion starts inherits it."""
    with contextlib.suppress(AttributeError, OSError):
        own = os.getpriority(os.PRIO_PROCESS, 0)
        os.setpriority(os.PRIO_PROCESS, process, min(19, own + _NICENESS))
