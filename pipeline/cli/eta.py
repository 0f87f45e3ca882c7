"""How fast work goes: when a report of it is due, how long it will take, its real-time factor."""

from __future__ import annotations

import time


class Eta:
    """When the next report is due, and how long the work will still take."""

    def __init__(self, interval_s: float) -> None:
        self._interval_s = interval_s
        self._unit = ""
        self._began_s = self._last_s = time.monotonic()
        self._from = 0.0

    def is_due(self, done: float, total: float | None, unit: str) -> bool:
        """Whether enough time has passed since the last report, or the work has just ended."""
        now = time.monotonic()
        if unit != self._unit:
            self._unit, self._began_s, self._from = unit, now, done
            self._last_s = now if self._interval_s > 1 else 0.0
        ended = total is not None and done >= total and self._interval_s < 1
        if now - self._last_s < self._interval_s and not ended:
            return False
        self._last_s = now
        return True

    def per_s(self, done: float) -> float | None:
        """Units a second since the first report of this work; None until there is a second one."""
        elapsed = time.monotonic() - self._began_s
        return (done - self._from) / elapsed if done > self._from and elapsed > 0 else None

    def left_s(self, done: float, total: float | None) -> float | None:
        """Seconds left at the speed so far; None while that cannot be known."""
        per_s = self.per_s(done)
        if total is None or per_s is None:
            return None
        return max(0.0, total - done) / per_s


def speed_text(per_s: float | None, unit: str) -> str:
    """The real-time factor of work on sound (``", 3.2 times real time"``); else empty."""
    if per_s is None or unit != "s of audio":
        return ""
    return f", {per_s:.{1 if per_s < 10 else 0}f} times real time"
