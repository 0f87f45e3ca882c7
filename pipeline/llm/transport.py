"""One call through the openai package: patient with what may pass, clear about the rest."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Self

from pipeline.errors import LLMError
from pipeline.llm.chat import Answer, Ask, Tokens
from pipeline.llm.rate import RateLimit
from pipeline.llm.retry import LONGEST_WAIT_S, advice, may_pass, wait_s, wished_wait_s
from pipeline.llm.servers import Abilities, Server
from pipeline.llm.tokens import counter_for, message_tokens
from pipeline.progress import Progress
from pipeline.settings.llm import LLMSettings

if TYPE_CHECKING:
    from openai import AsyncOpenAI

# Waits shorter than this are not worth a line.
_TOLD_S = 5.0


class CutReplyError(LLMError):
    """The reply was cut at the length limit again and again: the question asks for too much."""


class RefusedError(LLMError):
    """The model refused to answer."""

    @classmethod
    def of(cls, label: str, said: str) -> Self:
        """The refusal of one question, in the model's or server's own words."""
        return cls(
            f"{label}: the model refused ({' '.join(said.split())[:200]})",
            "everything else is kept; try another llm.model, then run again",
        )


class UnrecordedError(LLMError):
    """A replay has no reply for this question."""


class UnableError(LLMError):
    """The server does not take something that can be left out; ``said`` is its message."""

    def __init__(self, failure: LLMError, said: str) -> None:
        super().__init__(failure.message, failure.hint)
        self.said = said


class _EmptyReplyError(Exception):
    """A 200 without a choice: OpenRouter sends such when the provider behind it failed."""


class Transport:
    """The connection to one server; opened and closed by the client that owns it."""

    def __init__(
        self,
        server: Server,
        settings: LLMSettings,
        model: str,
        rate: RateLimit,
        progress: Progress,
    ) -> None:
        self._server = server
        self._settings = settings
        self._model = model
        self._rate = rate
        self._progress = progress
        self._openai: AsyncOpenAI | None = None

    def open(self) -> None:
        """Make the connection pool; it belongs to the running event loop."""
        from openai import AsyncOpenAI  # takes most of a second to import

        # Retries are our own: the library's ignore a Retry-After beyond a minute.
        self._openai = AsyncOpenAI(
            api_key=self._server.key,
            base_url=self._server.address,
            max_retries=0,
            timeout=self._settings.timeout_s,
        )

    async def close(self) -> None:
        """Close the connection pool."""
        if self._openai:
            await self._openai.close()
            self._openai = None

    async def send(self, ask: Ask, body: dict[str, Any], sent: int, abilities: Abilities) -> Answer:
        """The server's answer to ``body``, tried until it works or until it is clear it will not.

        Args:
            ask: the question that ``body`` holds.
            body: the request body.
            sent: its tokens, for the rate.
            abilities: what ``body`` was made for.

        Raises:
            UnableError: the server refused something that can be left out.
            RefusedError: the model refused.
            LLMError: everything else; the message names the question and the server.
        """
        from openai import APIConnectionError, APIResponseValidationError, APIStatusError

        attempt = 0
        while True:
            await self._rate.admit(sent)
            wished = None
            try:
                return await self._once(ask, body)
            except APIStatusError as error:
                status, said = error.status_code, _said(error)
                failure = self._failure(ask, f"answered {status}: {said}", status)
                if status not in (408, 409, 429) and abilities.after_refusal(said, ask):
                    raise UnableError(failure, said) from error
                wished = wished_wait_s(error.response.headers)
                if not may_pass(status, said) or (wished or 0) > LONGEST_WAIT_S:
                    raise failure from error
            except (APIConnectionError, APIResponseValidationError, TimeoutError) as error:
                failure = self._failure(ask, self._lost(error), 0)
            except _EmptyReplyError:
                failure = self._failure(ask, "sent a reply without a choice", 0)
            attempt += 1
            if attempt > self._settings.retries:
                raise failure
            await self._pause(attempt, wished, failure)

    async def _pause(self, attempt: int, wished: float | None, failure: LLMError) -> None:
        wait = wait_s(attempt, self._settings.backoff_s, wished)
        if wished is not None:
            self._rate.pause(wait)
        if wait >= _TOLD_S:
            self._progress.note(f"{failure.message}; trying again in {wait:.0f} s")
        await asyncio.sleep(wait)

    async def _once(self, ask: Ask, body: dict[str, Any]) -> Answer:
        assert self._openai, "use the client with `async with`"
        # The library's timeout is for each read; a server that drips would never meet it.
        async with asyncio.timeout(self._settings.timeout_s):
            raw = await self._openai.chat.completions.create(**body)
        if not getattr(raw, "choices", None):
            raise _EmptyReplyError
        choice = raw.choices[0]
        if choice.message.refusal:
            raise RefusedError.of(ask.label, choice.message.refusal)
        text = choice.message.content or ""
        return Answer(
            text, choice.finish_reason or "stop", self._tokens(ask, raw, text), self._model
        )

    def _tokens(self, ask: Ask, raw: Any, text: str) -> Tokens:
        """What the server says it counted, else our own count."""
        usage = raw.usage
        if usage is None:
            count = counter_for(self._model)
            return Tokens(message_tokens(ask.messages, count), 0, count(text))
        details = getattr(usage, "prompt_tokens_details", None)
        cached = (getattr(details, "cached_tokens", None) or 0) if details else 0
        return Tokens(usage.prompt_tokens or 0, cached, usage.completion_tokens or 0)

    def _lost(self, error: BaseException) -> str:
        if isinstance(error, TimeoutError) or "Timeout" in type(error).__name__:
            return f"did not answer within {self._settings.timeout_s:g} s"
        return f"cannot be reached or broke off ({error.__cause__ or error})"

    def _failure(self, ask: Ask, what: str, status: int) -> LLMError:
        hint = advice(status, self._server.address, self._model)
        return LLMError(f"{ask.label}: {self._server.address} {what}", hint)


def _said(error: Any) -> str:
    """The server's own words, on one line."""
    body = error.body
    words, code = body or error.message, None
    if isinstance(body, dict):
        inner = body.get("error", body)
        words = inner.get("message", inner) if isinstance(inner, dict) else inner
        code = inner.get("code") if isinstance(inner, dict) else None
    return " ".join(f"{words} {code or ''}".split())[:500]
