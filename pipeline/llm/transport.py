"""One call through the openai package: patient with what may pass, clear about the rest."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, Self

from pipeline.errors import LLMError
from pipeline.llm.chat import Answer, Ask, Tokens
from pipeline.llm.completion import BadReplyError, Completion, bounded, completion_of, plain
from pipeline.llm.rate import RateLimit
from pipeline.llm.retry import LONGEST_WAIT_S, advice, may_pass, wait_s, wished_wait_s
from pipeline.llm.servers import Abilities, Server
from pipeline.llm.tokens import counter_for, message_tokens
from pipeline.progress import Progress
from pipeline.redaction import public_url, without
from pipeline.settings.llm import LLMSettings

if TYPE_CHECKING:
    from openai import AsyncOpenAI

# Waits shorter than this are not worth a line.
_TOLD_S = 5.0
_PIECE = 1 << 16
_LONGEST_ERROR = 1 << 16
_LONGEST_SAID = 500
# A refusal with one of these may be about something that can be left out. Never a gateway's (502
# to 504), whose words ("bad image", "no JSON") are not the model server's.
_ABOUT_THE_QUESTION = {400, 404, 405, 406, 413, 415, 422, 500, 501}


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


class _BrokenError(Exception):
    """The connection could not be made, or broke, or what came over it is no HTTP."""

    def __init__(self, reason: BaseException, timed_out: bool = False) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.timed_out = timed_out


class _StatusError(Exception):
    """The server answered with an error: its status, its own words on one line, and its wish to
    wait in seconds (None: none)."""

    def __init__(self, status: int, said: str, wished_s: float | None) -> None:
        super().__init__(f"{status}: {said}")
        self.status = status
        self.said = said
        self.wished_s = wished_s


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
        from openai import AsyncOpenAI, DefaultAsyncHttpxClient  # takes most of a second to import

        self._openai = AsyncOpenAI(
            api_key=self._server.key,
            base_url=self._server.endpoint,
            default_query=self._server.parameters,
            # Retries are our own: the library's ignore a Retry-After beyond a minute.
            max_retries=0,
            timeout=self._settings.timeout_s,
            http_client=DefaultAsyncHttpxClient(
                # Else the question and the key would follow wherever a server points.
                follow_redirects=False,
                event_hooks={"response": [self._refuse_errors]},
            ),
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
        attempt = 0
        while True:
            await self._rate.admit(sent)
            wished = None
            try:
                return await self._once(ask, body)
            except _StatusError as error:
                failure = self._failure(ask, f"answered {error.status}: {error.said}", error.status)
                if error.status in _ABOUT_THE_QUESTION and abilities.after_refusal(error.said, ask):
                    raise UnableError(failure, error.said) from error
                wished = error.wished_s
                if not may_pass(error.status, error.said) or (wished or 0) > LONGEST_WAIT_S:
                    raise failure from error
            except BadReplyError as error:
                failure = self._failure(ask, str(error), 0)
            except (_BrokenError, TimeoutError) as error:
                failure = self._failure(ask, self._lost(error), 0)
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
        length = ask.max_output_tokens + self._settings.thinking_tokens
        # The library's timeout is for each read; a server that drips would never meet it.
        async with asyncio.timeout(self._settings.timeout_s):
            data = await self._received(body, length)
        completion = completion_of(data, length, self._server.key)
        if completion.refusal:
            raise RefusedError.of(ask.label, completion.refusal)
        tokens = self._tokens(ask, completion)
        return Answer(completion.text, completion.finish, tokens, self._model)

    async def _received(self, body: dict[str, Any], length: int) -> bytes:
        """The body of the answer; read piece by piece, so that its size is known in time."""
        assert self._openai, "use the client with `async with`"
        create = self._openai.chat.completions.with_streaming_response.create
        try:
            async with create(**body) as response:
                return await bounded(response.iter_bytes(_PIECE), length)
        except (_StatusError, BadReplyError):
            raise
        except Exception as error:  # of the HTTP library, which is the openai package's to choose
            if isinstance(error.__cause__, _StatusError):
                raise error.__cause__ from None
            kinds = {type(error).__name__, type(error.__cause__).__name__}
            timed_out = any("Timeout" in kind for kind in kinds)
            raise _BrokenError(error.__cause__ or error, timed_out) from error

    async def _refuse_errors(self, response: Any) -> None:
        """Raise what is no success, before the library reads all of it, however much it is."""
        if response.is_success:
            return
        data = b""
        async for piece in response.aiter_bytes(_PIECE):
            data += piece
            if len(data) > _LONGEST_ERROR:
                break
        headers = response.headers
        if response.has_redirect_location:
            data = f"it has moved to {public_url(headers['location'])}".encode()
        said = without(_said(data), [self._server.key])
        raise _StatusError(response.status_code, said, wished_wait_s(headers))

    def _tokens(self, ask: Ask, completion: Completion) -> Tokens:
        """What the server says it counted, else our own count."""
        counted = completion.counted
        if counted is None:
            count = counter_for(self._model)
            return Tokens(message_tokens(ask.messages, count), 0, count(completion.text))
        return Tokens(counted.prompt_tokens, counted.cached, counted.completion_tokens)

    def _lost(self, error: TimeoutError | _BrokenError) -> str:
        if isinstance(error, TimeoutError) or error.timed_out:
            return f"did not answer within {self._settings.timeout_s:g} s"
        reason = without(" ".join(str(error.reason).split()), [self._server.key])[:300]
        return f"cannot be reached or broke off ({reason or type(error.reason).__name__})"

    def _failure(self, ask: Ask, what: str, status: int) -> LLMError:
        address = self._server.shown
        return LLMError(f"{ask.label}: {address} {what}", advice(status, address, self._model))


def _said(data: bytes) -> str:
    """The server's own words, on one line."""
    text = data.decode("utf-8", "replace")
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        body = text
    words, code = body, None
    if isinstance(body, dict):
        inner = body.get("error", body)
        words = inner.get("message", inner) if isinstance(inner, dict) else inner
        code = inner.get("code") if isinstance(inner, dict) else None
    return " ".join(plain(f"{words} {code or ''}").split())[:_LONGEST_SAID]
