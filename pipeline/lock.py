"""One run at a time on one lecture: a file lock that a dead process gives up by itself."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.errors import LockedError, WorkspaceError
from pipeline.files import write_atomic


@contextlib.contextmanager
def hold(root: Path) -> Iterator[None]:
    """Hold the lecture's folder ``root`` for this process until the block ends.

    The lock is the operating system's (``flock``), so it ends with the process however that dies;
    ``lock.json`` beside it only tells people who holds it.

    Raises:
        LockedError: another process holds it; the message says which, and since when.
        WorkspaceError: the folder cannot be written.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(root / ".lock", timeout=0)
        lock.acquire()
    except Timeout as error:
        raise LockedError(
            f"{root} is in use by {_holder(root)}", "wait for that run to end, or stop it"
        ) from error
    except (OSError, NotImplementedError) as error:
        raise WorkspaceError(
            f"{root} cannot be locked: {error}", "choose another folder with --output"
        ) from error
    try:
        _sign(root)
        yield
    finally:
        with contextlib.suppress(OSError):
            (root / ".lock.json").unlink(missing_ok=True)
        lock.release()


def _sign(root: Path) -> None:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    signature = {"pid": os.getpid(), "host": socket.gethostname(), "since": since}
    write_atomic(root / ".lock.json", (json.dumps(signature) + "\n").encode())


def _holder(root: Path) -> str:
    try:
        signature = json.loads((root / ".lock.json").read_text(encoding="utf-8"))
        return f"process {signature['pid']} on {signature['host']} since {signature['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
