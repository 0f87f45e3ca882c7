"""No more calls and tokens per minute than a server allows."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

_WINDOW_S = 60.0


class RateLimit:
    """A sliding window of one minute over calls and tokens, and a common pause.

    Args:
        requests: calls in any minute, None for no limit.
        tokens: tokens in any minute, None for no limit; a single call above it passes alone.
        now: seconds of a steady clock; the event loop's unless a test brings its own.
    """

    def __init__(
        self,
        requests: int | None,
        tokens: int | None,
        now: Callable[[], float] | None = None,
    ) -> None:
        self._requests = requests
        self._tokens = tokens
        self._now = now or (lambda: asyncio.get_running_loop().time())
        self._recent: deque[tuple[float, int]] = deque()
        self._paused_until = 0.0

    async def admit(self, tokens: int) -> None:
        """Return as soon as a call of this many tokens may go out."""
        while (wait := self.take(tokens)) > 0:
            await asyncio.sleep(wait)

    def take(self, tokens: int) -> float:
        """Let a call of this many tokens out and return 0, or the seconds until it is worth asking
        again."""
        wait = self.wait_s(tokens)
        if wait == 0:
            self._recent.append((self._now(), tokens))
        return wait

    def pause(self, seconds: float) -> None:
        """Hold every call back: the server said that it has enough."""
        self._paused_until = max(self._paused_until, self._now() + seconds)

    def wait_s(self, tokens: int) -> float:
        """Seconds until a call of this many tokens may go out; 0 for at once."""
        now = self._now()
        while self._recent and self._recent[0][0] <= now - _WINDOW_S:
            self._recent.popleft()
        if now < self._paused_until:
            return self._paused_until - now
        full = self._requests is not None and len(self._recent) >= self._requests
        sent = sum(size for _, size in self._recent)
        crowded = self._tokens is not None and sent > 0 and sent + tokens > self._tokens
        if full or crowded:
            return max(0.001, self._recent[0][0] + _WINDOW_S - now)
        return 0.0
