"""Partial files that a killed load left: made such that continuing them gives the true file.

Two habits of yt-dlp are met here. It appends pieces to one file and notes their number afterwards,
so that after a kill between the two a piece would be there twice, or half of one. And it takes the
answer "nothing left" of a server, for a file that is whole but not yet renamed, as an error.
"""

from __future__ import annotations

import contextlib
import glob
from pathlib import Path

# After a crash of the machine the last page of a file may hold zeros: a page has 4 KiB on x86.
_TORN_BYTES = 4096


def repair_partials(work: Path) -> None:
    """Prepare what lies in ``work`` for being continued.

    The sum of a segmented load is removed: it is put together again from its pieces, which are kept
    and whole. Of any other partial file the last 4 KiB are cut off, so that there is always
    something left to ask for, and bytes that a crash may have torn are loaded again. A piece that
    is not whole is loaded again.
    """
    if not work.is_dir():
        return
    for state in work.glob("*.ytdl"):
        state.with_suffix(".part").unlink(missing_ok=True)
        state.unlink(missing_ok=True)
    for piece in work.glob("*.part-Frag*.part"):
        piece.unlink(missing_ok=True)
    for partial in work.glob("*.part"):
        size = partial.stat().st_size
        with contextlib.suppress(OSError), partial.open("r+b") as file:
            file.truncate(max(0, size - _TORN_BYTES))


def drop_pieces(target: Path) -> None:
    """Remove all pieces of ``target``, and what was put together from them."""
    for left in target.parent.glob(f"{glob.escape(target.name)}.part*"):
        left.unlink(missing_ok=True)
    target.with_name(f"{target.name}.ytdl").unlink(missing_ok=True)


def clear_partials(work: Path) -> None:
    """Remove all that a load has left in ``work``."""
    for left in work.iterdir():
        if left.is_file():
            left.unlink()
