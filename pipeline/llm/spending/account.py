"""One account for several lectures: what the book may spend and how fast, over all its processes.

A stage that is run for a book does so within ``share``; its client then asks the book's account
before every call, beside keeping its own lecture's limits.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from filelock import FileLock, Timeout

from pipeline.engine.files import unwritable
from pipeline.engine.lock import NO_FLOCK
from pipeline.errors import BudgetError, LLMError
from pipeline.llm.chat import Tokens
from pipeline.llm.reply_store import reply_folders
from pipeline.llm.servers import Server
from pipeline.llm.spending.budget import Budget, amount_of
from pipeline.llm.spending.ledger import Charge, charges, noted, unnoted
from pipeline.llm.spending.limits import Amount, Elsewhere, Hold
from pipeline.llm.spending.prices import price_of
from pipeline.llm.spending.rate_limit import RateLimit
from pipeline.settings.llm import LLMSettings, Price

log = logging.getLogger(__name__)

Verdict = Literal["granted", "wait", "refused"]

# Between two questions whether a call fits by now.
_ASK_AGAIN_S = 0.25
# In a lecture's folder: lets one process in at a time.
LOCK = ".spending.lock"
# One wait for the lock; it is held for milliseconds.
_LOOK_S = 1.0


class Account(Protocol):
    """The book's account; it may live in another process, so every call may take a millisecond."""

    def reserve(self, holder: str, hold: Hold) -> Verdict:
        """Set ``hold`` aside for a call, or say to wait, or that it will never fit."""

    def settle(self, holder: str, hold: Hold, paid: Amount) -> None:
        """Give back what was set aside, and enter what was paid."""

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


def price_for(
    settings: LLMSettings, server: Server, model: str, *, is_replay: bool = False
) -> Price | None:
    """The price that a client pays; None where nothing is paid, or no limit of cost needs one.

    A server on this machine may be a gateway to one that costs money: it is free only where the
    model has no price and no limit of cost is set.

    Raises:
        LLMError: ``llm.max_cost`` is set and the price is not known.
    """
    if is_replay:
        return None
    known = price_of(model, settings.prices)
    if settings.max_cost is not None and known is None:
        free = " (0 for a model that costs nothing)" if server.is_local else ""
        raise LLMError(
            f"llm.max_cost is set, but the price of {model} is not known",
            f"add it to llm.prices{free}, or limit llm.max_tokens",
        )
    return known


def spent_on(folders: Iterable[Path], settings: LLMSettings, replay: str | None) -> Amount:
    """What the calls in these reply folders have cost in earlier runs, all together."""
    total = Amount()
    if settings.model is not None and replay is None:
        for charge in (one for folder in folders for one in charges(folder)):
            total = total.plus(_cost(charge, settings, settings.model))
    return total


