"""What was spent, and the stop before a limit is passed."""

from __future__ import annotations

import asyncio

from pipeline.errors import BudgetError
from pipeline.llm.chat import Tokens
from pipeline.llm.spending.limits import Amount, Elsewhere, Hold, fits
from pipeline.llm.spending.prices import cost_of
from pipeline.models import Usage
from pipeline.settings.llm import Price

# What a user can do about calls that count as the longest reply.
LOWER_LONGEST = "if the model writes less, say so by longest_reply of its entry in llm.prices"


class Budget:
    """The account of one lecture.

    Before a call, what it may take is set aside; when that does not fit (see ``limits.fits``), the
    call waits for the calls under way and then either fits or stops the stage. So a limit is passed
    only where a server charges for more than it was allowed, and by one call's excess at most.

    Args:
        price: price of the model; None when it is not known, or the model costs nothing.
        max_cost: limit in the currency of the price, None for no limit.
        max_tokens: limit of tokens sent and received, None for no limit.
    """

    def __init__(self, price: Price | None, max_cost: float | None, max_tokens: int | None) -> None:
        self._price = price
        self._limits = (max_tokens, max_cost)
        self._own = Amount()
        self._unknown = Amount()
        self._elsewhere = Elsewhere()
        self._excess = Amount()
        self._aside: list[Hold] = []
        self._changed = asyncio.Event()
        self.usage = Usage()

    def amount(self, tokens: Tokens) -> Amount:
        """What ``tokens`` come to, at the model's price."""
        return amount_of(tokens, self._price)

    def hold_of(self, worst: Tokens, most: Tokens) -> Hold:
        """What to set aside for a call."""
        return Hold(self.amount(worst), self.amount(most))

    async def reserve(self, label: str, hold: Hold) -> None:
        """Set ``hold`` aside for a call.

        Raises:
            BudgetError: it does not fit even with no other call under way.
        """
        while not fits(self._limits, self._spent, [*self._aside, hold]):
            if not self._aside:
                raise self.refusal(label, hold)
            await self._changed.wait()
        self._aside.append(hold)

    @property
    def is_limited(self) -> bool:
        """Whether there is a limit at all."""
        return self._limits != (None, None)

    @property
    def waits_for(self) -> int:
        """How many calls, here and elsewhere, give something back when they end."""
        return len(self._aside) + len(self._elsewhere.holds)

    def agrees(self, elsewhere: Elsewhere) -> bool:
        """Whether what is set aside here fits beside what others spend at this moment."""
        self._elsewhere = elsewhere
        return fits(self._limits, self._spent, [*self._aside, *elsewhere.holds])

    @property
    def _spent(self) -> Amount:
        return self._own.plus(self._unknown).plus(self._elsewhere.spent)

    def settle(self, hold: Hold, paid: Tokens | None) -> None:
        """Give back what was set aside and enter what was paid.

        Args:
            paid: by the server's account; None where it gave none: then the most is spent that the
                call can have cost, since nothing shows that its length limit was kept to.
        """
        self._give_back(hold)
        if paid is None:
            self._unknown = self._unknown.plus(hold.most)
            return
        amount = self.amount(paid)
        self._own = self._own.plus(amount)
        if amount.tokens > hold.worst.tokens:
            self._excess = max(self._excess, amount.minus(hold.worst))

    def release(self, hold: Hold) -> None:
        """Give back what was set aside for a call that was not sent."""
        self._give_back(hold)

    def _give_back(self, hold: Hold) -> None:
        self._aside.remove(hold)
        # A new event for the next wait: it may be in another event loop.
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

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

    def refusal(self, label: str, hold: Hold) -> BudgetError:
        """The error that a call does not fit, with what was spent."""
        return BudgetError(self._refusal(label, hold), self._hint())

    def _refusal(self, label: str, hold: Hold) -> str:
        tokens, cost = self._spent
        unknown = self._all_unknown
        said = f"{tokens} tokens, {cost:.4f} spent"
        if unknown.tokens:
            said += (
                f"; {unknown.tokens} tokens, {unknown.cost:.4f} of it are set down for calls for "
                "which the server gave no account: each as if the model had written its longest "
                "reply, as no limit is sure to have been kept to"
            )
        if self._elsewhere.holds:
            said += f"; {len(self._elsewhere.holds)} calls of other processes are under way"
        if not fits(self._limits, self._spent, []):
            said += "; the limit is passed"
        if self._excess.tokens:
            said += (
                f"; the server charged up to {self._excess.tokens} tokens, "
                f"{self._excess.cost:.4f} more for one call than it was allowed"
            )
        need = f"up to {hold.worst.tokens} tokens, {hold.worst.cost:.4f}"
        return f"{label}: the next call ({need}) would pass the limit ({said})"

    def _hint(self) -> str:
        max_tokens, max_cost = self._limits
        limits = [
            f"llm.max_cost {max_cost}" if max_cost is not None else "",
            f"llm.max_tokens {max_tokens}" if max_tokens is not None else "",
        ]
        hint = f"everything so far is kept; raise {' or '.join(filter(None, limits))} to go on"
        if self._all_unknown.tokens:
            hint += f"; {LOWER_LONGEST}, and those calls count for less"
        return hint

    @property
    def _all_unknown(self) -> Amount:
        return self._unknown.plus(self._elsewhere.unknown)


def amount_of(tokens: Tokens, price: Price | None) -> Amount:
    """What ``tokens`` come to."""
    return Amount(tokens.sent + tokens.received, cost_of(tokens, price))
