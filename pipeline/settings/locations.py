"""Where configuration files are: the user's, in the platform's place, and the project's."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

FILE = "config.yaml"


def user_file() -> Path:
    """The user's own configuration, whether it is there or not: ``~/.config/lecture-chapter/`` on
    Linux, ``~/Library/Application Support/lecture-chapter/`` on macOS."""
    from platformdirs import user_config_path  # imported here: `--help` needs no path

    return user_config_path("lecture-chapter", appauthor=False) / FILE


def project_file(folder: Path, is_ours: Callable[[Path], bool]) -> Path | None:
    """The nearest ``config.yaml`` in ``folder`` or above it, or None.

    The one in ``folder`` itself is taken whatever it holds. Above it, where files of that name
    belong to all sorts of programs, it is taken only if ``is_ours`` says so, and if it belongs to
    this user or to root: settings can name code to load, and anybody can leave a file in ``/tmp``.
    """
    folder = folder.absolute()
    if (folder / FILE).is_file():
        return folder / FILE
    for above in folder.parents:
        path = above / FILE
        if path.is_file() and _is_trusted(path) and is_ours(path):
            return path
    return None


def _is_trusted(path: Path) -> bool:
    return not hasattr(os, "getuid") or path.stat().st_uid in (os.getuid(), 0)
