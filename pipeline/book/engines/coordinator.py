"""The coordinator of a book: spending, rate limits and progress of all processes and machines.

Plain and synchronous; each engine makes it reachable in its own way (a pipe, a named Ray actor).
"""

from __future__ import annotations

import time
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Literal

from pipeline.llm.spending.account import Verdict
from pipeline.llm.spending.limits import Amount, Hold, fits
from pipeline.llm.spending.rate_limit import RateLimit

NewsKind = Literal["begins", "ends", "fresh", "note", "warn", "update"]
# Engines read twice a second: 2,000 lines in half a second would only scroll by.
_NEWS_KEPT = 2000
_NOTHING = Amount()


@dataclass(frozen=True)
class SpendingLimits:
    """What the whole book may spend, in all and in a minute; None: no limit."""

    max_cost: float | None = None
    max_tokens: int | None = None
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None


@dataclass(frozen=True)
class ProgressEvent:
    """Something that happened: lecture ``number`` at ``step``; ``done`` of ``total`` for updates
    (``total`` 0 while unknown), seconds in ``done`` for ``ends``."""

    number: int
    step: str
    kind: str
    text: str = ""
    done: float = 0.0
    total: float = 0.0


class Coordinator:
    """See the module. ``spent`` are the tokens and the money of earlier runs."""

    def __init__(self, limits: SpendingLimits, spent: Amount = _NOTHING) -> None:
        self._limits = (limits.max_tokens, limits.max_cost)
        self._spent = spent
        self._aside: dict[str, list[Hold]] = defaultdict(list)
        self._rate = RateLimit(
            limits.requests_per_minute, limits.tokens_per_minute, now=time.monotonic
        )
        self._news: deque[ProgressEvent] = deque(maxlen=_NEWS_KEPT)

    def reserve(self, holder: str, hold: Hold) -> Verdict:
        """See ``Account``. A call that does not fit waits while others are under way: they hardly
        ever reach their worst case."""
        pending = [one for held in self._aside.values() for one in held]
        if fits(self._limits, self._spent, [*pending, hold]):
            self._aside[holder].append(hold)
            return "granted"
        return "wait" if pending else "refused"

    def settle(self, holder: str, hold: Hold, paid: Amount) -> None:
        """See ``Account``."""
        held = self._aside.get(holder, [])
        if hold in held:
            held.remove(hold)
        if not held:
            self._aside.pop(holder, None)
        self._spent = self._spent.plus(paid)

    def release(self, holder: str) -> None:
        """Enter all that ``holder`` has set aside: it died, and its calls were under way."""
        for hold in self._aside.pop(holder, []):
            self._spent = self._spent.plus(hold.most)

    def admit(self, tokens: int) -> float:
        """See ``Account``."""
        return self._rate.take(tokens)

    def pause(self, seconds: float) -> None:
        """See ``Account``."""
        self._rate.pause(seconds)

    def spent(self) -> Amount:
        """Tokens and money so far, earlier runs included."""
        return self._spent

    def tell(self, number: int, step: str, kind: str, text: str, done: float, total: float) -> None:
        """Keep news until they are read."""
        self._news.append(ProgressEvent(number, step, kind, text, done, total))

    def news(self) -> list[ProgressEvent]:
        """What was told since the last call, in order."""
        told = list(self._news)
        self._news.clear()
        return told
