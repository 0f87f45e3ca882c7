"""Who works in a folder: a signed file whose time of change is renewed while its writer lives.

Nothing here compares clocks, which differ between machines: a run is alive when the time of its
file has changed since one last looked, whatever the times are.
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, ValidationError

from pipeline.engine.files import is_alive
from pipeline.errors import LockedError
from pipeline.models import Model

_BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class LeaseTiming:
    """Seconds between two renewals, seconds without one after which a run is taken for dead, and
    seconds between two looks at another's file. Network file systems show a change of another
    machine late: NFS after 3 to 60 s (``acregmin`` and ``acregmax`` of nfs(5)), unless the file is
    opened, as is done here; so six renewals are waited for."""

    renew_s: float = 5.0
    stale_s: float = 30.0
    look_s: float = 0.5


@dataclass(frozen=True)
class Identity:
    """A process: ``machine`` differs between two machines, also where their names are the same,
    and between two boots of one."""

    host: str
    machine: str
    pid: int


def this_process() -> Identity:
    """The process that asks."""
    try:
        machine = _BOOT.read_text().strip()
    except OSError:
        machine = f"{uuid.getnode():012x}"
    return Identity(socket.gethostname(), machine, os.getpid())


class Signature(Model):
    """The file: who holds the folder, and since when (for people); ``token`` is of this hold."""

    pid: int
    host: str
    machine: str = ""
    since: str
    token: str = Field(min_length=1)

    def describe(self) -> str:
        """As an error says it."""
        return f"process {self.pid} on {self.host} since {self.since}"

    def is_dead(self, me: Identity) -> bool:
        """Whether its process is known to be gone, as far as can be told from here."""
        return self.machine == me.machine and (self.pid == me.pid or not is_alive(self.pid))


def read_signature(path: Path) -> Signature | None:
    """The signature in the file, None when there is none or it is damaged."""
    try:
        return Signature.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def is_renewed(path: Path, timing: LeaseTiming) -> bool:
    """Watch the file: True as soon as it changes, False when it has not for
    ``timing.stale_s`` or is gone."""
    before = _state(path)
    deadline = time.monotonic() + timing.stale_s
    while (now := _state(path)) is not None:
        if now != before:
            return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(timing.look_s)
    return False


def _state(path: Path) -> tuple[bytes, int] | None:
    try:
        # Opening makes a network file system ask the server.
        with path.open("rb") as file:
            return file.read(), os.fstat(file.fileno()).st_mtime_ns
    except OSError:
        return None


class Lease:
    """The right to write to a folder: it is held while the file bears this token."""

    def __init__(self, path: Path, token: str) -> None:
        self._path = path
        self._token = token

    def check(self) -> None:
        """Raise LockedError when the folder is another's by now, or was deleted."""
        try:
            found = Signature.model_validate_json(self._path.read_bytes())
        except (FileNotFoundError, NotADirectoryError) as error:
            raise LockedError(
                f"{self._path.parent} was deleted, moved or unlocked while this run was using it",
                "run again",
            ) from error
        except ValidationError as error:
            raise LockedError(f"{self._path} was changed by something else", "run again") from error
        except OSError:
            return  # the server does not answer; the write itself will say so
        if found.token != self._token:
            raise LockedError(
                f"{self._path.parent} was taken over by {found.describe()}, to which this run "
                "looked dead: it stops, so that the two do not mix",
                "wait for that run to end, then run again",
            )

    def holds(self) -> bool:
        """Whether the file bears the token now."""
        found = read_signature(self._path)
        return found is not None and found.token == self._token

    @contextlib.contextmanager
    def renewing(self, timing: LeaseTiming) -> Iterator[None]:
        """Renew the file's time from a thread until the block ends."""
        end = threading.Event()

        def renew() -> None:
            while not end.wait(timing.renew_s):
                # Needs no space on a full disk. What cannot be renewed now is renewed later.
                with contextlib.suppress(OSError):
                    if self.holds():
                        os.utime(self._path)

        thread = threading.Thread(target=renew, name="lease", daemon=True)
        thread.start()
        try:
            yield
        finally:
            end.set()
            thread.join()
