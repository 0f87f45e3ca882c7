"""Asking a model: whole replies, each paid for once, within the budget."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from pipeline.engine.progress import Progress
from pipeline.errors import LLMError
from pipeline.llm.calls import Calls
from pipeline.llm.chat import ModelReply, ModelRequest, assistant, body_of, key_of, user
from pipeline.llm.empty_replies import fault_of
from pipeline.llm.reply_store import Replay, ReplyStore
from pipeline.llm.reply_text import meant, without_thoughts
from pipeline.llm.servers import Abilities, Server, load_abilities, save_abilities, server_of
from pipeline.llm.special_tokens import restore
from pipeline.llm.spending.account import LectureAccount, budget_for, price_for, rate_for
from pipeline.llm.spending.ledger import Ledger, doubt
from pipeline.llm.tokens import counter_for, message_tokens
from pipeline.llm.transport import (
    CutReplyError,
    Transport,
    UnableError,
    UnrecordedError,
)
from pipeline.models import Usage
from pipeline.settings.llm import LLMSettings

log = logging.getLogger(__name__)

T = TypeVar("T")

# A reply that is still cut after this many continuations is running in circles.
_CONTINUATIONS = 2
_LONG = 2_000
_READ_SHARE = 0.5
# Letters by which two texts are taken to begin or end alike.
_EDGE = 20
_GO_ON = (
    "Your reply was cut off at the length limit. Go on exactly where it stopped, in the middle of "
    "a word if need be. Repeat nothing and explain nothing."
)


class Client:
    """A model behind an OpenAI-compatible server, or recorded replies in its place.

    Use it as ``async with Client(...) as client: reply = await client.ask(...)``, or from ordinary
    code through ``ask_all``. Any number of calls may be under way at once; the settings limit them.

    Args:
        settings: server, model, limits.
        folder: where the replies are kept (see ``ReplyStore``).
        progress: is told of what the server cannot do, and of long waits.
        replay: a folder of recorded replies; then no server is asked and no key is needed.
        finished_at: see ``ReplyStore``.
        lecture: the lecture's folder: what its other stages and questions to it cost counts
            against ``llm.max_cost`` and ``llm.max_tokens``, and all who spend on it take turns;
            None: ``folder`` has an account of its own.
    """

    def __init__(
        self,
        settings: LLMSettings,
        folder: Path,
        progress: Progress,
        *,
        replay: Path | None = None,
        finished_at: float | None = None,
        lecture: Path | None = None,
    ) -> None:
        self._settings = settings
        self._folder = folder
        self._progress = progress
        self._store = ReplyStore(folder, finished_at)
        self._replay = Replay(replay) if replay else None
        if not self._replay and not settings.model:
            raise LLMError("no model is named", "set llm.model, or choose write.edition=transcript")
        self.model = self._replay.model if self._replay else settings.model or ""
        self._server = Server("replay", "none") if self._replay else server_of(settings)
        self._abilities = load_abilities(folder, self._server, self.model)
        self._saved = self._abilities
        self._refused: set[Abilities] = set()
        self._doubted = False
        price = price_for(settings, self._server, self.model, is_replay=self.is_replay)
        self._budget = budget_for(price, settings.max_cost, settings.max_tokens)
        if self._budget.is_limited and not self._replay and (why := doubt(folder)):
            progress.warn(
                f"{why}: what calls without a reply have cost is not known, and counts nothing "
                "towards llm.max_cost and llm.max_tokens"
            )
        ledger = Ledger(folder, self._server.shown, self.model)
        account = LectureAccount(folder, lecture, settings, self.model, ledger.begun)
        self._transport = Transport(self._server, settings.timeout_s, self.model)
        self._calls = Calls(
            self._transport,
            self._budget,
            ledger,
            account,
            rate_for(settings.requests_per_minute, settings.tokens_per_minute),
            settings,
            self.model,
            price,
            progress,
        )

    @property
    def usage(self) -> Usage:
        """Everything asked so far through this client, replies from disk included."""
        return self._budget.usage

    @property
    def takes_pictures(self) -> bool:
        """Whether pictures are worth sending: the setting says so and no refusal was met."""
        return self._settings.vision and self._abilities.pictures

    @property
    def is_replay(self) -> bool:
        """Whether recorded replies stand in for a server."""
        return self._replay is not None

    async def __aenter__(self) -> Self:
        self._calls.open()
        if not self._replay:
            self._transport.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._transport.close()
        if self._replay and self._replay.inexact:
            self._progress.note(
                f"recorded replies made for slightly other input: {self._replay.inexact} (screen "
                "text differs between machines); they are checked like fresh ones"
            )
            self._replay.inexact = 0

    async def ask(self, ask: ModelRequest) -> str:
        """What the model says to ``ask``: the whole reply, without thoughts, wrapping and small
        talk, with special tokens as they were in the question.

        A reply that was cut at its length limit is continued.

        Raises:
            CutReplyError: it was cut again and again.
            RefusedError: the model refused or replied nothing, or a filter of the server did.
            BudgetError: asking would pass a limit.
            UnrecordedError: the replay has no such reply.
            LLMError: the server cannot be reached or will not answer; the message names the label.
        """
        text = ""
        current = ask
        for turn in range(_CONTINUATIONS + 1):
            answer = await self._answer(current)
            piece = without_thoughts(answer.text)
            if answer.finish != "length":
                return restore(meant(_joined(text, _opened(piece, answer.text))))
            text = _joined(text, _opened(piece, answer.text) + _gap_after(answer.text, piece))
            current = self._continuation(ask, text, turn + 1)
        raise self._cut(ask)

    def holds(self, ask: ModelRequest) -> bool:
        """Whether the reply to ``ask`` is on disk: asking costs nothing."""
        if self._replay:
            return self._replay.holds(ask.label)
        _, body = self._fitting(ask, self._abilities)
        return self._kept(key_of(body, ask.take)) is not None

    def stop(self, error: LLMError) -> None:
        """Begin no other call: each raises ``error``. Calls under way are finished and kept."""
        self._calls.stop(error)

    def forget(self, ask: ModelRequest) -> None:
        """Drop the reply to ``ask`` and its continuations, so that they are asked for afresh: a
        refusal is no result, and neither is what was cut again and again."""
        self._store.drop(ask.label)

    def ask_all(self, asks: Sequence[ModelRequest]) -> list[str]:
        """The replies to all questions, asked in parallel, from code that is not asynchronous.

        Raises:
            LLMError: as ``ask``, for the first question that failed.
        """

        async def gather() -> list[str]:
            async with self:
                return await all_finished(self.ask(ask) for ask in asks)

        return asyncio.run(gather())

    def _cut(self, ask: ModelRequest) -> CutReplyError:
        return CutReplyError(
            f"{ask.label}: the reply was cut at {ask.max_output_tokens} tokens, "
            f"and {_CONTINUATIONS} continuations too",
            "raise llm.thinking_tokens if the model thinks before it writes, "
            "or lower write.chunk_words",
        )

    def _continuation(self, ask: ModelRequest, text: str, turn: int) -> ModelRequest:
        messages = (*ask.messages, assistant(text), user(_GO_ON))
        return replace(ask, label=f"{ask.label}, continued {turn}", messages=messages)

    async def _answer(self, ask: ModelRequest) -> ModelReply:
        """One reply, from the recording, the disk, or the server; adapted to what it takes."""
        turn = 0
        while True:
            abilities = self._abilities
            fitting, body = self._fitting(ask, abilities)
            key = key_of(body, ask.take)
            answer = self._replayed(key, ask) if self._replay else self._kept(key)
            if answer is None:
                try:
                    answer = await self._calls.reply(
                        key, fitting, body, abilities, self._is_current(abilities)
                    )
                except UnableError as refusal:
                    self._adapt(abilities, refusal, fitting)
                    continue
                if answer is None:
                    continue
                self._remember()
                self._doubt_length(fitting, answer)
                if not without_thoughts(answer.text):
                    turn += 1
                    self._give_room(ask, turn)
                    continue
                await asyncio.to_thread(self._store.keep, key, fitting, answer)
            if answer.cached:
                log.info("%s: the reply of an earlier run is used", ask.label)
            self._budget.count(answer.tokens, answer.cached)
            return answer

    def _fitting(
        self, ask: ModelRequest, abilities: Abilities
    ) -> tuple[ModelRequest, dict[str, Any]]:
        """The question without what the server does not take, and the request's body."""
        fitting = ask if self.takes_pictures else ask.without_pictures()
        fitting = fitting if abilities.system else fitting.without_system()
        return fitting, body_of(fitting, self.model, abilities.parameters(fitting, self._settings))

    def _is_current(self, abilities: Abilities) -> Callable[[], bool]:
        return lambda: self._abilities == abilities

    def _kept(self, key: str) -> ModelReply | None:
        """The reply on disk; an empty one or a refusal, kept by an earlier version, is none."""
        answer = self._store.find(key)
        is_none = answer and fault_of(meant(answer.text), "stop", None, calls_tool=False)[0]
        return None if is_none else answer

    def _give_room(self, ask: ModelRequest, turn: int) -> None:
        """Ask with more room from here on: nothing but hidden thinking came."""
        if turn > _CONTINUATIONS:
            raise self._cut(ask)
        room = ask.max_output_tokens * (4**turn - 1)
        if room > self._abilities.thinking:
            self._abilities = replace(self._abilities, thinking=room)

    def _replayed(self, key: str, ask: ModelRequest) -> ModelReply:
        assert self._replay
        answer = self._replay.find(key, ask.label)
        if answer is None:
            raise UnrecordedError(
                f"{ask.label}: no reply is recorded in {self._replay.folder}",
                "the recording was made from another lecture or with other settings",
            )
        return answer

    def _adapt(self, tried: Abilities, refusal: UnableError, ask: ModelRequest) -> None:
        if self._abilities != tried:
            return  # another call has met the same refusal in the meantime
        self._refused.add(tried)
        adapted = tried.after_refusal(refusal.said, ask, refusal.status, self._calls.system_works)
        # vLLM names both forms of the length limit when a question is too long for the model:
        # whatever was refused before is no way out.
        if adapted is None or adapted in self._refused:
            raise LLMError(refusal.message, refusal.hint) from refusal
        if tried.pictures and not adapted.pictures:
            self._progress.warn(
                f"{self.model} takes no pictures ({refusal.said[:120]}): text only from here on"
            )
        self._abilities = adapted

    def _remember(self) -> None:
        """Write down what was learnt, once it has worked."""
        if self._abilities != self._saved:
            self._saved = self._abilities
            save_abilities(self._folder, self._server, self.model, self._abilities)

    def _doubt_length(self, ask: ModelRequest, answer: ModelReply) -> None:
        """Say so, once, when the server read much less than was sent.

        Local servers cut the beginning off a question that does not fit their context window
        (Ollama's is 4,096 tokens unless it is told otherwise), and say nothing.
        """
        sent = message_tokens(ask.without_pictures().messages, counter_for(self.model))
        if sent > _LONG and answer.tokens.sent < _READ_SHARE * sent and not self._doubted:
            self._doubted = True
            self._progress.warn(
                f"{self.model} read {answer.tokens.sent} of about {sent} tokens: its context "
                "window is too small and the beginning was cut off; give the server a larger one"
            )


