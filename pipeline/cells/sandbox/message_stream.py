"""Taking the worker's frames out of a stream of raw output.

A frame is ``NUL prefix key mark payload NUL``; the mark is ``.`` for the last piece of a message
and ``+`` for the others. Prefix and keys are random, so output cannot contain a frame by accident;
each key is known to one sender. A message is an object of JSON, and after ``\\x01`` what it carries
unread.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

# A sender's pieces are shorter than a pipe's atomic size; no frame needs more.
_LONGEST_FRAME = 1 << 16
_LONGEST_JSON = 2 << 20  # 20 answers of 100,000 letters
_MOST_ITEMS = 300_000  # as objects of Python some 30 MB
_ITEM = re.compile(rb"[\[{,]")


@dataclass(frozen=True)
class SandboxMessage:
    """What one sender said: its key, the object, and what came with it."""

    key: str
    data: dict[str, Any]
    load: bytes = b""


class FrameSplitter:
    """Splits one stream into raw output and messages, in order.

    Args:
        prefix: what marks a frame.
        keys: the senders who are listened to; frames with other keys are dropped.
        limit: the longest message with its load, bytes.

    >>> splitter = FrameSplitter("t", ["a"], 100)
    >>> list(splitter.feed(b'one' + bytes(1) + b'ta.{"b"')), list(splitter.feed(b':1}' + bytes(1)))
    ([b'one'], [SandboxMessage(key='a', data={'b': 1}, load=b'')])
    """

    def __init__(self, prefix: str, keys: Iterable[str], limit: int) -> None:
        self._head = b"\x00" + prefix.encode("ascii")
        self._limit = limit
        self._rest = b""
        self._pieces = {key.encode("ascii"): bytearray() for key in keys}

    def feed(self, data: bytes) -> Iterator[bytes | SandboxMessage]:
        """The raw output and the messages that ``data`` completes.

        Raises:
            ValueError: a message is too long, has too many items or is no JSON object.
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
                if len(self._rest) > _LONGEST_FRAME:
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

    def _take(self, frame: bytes) -> SandboxMessage | None:
        key = next(
            (key for key in self._pieces if frame.startswith((key + b".", key + b"+"))), None
        )
        if key is None:
            return None
        pieces = self._pieces[key]
        pieces += frame[len(key) + 1 :]
        if len(pieces) > self._limit:
            raise ValueError("a message is too long")
        if frame[len(key)] == ord("+"):
            return None
        text, _, load = bytes(pieces).partition(b"\x01")
        pieces.clear()
        return SandboxMessage(key.decode("ascii"), _object(text), load)


def _object(text: bytes) -> dict[str, Any]:
    """The JSON object that ``text`` is; its size and items are bounded before it is read."""
    if len(text) > _LONGEST_JSON or sum(1 for _ in _ITEM.finditer(text)) > _MOST_ITEMS:
        raise ValueError("a message is too large")
    try:
        message = json.loads(text)
    except RecursionError as error:
        raise ValueError("a message is nested too deeply") from error
    if not isinstance(message, dict):
        raise ValueError("a message is no object")
    return message
