"""Writing files so that a crash at any moment leaves the old one or the new one, never a half."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

from pipeline.errors import WorkspaceError

_BLOCK = 1 << 20


def write_atomic(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path``: a temporary file beside it, flushed to disk, then renamed.

    Parent folders are made. On failure the old file is untouched and nothing is left behind.

    Raises:
        WorkspaceError: disk full, read-only, or no permission.
    """
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes the file private; a chapter is for others to read.
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
        raise WorkspaceError(
            f"{path} cannot be written: {error.strerror or error}",
            "free some space or choose another folder with --output, then run again",
        ) from error


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
