"""The book's desk: one account of money and pace, and the news, for all processes and machines.

Plain and synchronous; each engine makes it reachable in its own way (a pipe, a named Ray actor).
"""

from __future__ import annotations

import time
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Literal

from pipeline.llm.account import Verdict
from pipeline.llm.rate import RateLimit

NewsKind = Literal["begins", "ends", "fresh", "note", "warn", "update"]
# More than this between two readings is not worth keeping: it would only scroll by.
_NEWS_KEPT = 2000


@dataclass(frozen=True)
class Limits:
    """What the whole book may spend, in all and in a minute; None: no limit."""

    max_cost: float | None = None
    max_tokens: int | None = None
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None


@dataclass(frozen=True)
class News:
    """Something that happened: lecture ``number`` at ``step``; ``done`` of ``total`` for updates
    (``total`` 0 while unknown), seconds in ``done`` for ``ends``."""

    number: int
    step: str
    kind: str
    text: str = ""
    done: float = 0.0
    total: float = 0.0


class Desk:
    """See the module. ``spent`` are the tokens and the money of earlier runs."""

    def __init__(self, limits: Limits, spent: tuple[int, float] = (0, 0.0)) -> None:
        self._limits = limits
        self._tokens, self._cost = spent
        self._aside: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self._rate = RateLimit(
            limits.requests_per_minute, limits.tokens_per_minute, now=time.monotonic
        )
        self._news: deque[News] = deque(maxlen=_NEWS_KEPT)

    def reserve(self, holder: str, tokens: int, cost: float) -> Verdict:
        """See ``Account``. A call that does not fit waits while others are under way: they hardly
        ever reach their worst case."""
        pending = [one for held in self._aside.values() for one in held]
        size = self._tokens + tokens + sum(one[0] for one in pending)
        price = self._cost + cost + sum(one[1] for one in pending)
        limits = self._limits
        fits = (limits.max_tokens is None or size <= limits.max_tokens) and (
            limits.max_cost is None or price <= limits.max_cost
        )
        if fits:
            self._aside[holder].append((tokens, cost))
            return "granted"
        return "wait" if pending else "refused"

    def settle(self, holder: str, tokens: int, cost: float, paid: int, paid_cost: float) -> None:
        """See ``Account``."""
        held = self._aside.get(holder, [])
        if (tokens, cost) in held:
            held.remove((tokens, cost))
        if not held:
            self._aside.pop(holder, None)
        self._tokens += paid
        self._cost += paid_cost

    def release(self, holder: str) -> None:
        """Drop all that ``holder`` has set aside."""
        self._aside.pop(holder, None)

    def admit(self, tokens: int) -> float:
        """See ``Account``."""
        return self._rate.take(tokens)

    def pause(self, seconds: float) -> None:
        """See ``Account``."""
        self._rate.pause(seconds)

    def spent(self) -> tuple[int, float]:
        """Tokens and money so far, earlier runs included."""
        return self._tokens, self._cost

    def tell(self, number: int, step: str, kind: str, text: str, done: float, total: float) -> None:
        """Keep news until they are read."""
        self._news.append(News(number, step, kind, text, done, total))

    def news(self) -> list[News]:
        """What was told since the last call, in order."""
        told = list(self._news)
        self._news.clear()
        return told
