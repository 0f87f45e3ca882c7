"""One run at a time on one lecture, on one machine or on several that share a file system.

Two locks, because neither is enough: the operating system's (``flock``), which ends with its
process however that dies but which some network file systems do not carry to other machines; and
``.lock.json``, signed and renewed while its writer lives, which tells other machines, and people.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.engine.files import sweep, unwritable, write_atomic
from pipeline.engine.lease import (
    Identity,
    Lease,
    LeaseTiming,
    Signature,
    is_renewed,
    read_signature,
    this_process,
)
from pipeline.engine.workspace import to_json
from pipeline.errors import LockedError, WorkspaceError

log = logging.getLogger(__name__)

_SIGNED = ".lock.json"
_SIGNING_S = 1.0  # who has just locked the folder signs within milliseconds
# What a file system without locks says.
NO_FLOCK = (errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK, errno.EINVAL)


@contextlib.contextmanager
def hold(
    root: Path,
    *,
    me: Identity | None = None,
    timing: LeaseTiming | None = None,
    tell: Callable[[str], None] = lambda text: None,
) -> Iterator[Lease]:
    """Hold the lecture's folder ``root`` for this process until the block ends.

    What a dead process of this machine held is taken at once. What another machine seems to hold is
    watched for half a minute first, and taken when it is not renewed. Temporary files of
    killed runs are removed.

    Args:
        me: who asks (this process).
        timing: of the lease; the same for all who share the folder.
        tell: told in words of waiting and taking over.

    Yields:
        A lease, whose ``check`` is to be called before every write.

    Raises:
        LockedError: another process holds it; the message says which, and since when.
        WorkspaceError: the folder cannot be written.
    """
    me = me or this_process()
    timing = timing or LeaseTiming()
    with _flock(root) as certain:
        path = root / _SIGNED
        token = _take(path, me, timing, tell, certain)
        lease = Lease(path, token)
        log.debug("holds %s", root)
        try:
            sweep(root)
            with lease.renewing(timing):
                yield lease
        finally:
            if lease.holds():
                with contextlib.suppress(OSError):
                    path.unlink()


@contextlib.contextmanager
def _flock(root: Path) -> Iterator[bool]:
    """The operating system's lock; False where the file system has none."""
    lock = FileLock(root / ".lock", timeout=0)
    certain = True
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise _in_use(root, _holder(root / _SIGNED)) from error
    except NotImplementedError:
        certain = False
    except OSError as error:
        if error.errno not in NO_FLOCK:
            raise WorkspaceError(
                f"{root} cannot be locked: {error}", unwritable(root, error).hint
            ) from error
        certain = False
    try:
        yield certain
    finally:
        lock.release()


def _take(
    path: Path, me: Identity, timing: LeaseTiming, tell: Callable[[str], None], certain: bool
) -> str:
    """Sign the file, which nobody alive holds, and return the token.

    Args:
        certain: the operating system's lock is held, so no process of this machine has it.
    """
    signature = Signature(
        **asdict(me),
        since=datetime.now(UTC).isoformat(timespec="seconds"),
        token=secrets.token_hex(8),
    )
    while not _sign_new(path, signature):
        found = read_signature(path)
        here = found is not None and found.machine == me.machine
        if not (here and (certain or (found and found.is_dead(me)))):
            who = found.describe() if found else "an unknown process"
            tell(f"waiting up to {timing.stale_s:.0f} s to see whether {who} still works here")
            if is_renewed(path, timing):
                raise _in_use(path.parent, _holder(path))
            if not os.path.lexists(path):
                continue  # it has just finished
            tell(f"taken over from {who}, which shows no sign of life")
            write_atomic(path, to_json(signature))
            time.sleep(2 * timing.look_s)  # another may have waited too: the last to sign has it
        else:
            write_atomic(path, to_json(signature))
        break
    Lease(path, signature.token).check()
    return signature.token


def _sign_new(path: Path, signature: Signature) -> bool:
    """Make the file if there is none: of several who try, on any machine, one succeeds."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    except FileExistsError:
        return False
    except OSError as error:
        raise unwritable(path, error) from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(to_json(signature))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise unwritable(path, error) from error
    return True


def _holder(path: Path) -> str:
    """Who signed, in words; one who has just locked the folder may be about to sign."""
    deadline = time.monotonic() + _SIGNING_S
    while (found := read_signature(path)) is None and time.monotonic() < deadline:
        time.sleep(0.05)
    return found.describe() if found else "another process"


def _in_use(root: Path, holder: str) -> LockedError:
    return LockedError(f"{root} is in use by {holder}", "wait for that run to end, or stop it")
