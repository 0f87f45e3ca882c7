"""Nothing inside the output folder leads out of it.

The output folder itself may be a symbolic link, to another disk say. Within it, a link that leads
elsewhere is not followed: an archive of chapters that someone passed on, or another user of a
shared folder, could have planted it to have a file of this machine shown, packed or overwritten.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import WorkspaceError


def is_inside(path: Path, folder: Path) -> bool:
    """Whether ``path`` lies in ``folder`` with all symbolic links followed."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):  # too long, a NUL, links in a circle
        return False


def check_links(root: Path, output: Path) -> None:
    """Refuse to work on ``root``, a folder in the output folder, if a link in it leads out.

    Raises:
        WorkspaceError: ``root`` is such a link, or holds one; it is named.
    """
    for link in _links(root):
        if not is_inside(link, output):
            raise WorkspaceError(
                f"{link} is a symbolic link that leads out of {output}: nothing was read or "
                "written through it",
                "remove it, or put what it points to in its place",
            )


def _links(root: Path) -> Iterator[Path]:
    if root.is_symlink():
        yield root
    for folder, names, files in os.walk(root):
        for name in (*names, *files):
            path = Path(folder, name)
            if path.is_symlink():
                yield path
