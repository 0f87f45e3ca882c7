"""The bodies of answers: read to the last byte before a break, and not without end."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from pipeline.errors import SourceError

# Of a page, a playlist or captions; YouTube's pages have 1 to 2 MB, captions 8 MiB at most
# (``captions.parse.MOST_CAPTION_BYTES``). More would only fill the memory.
_MOST_PAGE = 32 << 20


def read_exactly(response: Any, count: int) -> bytes:
    """The next ``count`` bytes; fewer at the end."""
    data = b""
    while len(data) < count and (piece := response.read(count - len(data))):
        data += piece
    return data


def tail(partial: Path, size: int, count: int) -> bytes:
    """The last ``count`` bytes of a file of ``size`` bytes; empty when it is not such a file."""
    try:
        with partial.open("rb") as file:
            if file.seek(0, io.SEEK_END) != size:
                return b""
            file.seek(size - count)
            return file.read()
    except OSError:
        return b""


def keep_all(response: Any) -> None:
    """Let what came before a break be kept, not only full blocks of it."""
    if not response.headers.get("Content-Encoding") and hasattr(response.fp, "read1"):
        response.fp = UnbufferedBody(response.fp)


class UnbufferedBody:
    """A response's body of which a read returns what has come, instead of waiting for more."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def read(self, amt: int | None = None, **kwargs: Any) -> Any:
        if amt is None:
            return self._body.read(**kwargs)
        return self._body.read1(amt, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._body, name)


class BoundedBody:
    """A response's body that does not go on for ever."""

    def __init__(self, body: Any, url: str) -> None:
        self._body = body
        self._url = url
        self._count = 0

    def read(self, *args: Any, **kwargs: Any) -> Any:
        piece = self._body.read(*args, **kwargs)
        self._count += len(piece)
        if self._count > _MOST_PAGE:
            raise SourceError(
                f"{self._url}: more than {_MOST_PAGE >> 20} MiB were sent, too much for a page",
                "give a direct link to the video, or the page of one video",
            )
        return piece

    def __getattr__(self, name: str) -> Any:
        return getattr(self._body, name)
