"""Whether a file of the MP4 family is all there, told by the lengths of its boxes."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

_HEAD = 8
_LONG_HEAD = 16


def missing_bytes(path: Path) -> int:
    """How many bytes lie beyond the end of the file by its own account.

    An MP4 or QuickTime file is a row of boxes, each of which begins with its length
    (ISO/IEC 14496-12, 4.2); the last one must end with the file.

    Returns:
        0 for a whole file, and for one of another kind.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        if file.read(_HEAD)[4:] != b"ftyp":
            return 0
        place = 0
        while place + _HEAD <= size:
            length = _box_length(file, place)
            if length is None:
                return 0
            place += length
    return max(0, place - size)


def _box_length(file: BinaryIO, place: int) -> int | None:
    """The length of the box at ``place``; None: to the end of the file, or no box."""
    file.seek(place)
    head = file.read(_LONG_HEAD)
    length = int.from_bytes(head[:4], "big")
    if length == 1 and len(head) == _LONG_HEAD:
        length = int.from_bytes(head[8:16], "big")
    return length if length >= _HEAD else None