async def all_finished(calls: Iterable[Awaitable[T]]) -> list[T]:
    """The results of calls made at once, in their order.

    When one fails its error is raised, but not before the others have ended: a call that is
    cancelled is paid for, and its reply is lost.
    """
    results = await asyncio.gather(*calls, return_exceptions=True)
    found = []
    for result in results:
        if isinstance(result, BaseException):
            raise result
        found.append(result)
    return found


def _opened(piece: str, reply: str) -> str:
    """``piece`` of ``reply`` with the whitespace before it: a cut may fall between paragraphs."""
    start = reply.strip()
    gap = reply[: len(reply) - len(reply.lstrip())]
    return gap + piece.lstrip() if start.startswith(piece.strip()[:_EDGE]) else piece


def _gap_after(reply: str, piece: str) -> str:
    """The whitespace after ``piece`` that ``reply`` ends with: a cut may fall between two words."""
    end = reply.rstrip()
    return reply[len(end) :] if end.endswith(piece.strip()[-_EDGE:]) else ""


def _joined(text: str, more: str) -> str:
    """Two pieces of one reply; what the second repeats of the first's end is left out."""
    for length in range(min(200, len(text), len(more)), 11, -1):
        if text.endswith(more[:length]):
            return text + more[length:]
    return text + more
