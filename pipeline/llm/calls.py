"""Calls to the server: within the budget and the rate, on the books, tried again where that helps.

Every single try is set aside before it is sent and entered when it ends, at the server's own
figures or, without them, at the most that it can have cost; so what is paid for and lost counts
like what is kept.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from typing import Any

from pipeline.engine.progress import Progress
from pipeline.errors import LLMError
from pipeline.llm.chat import ModelReply, ModelRequest, Tokens
from pipeline.llm.completion import Completion
from pipeline.llm.empty_replies import fault_of, is_tool_call
from pipeline.llm.reply_text import meant
from pipeline.llm.retry import wait_s
from pipeline.llm.servers import Abilities
from pipeline.llm.spending.account import LectureAccount
from pipeline.llm.spending.budget import LOWER_LONGEST, Budget
from pipeline.llm.spending.ledger import Ledger
from pipeline.llm.spending.limits import Hold
from pipeline.llm.spending.prices import longest_reply
from pipeline.llm.spending.rate_limit import RateLimit
from pipeline.llm.tokens import counter_for, message_tokens, most_message_tokens
from pipeline.llm.transport import (
    EmptyReplyError,
    FailedCallError,
    RefusedError,
    Transport,
    UnableError,
)
from pipeline.settings.llm import LLMSettings, Price

log = logging.getLogger(__name__)

# Waits shorter than this are not worth a line.
_TOLD_S = 5.0
# How often a question is asked whose reply is empty or a refusal: chance may help once.
_ASKED = 2
# Between two looks whether calls of other processes have ended.
_LOOK_AGAIN_S = 0.25
# Shorter questions tell little about how a server counts.
_TELLING = 500
# As English has; most other text has fewer.
_BYTES_A_TOKEN = 4


class Calls:
    """The calls of one client.

    Args:
        price: of the model, for how long its replies can get; None: not known.
    """

    def __init__(
        self,
        transport: Transport,
        budget: Budget,
        ledger: Ledger,
        account: LectureAccount,
        rate: RateLimit,
        settings: LLMSettings,
        model: str,
        price: Price | None,
        progress: Progress,
    ) -> None:
        self._transport = transport
        self._budget = budget
        self._ledger = ledger
        self._account = account
        self._rate = rate
        self._settings = settings
        self._model = model
        self._longest = longest_reply(settings, price)
        # No call lasts longer; with its retries it is another call.
        self._longest_wait_s = 2 * settings.timeout_s + _LOOK_AGAIN_S
        self._progress = progress
        self._count = counter_for(model)
        self._places = asyncio.Semaphore(settings.concurrency)
        self._turn = asyncio.Lock()
        self._stopped: LLMError | None = None
        self._ratio = 1.0
        self._told = self._told_unknown = False
        self.system_works = False

    def open(self) -> None:
        """Call it within the event loop: a semaphore belongs to the one it is waited for in."""
        self._places = asyncio.Semaphore(self._settings.concurrency)
        self._turn = asyncio.Lock()

    def stop(self, error: LLMError) -> None:
        """Begin no other call: each raises ``error``. Calls under way are finished and kept."""
        self._stopped = self._stopped or error

    async def reply(
        self,
        key: str,
        ask: ModelRequest,
        body: dict[str, Any],
        abilities: Abilities,
        is_current: Callable[[], bool],
    ) -> ModelReply | None:
        """The server's reply to ``ask``, tried until it works or until it is clear it will not.

        A reply that was cut before the model was done thinking is returned as it is.

        Args:
            key: names the question in the ledger.
            body: the request body.
            abilities: what ``body`` was made for.
            is_current: whether they are still what the server is taken to be able to do; when not,
                None is returned.

        Raises:
            UnableError: the server refused something that can be left out.
            RefusedError: the model refused, or replied nothing.
            BudgetError: asking would pass a limit.
            LLMError: everything else; the message names the question and the server.
        """
        tries = {"free": 0, "paid": 0}
        asked = 0
        async with self._places:
            while True:
                if self._stopped:
                    raise self._stopped
                if not is_current():
                    return None
                try:
                    completion = await self._once(key, ask, body, abilities)
                except FailedCallError as error:
                    log.info("%s: call failed: %s", ask.label, error.failure)
                    self._raise_unable(error, ask, abilities)
                    if error.kind == "final" or self._is_spent(tries, error.kind):
                        self._raise_riddle(error, ask, abilities)
                        raise error.failure from error
                    await self._pause(sum(tries.values()), error.wished_s, error.failure)
                    continue
                asked += 1
                self.system_works |= abilities.system
                if answer := self._answer(ask, completion, is_last=asked >= _ASKED):
                    return answer

    def _answer(
        self, ask: ModelRequest, completion: Completion, *, is_last: bool
    ) -> ModelReply | None:
        """The reply, or None when there is none in it and it is worth asking again."""
        text, calls_tool = meant(completion.text), completion.calls_tool
        if not ask.schema and is_tool_call(text):
            text, calls_tool = "", True
        fault, refused = fault_of(text, completion.finish, completion.refusal, calls_tool)
        if not fault:
            tokens = self._tokens(ask, completion)
            return ModelReply(completion.text, completion.finish, tokens, self._model)
        if not is_last:
            return None
        if refused:
            raise RefusedError.of(ask.label, fault, self._model)
        raise EmptyReplyError(
            f"{ask.label}: {self._model} replied {fault}, {_ASKED} times",
            "raise llm.thinking_tokens if the model thinks before it writes, or try another model",
        )

    async def _once(
        self, key: str, ask: ModelRequest, body: dict[str, Any], abilities: Abilities
    ) -> Completion:
        sent = round(self._ratio * message_tokens(ask.messages, self._count))
        length = ask.max_output_tokens + self._settings.thinking_tokens + abilities.thinking
        worst = Tokens(sent=sent, received=length)
        most = self._most(ask, worst)
        hold = self._budget.hold_of(worst, most)
        await self._rate.admit(sent)
        call = await self._begin(key, ask.label, worst, most, hold)
        paid: Tokens | None = None
        letters, said = 0, "no reply came"
        began = time.monotonic()
        try:
            completion = await self._transport.send(ask.label, abilities.as_sent(body), length)
            counted = completion.counted
            paid = Tokens(counted.sent, counted.cached, counted.received) if counted else None
            letters, said = (
                len(completion.text.encode("utf-8", "replace")),
                "its reply has no usage",
            )
            log.info(
                "%s: %s replied in %.1f s, ended by %s, %s",
                ask.label,
                self._model,
                time.monotonic() - began,
                completion.finish,
                paid or "tokens not told",
            )
        except FailedCallError as error:
            paid, letters = error.spent, error.letters
            raise
        except RefusedError:
            paid = Tokens()
            raise
        finally:
            # So many were written in sight; how many more, an account alone can tell.
            seen = letters // _BYTES_A_TOKEN
            if paid is None and seen > most.received:
                paid = Tokens(most.sent, 0, seen)
            self._learn(worst, paid, seen)
            if paid is None:
                self._tell_unknown(ask.label, said, most)
            self._budget.settle(hold, paid)
            await asyncio.to_thread(self._ledger.end, call, paid, most)
        return completion

    async def _begin(self, key: str, label: str, worst: Tokens, most: Tokens, hold: Hold) -> str:
        """Set the call aside and on the books; wait while others' calls leave no room for it.

        Raises:
            BudgetError: it does not fit, or what is under way elsewhere does not end.
        """
        under_way, since = 0, time.monotonic()
        while True:
            await self._budget.reserve(label, hold)
            try:
                async with self._turn:
                    if not self._budget.is_limited:
                        return await asyncio.to_thread(self._ledger.begin, key, label, worst, most)
                    async with self._account.turn():
                        elsewhere = await asyncio.to_thread(self._account.elsewhere)
                        if self._budget.agrees(elsewhere):
                            return await asyncio.to_thread(
                                self._ledger.begin, key, label, worst, most
                            )
            except BaseException:
                self._budget.release(hold)
                raise
            self._budget.release(hold)
            if self._budget.waits_for != under_way:
                under_way, since = self._budget.waits_for, time.monotonic()
            if not under_way or time.monotonic() - since > self._longest_wait_s:
                raise self._budget.refusal(label, hold)
            await asyncio.sleep(_LOOK_AGAIN_S)

    def _most(self, ask: ModelRequest, worst: Tokens) -> Tokens:
        """What the call can cost at most: a server may heed no limit, think without showing it, and
        count what it is sent in its own way."""
        schema = len(json.dumps(ask.schema[1])) if ask.schema else 0
        sent = max(worst.sent, most_message_tokens(ask.messages) + schema)
        return Tokens(sent=sent, received=max(worst.received, self._longest))

    def _learn(self, worst: Tokens, paid: Tokens | None, seen: int) -> None:
        """How the server counts what is sent to it, and whether it heeds its limits."""
        if paid and worst.sent >= _TELLING:
            self._ratio *= max(1.0, paid.sent / worst.sent)
        received = paid.received if paid else seen
        if received > worst.received and not self._told:
            self._told = True
            self._progress.warn(
                f"{self._model} does not heed the length limit it is given: "
                f"{received} tokens were written where {worst.received} were allowed"
            )

    def _tell_unknown(self, label: str, said: str, most: Tokens) -> None:
        """Say, once, how a call without an account counts under a limit."""
        if self._told_unknown or not self._budget.is_limited:
            return
        self._told_unknown = True
        amount = self._budget.amount(most)
        self._progress.warn(
            f"{label}: {self._model} gave no account of what the call cost ({said}); such calls "
            f"count as its longest reply, {most.received} tokens: {amount.cost:.4f} and "
            f"{amount.tokens} tokens in all here, as no limit is sure to have been kept to "
            f"({LOWER_LONGEST})"
        )

    def _tokens(self, ask: ModelRequest, completion: Completion) -> Tokens:
        """What the server says it counted, else our own count."""
        counted = completion.counted
        if counted is None:
            return Tokens(
                message_tokens(ask.messages, self._count), 0, self._count(completion.text)
            )
        return Tokens(counted.sent, counted.cached, counted.received)

    def _raise_unable(
        self, error: FailedCallError, ask: ModelRequest, abilities: Abilities
    ) -> None:
        said = error.said
        if said is None:
            return
        if abilities.after_refusal(said, ask, error.status, self.system_works):
            raise UnableError(error.failure, said, error.status) from error

    def _raise_riddle(
        self, error: FailedCallError, ask: ModelRequest, abilities: Abilities
    ) -> None:
        """A server that fails again and again without a word may stumble at rules of their own."""
        if (
            error.status == 500
            and error.kind != "final"
            and abilities.after_refusal("", ask, 400, self.system_works)
        ):
            raise UnableError(error.failure, "", 400) from error

    def _is_spent(self, tries: dict[str, int], kind: str) -> bool:
        tries[kind] += 1
        most = self._settings.retries if kind == "free" else self._settings.paid_retries
        return tries[kind] > most

    async def _pause(self, attempt: int, wished: float | None, failure: LLMError) -> None:
        wait = wait_s(attempt, self._settings.backoff_s, wished)
        if wished is not None:
            self._rate.pause(wait)
        if wait >= _TOLD_S:
            self._progress.note(f"{failure.message}; trying again in {wait:.0f} s")
        await asyncio.sleep(wait)
