"""The pictures that a cell drew, or saved in its working folder."""

from __future__ import annotations

import base64
import contextlib
import logging
import os
import sys
import warnings

_PICTURES = 20  # matplotlib itself warns of more open figures (figure.max_open_warning)
_PICTURE_BYTES = 4_000_000  # a dense plot at 300 dpi has 1 MB


def quiet_matplotlib() -> None:
    """Leave out what matplotlib says of the machine and not of the code: that there is no window,
    and that the first look at the fonts takes long (which depends on how busy the machine is)."""
    warnings.filterwarnings("ignore", message=".*non-interactive.*")
    fonts = logging.getLogger("matplotlib.font_manager")
    fonts.addFilter(lambda record: "building the font cache" not in record.getMessage())


def drawn() -> list[tuple[str, bytes]]:
    """The figures that matplotlib holds open, as PNG; they are closed, as a notebook does.

    One that cannot be drawn has no bytes.
    """
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return []
    import io

    pictures = []
    with contextlib.suppress(Exception):
        for number in pyplot.get_fignums()[:_PICTURES]:
            buffer = io.BytesIO()
            try:
                # No software name and no date: the same figure must give the same bytes.
                pyplot.figure(number).savefig(buffer, format="png", metadata={"Software": None})
            except Exception:
                buffer = io.BytesIO()  # told of as a picture without bytes
            pictures.append(_picture("png", buffer.getvalue()))
        pyplot.close("all")
    return pictures


def files() -> dict[str, int]:
    """The pictures in the working folder, each with its time of change."""
    found: dict[str, int] = {}
    with contextlib.suppress(OSError), os.scandir(".") as entries:
        for entry in entries:
            # A link is not followed: a picture is a file that the cell wrote here.
            if entry.name.lower().endswith((".png", ".jpg", ".jpeg")) and entry.is_file(
                follow_symlinks=False
            ):
                found[entry.name] = entry.stat(follow_symlinks=False).st_mtime_ns
    return found


def saved(before: dict[str, int]) -> list[tuple[str, bytes]]:
    """The pictures that appeared or changed in the working folder."""
    pictures = []
    for name, changed in sorted(files().items())[:_PICTURES]:
        if before.get(name) != changed:
            with contextlib.suppress(OSError):
                handle = os.open(name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
                with os.fdopen(handle, "rb") as file:
                    data = file.read(_PICTURE_BYTES + 1)
                kind = "png" if name.lower().endswith("png") else "jpg"
                pictures.append(_picture(kind, data))
    return pictures


def _picture(kind: str, data: bytes) -> tuple[str, bytes]:
    """A picture as its kind and its bytes in base64, of which there are none when it is too big."""
    return kind, base64.b64encode(data) if len(data) <= _PICTURE_BYTES else b""