class LectureAccount:
    """What is spent on one lecture, by all processes: the ledgers in its reply folders.

    Whoever begins a call under a limit looks and enters it in one ``turn``, so that no two begin
    what only one can pay.

    Args:
        folder: where the caller keeps its replies.
        lecture: the lecture's folder; None: nobody else spends, or what they do does not count.
        own: ids of the caller's own calls, which it counts itself.
    """

    def __init__(
        self,
        folder: Path,
        lecture: Path | None,
        settings: LLMSettings,
        model: str,
        own: Set[str],
    ) -> None:
        others = reply_folders(lecture) if lecture else ()
        self._folders = tuple(dict.fromkeys((folder, *others)))
        self._lock = (lecture or folder) / LOCK
        self._settings = settings
        self._model = model
        self._own = own
        self._older = [charge for one in self._folders for charge in unnoted(one)]

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Within the block, no other process looks at the account or enters a call.

        Raises:
            WorkspaceError: the lock cannot be written.
        """
        # A lock of its own each time: two of one process exclude each other, too.
        lock = FileLock(self._lock, thread_local=False)
        try:
            self._lock.parent.mkdir(parents=True, exist_ok=True)
            # Short waits in a loop, so that a cancelled call leaves no thread waiting.
            while not await asyncio.to_thread(_acquired, lock):
                pass
        except (NotImplementedError, OSError) as error:
            if isinstance(error, OSError) and error.errno not in NO_FLOCK:
                raise unwritable(self._lock, error) from error
            log.warning("%s: this file system has no locks", self._lock.parent)
        try:
            yield
        finally:
            lock.release()

    def elsewhere(self) -> Elsewhere:
        """What others have spent or are spending, each call at the price of its own model."""
        spent, unknown, holds = Amount(), Amount(), []
        for charge in (*self._older, *(one for folder in self._folders for one in noted(folder))):
            if charge.call in self._own:
                continue
            cost = _cost(charge, self._settings, self._model)
            if charge.is_under_way:
                price = _price_of_call(charge, self._settings, self._model)
                holds.append(Hold(amount_of(charge.worst, price), cost))
                continue
            spent = spent.plus(cost)
            unknown = unknown.plus(cost) if charge.paid is None else unknown
        return Elsewhere(spent, unknown, tuple(holds))


def _acquired(lock: FileLock) -> bool:
    try:
        lock.acquire(timeout=_LOOK_S)
    except Timeout:
        return False
    return True


def _cost(charge: Charge, settings: LLMSettings, model: str) -> Amount:
    """What a call cost, or the most that it can have cost, if the server gave no account of it: by
    what ``llm.prices`` says today of how much its model can write, else what was known then."""
    price = _price_of_call(charge, settings, model)
    if charge.paid is not None:
        return amount_of(charge.paid, price)
    most = charge.most
    if price and price.longest_reply:
        most = Tokens(most.sent, 0, max(charge.worst.received, price.longest_reply))
    return amount_of(most, price)


def _price_of_call(charge: Charge, settings: LLMSettings, model: str) -> Price | None:
    """The price of the model that was asked. One whose price is gone counts as the present
    ``model``'s, unless it was asked on this machine."""
    price = price_of(charge.model, settings.prices)
    if price is None and not _was_local(charge.server):
        return price_of(model, settings.prices)
    return price


def _was_local(address: str) -> bool:
    try:
        return bool(address) and Server(address, "").is_local
    except ValueError:
        return False  # no address: somebody wrote it into the ledger


class _SharedBudget(Budget):
    def __init__(
        self, price: Price | None, max_cost: float | None, max_tokens: int | None, of: _Share
    ) -> None:
        super().__init__(price, max_cost, max_tokens)
        self._of = of

    async def reserve(self, label: str, hold: Hold) -> None:
        await super().reserve(label, hold)
        verdict: Verdict = "wait"
        try:
            while verdict == "wait":
                verdict = await asyncio.to_thread(self._of.account.reserve, self._of.holder, hold)
                if verdict == "wait":
                    await asyncio.sleep(_ASK_AGAIN_S)
        finally:
            if verdict != "granted":
                super().release(hold)
        if verdict == "refused":
            size, cost = hold.worst
            raise BudgetError(
                f"{label}: the next call (up to {size} tokens, {cost:.4f}) would pass the limit "
                "of the whole book",
                "everything so far is kept; raise llm.max_cost or llm.max_tokens to go on",
            )

    def settle(self, hold: Hold, paid: Tokens | None) -> None:
        super().settle(hold, paid)
        amount = hold.most if paid is None else self.amount(paid)
        self._of.account.settle(self._of.holder, hold, amount)

    def release(self, hold: Hold) -> None:
        super().release(hold)
        self._of.account.settle(self._of.holder, hold, Amount())


class _SharedRate(RateLimit):
    def __init__(self, account: Account) -> None:
        super().__init__(None, None)
        self._account = account

    async def admit(self, tokens: int) -> None:
        while (wait := await asyncio.to_thread(self._account.admit, tokens)) > 0:
            await asyncio.sleep(wait)

    def pause(self, seconds: float) -> None:
        self._account.pause(seconds)
