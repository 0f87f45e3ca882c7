"""What was spent, and the stop before a limit is passed."""

from __future__ import annotations

import asyncio

from pipeline.errors import BudgetError
from pipeline.llm.chat import Tokens
from pipeline.llm.prices import cost_of
from pipeline.model import Usage
from pipeline.settings.llm import Price


class Budget:
    """The account of one lecture.

    Before a call its worst case is set aside; when that would pass a limit, the call waits for the
    calls under way (which hardly ever reach their worst case) and then either fits or stops the
    stage. A limit is therefore never passed.

    Args:
        price: price of the model; None when it is not known, or the model costs nothing.
        max_cost: limit in the currency of the price, None for no limit.
        max_tokens: limit of tokens sent and received, None for no limit.
    """

    def __init__(self, price: Price | None, max_cost: float | None, max_tokens: int | None) -> None:
        self._price = price
        self._max_cost = max_cost
        self._max_tokens = max_tokens
        self._paid = Tokens()
        self._paid_cost = 0.0
        self._aside: list[Tokens] = []
        self._changed = asyncio.Event()
        self.usage = Usage()

    async def reserve(self, label: str, worst: Tokens) -> None:
        """Set the worst case of a call aside.

        Raises:
            BudgetError: it does not fit even with no other call under way.
        """
        while not self._fits(worst):
            if not self._aside:
                raise BudgetError(self._refusal(label, worst), self._hint())
            await self._changed.wait()
        self._aside.append(worst)

    def settle(self, worst: Tokens, paid: Tokens | None) -> None:
        """Give back what was set aside; ``paid`` is None for a call that failed."""
        self._aside.remove(worst)
        if paid is not None:
            self.spend(paid)
        # A new event for the next wait: it may be in another event loop.
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def spend(self, paid: Tokens) -> None:
        """Enter what was paid, now or in an earlier run."""
        self._paid = _sum(self._paid, paid)
        self._paid_cost += cost_of(paid, self._price)

    def count(self, tokens: Tokens, cached: bool) -> None:
        """Enter a reply, fresh or from disk, into the usage of the chapter."""
        self.usage = Usage(
            calls=self.usage.calls + 1,
            cached_calls=self.usage.cached_calls + cached,
            input_tokens=self.usage.input_tokens + tokens.sent,
            cached_input_tokens=self.usage.cached_input_tokens + tokens.cached,
            output_tokens=self.usage.output_tokens + tokens.received,
            # Rounded: replies arrive in any order, and sums of floats depend on it.
            cost=round(self.usage.cost + cost_of(tokens, self._price), 9),
        )

    def _fits(self, worst: Tokens) -> bool:
        pending = [*self._aside, worst]
        cost = self._paid_cost + sum(cost_of(tokens, self._price) for tokens in pending)
        size = sum(tokens.sent + tokens.received for tokens in [self._paid, *pending])
        return (self._max_cost is None or cost <= self._max_cost) and (
            self._max_tokens is None or size <= self._max_tokens
        )

    def _refusal(self, label: str, worst: Tokens) -> str:
        spent = f"{self._paid.sent + self._paid.received} tokens, {self._paid_cost:.4f} spent"
        need = f"up to {worst.sent + worst.received} tokens, {cost_of(worst, self._price):.4f}"
        return f"{label}: the next call ({need}) would pass the limit ({spent})"

    def _hint(self) -> str:
        limits = [
            f"llm.max_cost {self._max_cost}" if self._max_cost is not None else "",
            f"llm.max_tokens {self._max_tokens}" if self._max_tokens is not None else "",
        ]
        return f"everything so far is kept; raise {' or '.join(filter(None, limits))} to go on"


def _sum(one: Tokens, other: Tokens) -> Tokens:
    return Tokens(one.sent + other.sent, one.cached + other.cached, one.received + other.received)
