"""The compressed pictures of a video: when each is shown and how many bytes it took."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass


@dataclass(frozen=True)
class Packet:
    """A compressed picture: when it is shown, how many bytes it took, and if it stands alone."""

    at_ms: int
    size: int
    is_key: bool


class PacketIndex:
    """Packets by the time they are shown; 13 bytes each, so that hours fit in a few megabytes.

    Packets are added in the order of the file, which is not that of their times.
    """

    def __init__(self) -> None:
        self._times = array("q")
        self._sizes = array("I")
        self._keys = array("b")
        self._in_order = True

    def add(self, at_ms: int, size: int, is_key: bool) -> None:
        """One more packet."""
        self._in_order = self._in_order and (not self._times or self._times[-1] <= at_ms)
        self._times.append(at_ms)
        self._sizes.append(size)
        self._keys.append(is_key)

    def between(self, after_ms: int, before_ms: int) -> tuple[Packet, ...]:
        """The packets strictly between two times, in order."""
        self._arrange()
        first, last = bisect_right(self._times, after_ms), bisect_left(self._times, before_ms)
        return tuple(
            Packet(self._times[k], self._sizes[k], bool(self._keys[k])) for k in range(first, last)
        )

    def key_bytes(self, at_ms: int) -> int | None:
        """The size of the key frame shown from exactly ``at_ms``; None where there is none."""
        self._arrange()
        for k in range(bisect_left(self._times, at_ms), bisect_right(self._times, at_ms)):
            if self._keys[k]:
                return self._sizes[k]
        return None

    def _arrange(self) -> None:
        """Put the packets in order of time; those of one time stay in the order of the file."""
        import numpy as np

        if self._in_order:
            return
        order = np.argsort(np.frombuffer(self._times, dtype=np.int64), kind="stable")
        for name in ("_times", "_sizes", "_keys"):
            column = getattr(self, name)
            values = np.frombuffer(column, dtype=np.dtype(column.typecode))[order]
            setattr(self, name, array(column.typecode, values.tobytes()))
        self._in_order = True
