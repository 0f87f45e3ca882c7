"""Taking the driver's frames out of a stream of raw output.

A frame is ``NUL token mark JSON NUL``; the mark is ``.`` for the last piece of a message and ``+``
for the others. The token is random, so output cannot contain a frame by accident.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any


class FrameSplitter:
    """Splits one stream into raw output and messages, in order.

    Args:
        token: what marks a frame.
        limit: the longest message, bytes.

    >>> splitter = FrameSplitter("t", 100)
    >>> list(splitter.feed(b'one' + bytes(1) + b't.{"a"')), list(splitter.feed(b':1}' + bytes(1)))
    ([b'one'], [{'a': 1}])
    """

    def __init__(self, token: str, limit: int) -> None:
        self._head = b"\x00" + token.encode("ascii")
        self._limit = limit
        self._rest = b""
        self._pieces: list[bytes] = []

    def feed(self, data: bytes) -> Iterator[bytes | dict[str, Any]]:
        """The raw output and the messages that ``data`` completes.

        Raises:
            ValueError: a message is too long or is no JSON object.
        """
        self._rest += data
        while self._rest:
            start = self._rest.find(self._head)
            if start < 0:
                keep = self._possible_head()
                raw, self._rest = self._split(len(self._rest) - keep)
                if raw:
                    yield raw
                return
            end = self._rest.find(b"\x00", start + len(self._head))
            if start:
                raw, self._rest = self._split(start)
                yield raw
                continue
            if end < 0:
                if len(self._rest) > self._limit:
                    raise ValueError("a message without an end")
                return
            frame, self._rest = self._split(end + 1)
            message = self._take(frame[len(self._head) : -1])
            if message is not None:
                yield message

    def _split(self, at: int) -> tuple[bytes, bytes]:
        return self._rest[:at], self._rest[at:]

    def _possible_head(self) -> int:
        """How many bytes at the end may be the beginning of a frame's head."""
        for size in range(min(len(self._head) - 1, len(self._rest)), 0, -1):
            if self._head.startswith(self._rest[-size:]):
                return size
        return 0

    def _take(self, payload: bytes) -> dict[str, Any] | None:
        self._pieces.append(payload[1:])
        if sum(map(len, self._pieces)) > self._limit:
            raise ValueError("a message is too long")
        if payload[:1] == b"+":
            return None
        text = b"".join(self._pieces)
        self._pieces = []
        try:
            message = json.loads(text)
        except RecursionError as error:
            raise ValueError("a message is nested too deeply") from error
        if not isinstance(message, dict):
            raise ValueError("a message is no object")
        return message
