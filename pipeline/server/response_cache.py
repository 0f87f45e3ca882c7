"""Texts kept in memory with their packed form and entity tag, in bounded memory."""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass


@dataclass(frozen=True)
class CachedResponse:
    """``small`` is ``data`` packed with gzip, None where that is of no use; ``tag`` is its ETag."""

    data: bytes
    small: bytes | None
    tag: str


def cached_response(data: bytes, pack: bool = True) -> CachedResponse:
    """``data`` made ready to be sent; ``pack`` is for text."""
    small = gzip.compress(data, 6, mtime=0) if pack else None
    return CachedResponse(data, small, f'"{hashlib.sha256(data).hexdigest()[:24]}"')


class ResponseCache:
    """The texts asked for last, by key; usable from many threads.

    Args:
        most_bytes: what they take together, at most; a text larger than that is not kept at all.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._size = 0
        self._texts: OrderedDict[Hashable, CachedResponse] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], bytes]) -> CachedResponse:
        """The text under ``key``, made when it is not there.

        The key names a state of what the text is made from (a file's time of change, for one), so
        that a changed one is another key.
        """
        with self._lock:
            if key in self._texts:
                self._texts.move_to_end(key)
                return self._texts[key]
        # Not under the lock: what is there already can be sent in the meantime.
        made = cached_response(make())
        with self._lock:
            if key not in self._texts and _size(made) <= self._most:
                self._texts[key] = made
                self._size += _size(made)
            while self._size > self._most:
                _, oldest = self._texts.popitem(last=False)
                self._size -= _size(oldest)
        return made


def _size(text: CachedResponse) -> int:
    return len(text.data) + len(text.small or b"")
