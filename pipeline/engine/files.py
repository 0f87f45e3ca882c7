"""Writing files so that a crash at any moment leaves the old one or the new one, never a half.

Artifacts are known by the fingerprints in a manifest; partial results, in ``work`` folders, are in
none, so each carries its own checksum. A corrupted one counts as missing.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import secrets
import socket
import time
from pathlib import Path
from typing import Any

from pipeline.errors import WorkspaceError

_BLOCK = 1 << 20  # bytes read at a time while hashing
# `.index.html.3f2a91-4711-x8k2q0ab.tmp`: the file, the machine and process that write it.
_TEMPORARY = re.compile(r"\..+\.([0-9a-f]{6})-(\d+)-[^.]+\.tmp")
# A temporary file of another machine, which nobody here can ask: artifacts are written in seconds.
_FORGOTTEN_S = 3600
_PRIVATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0)


def write_atomic(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path``: a temporary file beside it, flushed to disk, then renamed.

    Parent folders are made. On failure the old file is untouched and nothing is left behind (what
    a killed process leaves is found by ``sweep``).

    Raises:
        WorkspaceError: disk full, read-only, or no permission.
    """
    # Its name is known before it is there: Ctrl-C right after it was made leaves nothing.
    name = f".{path.name[:40]}.{_machine()}-{os.getpid()}-{secrets.token_hex(8)}.tmp"
    temporary = path.parent / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(temporary, _PRIVATE, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # It was made private; a chapter is for others to read.
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException as error:  # Ctrl-C too
        with contextlib.suppress(OSError):
            temporary.unlink()
        if not isinstance(error, OSError):
            raise
        raise unwritable(path, error) from error


def unwritable(path: Path, error: OSError) -> WorkspaceError:
    """The error for a file that could not be written, with the hint that fits."""
    hint = "free some space or choose another folder with --output, then run again"
    if error.errno in (errno.EISDIR, errno.ENOTDIR, errno.ENOTEMPTY, errno.ELOOP):
        hint = "a file belongs there: move away what is in its place, then run again"
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        hint = "make it writable or choose another folder with --output, then run again"
    elif error.errno == errno.ENOENT:
        hint = "was the folder moved or deleted? run again"
    return WorkspaceError(f"{path} cannot be written: {error.strerror or error}", hint)


def sweep(folder: Path) -> None:
    """Remove the temporary files that killed processes left in ``folder`` and below it.

    Those of processes that live stay; those of other machines stay for an hour.
    """
    if not folder.is_dir():
        return
    for path in folder.rglob(".*.tmp"):
        with contextlib.suppress(OSError):
            if _is_abandoned(path):
                path.unlink()


def _is_abandoned(path: Path) -> bool:
    named = _TEMPORARY.fullmatch(path.name)
    if named is None:
        return False
    if named[1] != _machine():
        return time.time() - path.stat().st_mtime > _FORGOTTEN_S
    return not is_alive(int(named[2]))


def is_alive(pid: int) -> bool:
    """Whether a process of this machine has this number."""
    if os.name != "posix":
        return pid == os.getpid()
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True  # someone else's
    return True


def _machine() -> str:
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:6]


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, as 64 hex digits; read piece by piece.

    Raises:
        WorkspaceError: the file cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        raise WorkspaceError(f"{path} cannot be read: {error.strerror or error}") from error
    return digest.hexdigest()


def encode_line(data: Any) -> str:
    """``data`` as one line of JSON with a checksum, by which ``decode_line`` knows it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"{_checksum(text)} {text}"


def decode_line(line: str) -> Any:
    """The data of a line that ``encode_line`` made.

    Raises:
        ValueError: it is not whole, or has no checksum.
    """
    checksum, _, text = line.strip().partition(" ")
    if not text or checksum != _checksum(text):
        raise ValueError("the checksum does not fit")
    return json.loads(text)


def save_checkpoint(path: Path, data: Any) -> None:
    """Put ``data`` at ``path``, with its checksum.

    Raises:
        WorkspaceError: it cannot be written.
    """
    write_atomic(path, (encode_line(data) + "\n").encode("utf-8", "surrogatepass"))


def load_checkpoint(path: Path) -> Any | None:
    """The data at ``path``; None when there is none, or it is damaged."""
    try:
        return decode_line(path.read_bytes().decode("utf-8", "surrogatepass"))
    except (OSError, ValueError):
        return None


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
