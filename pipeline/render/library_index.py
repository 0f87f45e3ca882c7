"""Which chapters an output folder has: found again on every look, and listed for the search."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.engine.files import write_atomic

BOOKS = "books"
"""The folder in the output folder that is no chapter: each book has one in it."""


@dataclass(frozen=True)
class RenderedFolder:
    """A chapter's folder by its ``name``, and when its page and its manifest were written, in ns:
    they change whenever it is rendered again. ``manifest_ns`` is 0 where there is none."""

    name: str
    page_ns: int
    manifest_ns: int


def rendered(output: Path) -> tuple[RenderedFolder, ...]:
    """The chapters of ``output`` that have a page, by name; empty when there is no such folder."""
    try:
        with os.scandir(output) as entries:
            names = sorted(
                one.name for one in entries if not one.name.startswith(".") and one.name != BOOKS
            )
    except OSError:
        return ()
    found = []
    for name in names:
        folder = f"{output}/{name}/render"
        if page_ns := _changed_ns(f"{folder}/index.html"):
            found.append(RenderedFolder(name, page_ns, _changed_ns(f"{folder}/manifest.json")))
    return tuple(found)


def library_index(names: Sequence[str]) -> str:
    """A script that calls ``lectureLibrary([...])`` with the ids of all rendered chapters."""
    return f"lectureLibrary({json.dumps(list(names), ensure_ascii=False)});\n"


def write_list(output: Path) -> None:
    """Write ``library.js`` beside the lectures, for the search on pages opened from a file.

    It belongs to no lecture: it is rewritten whenever one is rendered.
    """
    names = [one.name for one in rendered(output)]
    write_atomic(output / "library.js", library_index(names).encode())


def _changed_ns(path: str) -> int:
    """A path, not a ``Path``: a library of a thousand chapters asks three thousand times."""
    try:
        status = os.stat(path)  # noqa: PTH116
    except OSError:
        return 0
    return status.st_mtime_ns if stat.S_ISREG(status.st_mode) else 0
