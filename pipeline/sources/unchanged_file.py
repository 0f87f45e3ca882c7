"""A file that is read for minutes must stay the same file: else the result is of two videos."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import SourceError


@contextlib.contextmanager
def unchanged(path: Path) -> Iterator[None]:
    """Raise SourceError when ``path`` is written to, replaced or removed before the block ends.

    Told by size, time of change and inode: reading 1 GB again to compare would take too long. What
    fails in the block while the file changes fails for this reason.
    """
    before = _state(path)
    try:
        yield
    except Exception as error:
        if _state(path) != before:
            raise _changed(path) from error
        raise
    if _state(path) != before:
        raise _changed(path)


def _changed(path: Path) -> SourceError:
    return SourceError(
        f"{path} changed or was replaced while it was read", "run again when it is complete"
    )


def _state(path: Path) -> tuple[int, ...] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino, status.st_dev
