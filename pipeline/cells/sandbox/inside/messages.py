"""Messages between the raw output of cells."""

from __future__ import annotations

import contextlib
import json
import os
from typing import Any

_FRAME_BYTES = 3000  # with its key below 4,096, which a pipe takes whole (PIPE_BUF, pipe(7))


def head(token: str) -> bytes:
    """What a frame begins with."""
    return b"\x00" + token.encode("ascii")


def write_frames(target: int, start: bytes, message: dict[str, Any], load: bytes = b"") -> None:
    """Write a message to a file descriptor, in pieces that each arrive whole.

    ``load``, printable ASCII, goes with it unread: the bytes of a picture, the answers of a
    function.
    """
    text = json.dumps(message).encode("ascii")
    if load:
        text += b"\x01" + load
    pieces = [text[i : i + _FRAME_BYTES] for i in range(0, len(text), _FRAME_BYTES)]
    with contextlib.suppress(OSError):
        for index, piece in enumerate(pieces):
            mark = b"." if index == len(pieces) - 1 else b"+"
            os.write(target, start + mark + piece + b"\x00")
