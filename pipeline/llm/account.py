"""One account for several lectures: what the book may spend and how fast, over all its processes.

A stage that is run for a book does so within ``share``; its client then asks the book's account
before every call, beside keeping its own lecture's limits.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from pipeline.errors import BudgetError
from pipeline.llm.budget import Budget
from pipeline.llm.chat import Tokens
from pipeline.llm.prices import cost_of, price_of
from pipeline.llm.rate import RateLimit
from pipeline.llm.replies import read_all
from pipeline.llm.servers import server_of
from pipeline.settings.llm import LLMSettings, Price

Verdict = Literal["granted", "wait", "refused"]

# Between two questions whether a call fits by now.
_ASK_AGAIN_S = 0.25


class Account(Protocol):
    """The book's account; it may live in another process, so every call may take a millisecond."""

    def reserve(self, holder: str, tokens: int, cost: float) -> Verdict:
        """Set the worst case of a call aside for ``holder``, or say to wait, or that it will never
        fit."""

    def settle(self, holder: str, tokens: int, cost: float, paid: int, paid_cost: float) -> None:
        """Give back what was set aside, and enter what was paid (0 for a call that failed)."""

    def admit(self, tokens: int) -> float:
        """Let a call out and return 0, or the seconds to wait before asking again."""

    def pause(self, seconds: float) -> None:
        """Hold every call of the book back."""


@dataclass(frozen=True)
class _Share:
    account: Account
    holder: str


_shares: list[_Share] = []


@contextlib.contextmanager
def share(account: Account, holder: str) -> Iterator[None]:
    """Within the block, clients of this process also answer to ``account``, as ``holder``."""
    _shares.append(_Share(account, holder))
    try:
        yield
    finally:
        _shares.pop()


def budget_for(price: Price | None, max_cost: float | None, max_tokens: int | None) -> Budget:
    """The lecture's budget, which is also the book's within ``share``."""
    if _shares:
        return _SharedBudget(price, max_cost, max_tokens, _shares[-1])
    return Budget(price, max_cost, max_tokens)


def rate_for(requests: int | None, tokens: int | None) -> RateLimit:
    """The lecture's rate, or the book's within ``share``."""
    return _SharedRate(_shares[-1].account) if _shares else RateLimit(requests, tokens)


def spent_on(
    folders: Iterable[Path], settings: LLMSettings, replay: str | None
) -> tuple[int, float]:
    """Tokens and money that the replies in these folders have cost in earlier runs."""
    known = settings.model is not None and replay is None
    if not known:
        return 0, 0.0
    price = (
        None if server_of(settings).is_local else price_of(settings.model or "", settings.prices)
    )
    paid = [record.answer.tokens for folder in folders for record in read_all(folder)]
    size = sum(tokens.sent + tokens.received for tokens in paid)
    return size, sum(cost_of(tokens, price) for tokens in paid)


class _SharedBudget(Budget):
    def __init__(
        self, price: Price | None, max_cost: float | None, max_tokens: int | None, of: _Share
    ) -> None:
        super().__init__(price, max_cost, max_tokens)
        self._of = of

    async def reserve(self, label: str, worst: Tokens) -> None:
        await super().reserve(label, worst)
        size, cost = _weight(worst, self._price)
        verdict: Verdict = "wait"
        try:
            while verdict == "wait":
                verdict = await asyncio.to_thread(
                    self._of.account.reserve, self._of.holder, size, cost
                )
                if verdict == "wait":
                    await asyncio.sleep(_ASK_AGAIN_S)
        finally:
            if verdict != "granted":
                super().settle(worst, None)
        if verdict == "refused":
            raise BudgetError(
                f"{label}: the next call (up to {size} tokens, {cost:.4f}) would pass the limit "
                "of the whole book",
                "everything so far is kept; raise llm.max_cost or llm.max_tokens to go on",
            )

    def settle(self, worst: Tokens, paid: Tokens | None) -> None:
        super().settle(worst, paid)
        size, cost = _weight(worst, self._price)
        paid_size, paid_cost = _weight(paid, self._price) if paid else (0, 0.0)
        self._of.account.settle(self._of.holder, size, cost, paid_size, paid_cost)


class _SharedRate(RateLimit):
    def __init__(self, account: Account) -> None:
        super().__init__(None, None)
        self._account = account

    async def admit(self, tokens: int) -> None:
        while (wait := await asyncio.to_thread(self._account.admit, tokens)) > 0:
            await asyncio.sleep(wait)

    def pause(self, seconds: float) -> None:
        self._account.pause(seconds)


def _weight(tokens: Tokens, price: Price | None) -> tuple[int, float]:
    return tokens.sent + tokens.received, cost_of(tokens, price)
