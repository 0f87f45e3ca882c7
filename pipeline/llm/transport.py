"""One call through the openai package, and what it means when it brings no reply."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, Self

from pipeline.errors import LLMError
from pipeline.llm.chat import Tokens
from pipeline.llm.completion import BadReplyError, Completion, bounded, completion_of, plain
from pipeline.llm.retry import (
    CONTEXT,
    LONGEST_WAIT_S,
    PAID_FOR,
    advice,
    is_about_context,
    is_filter,
    may_pass,
    spent_on_error,
    wished_wait_s,
)
from pipeline.llm.servers import Server
from pipeline.redaction import public_url, without

if TYPE_CHECKING:
    from openai import AsyncOpenAI

# Of every call. A piece of such a body is a thousand times itself at most, 64 MiB (RFC 1951);
# one of others, or of one packed twice, can be gigabytes, which HTTP libraries unpack at one go.
PACKED = {"Accept-Encoding": "gzip, deflate"}
_PIECE = 1 << 16  # bytes read at a time, before the length is looked at
_LONGEST_ERROR = 1 << 16  # a proxy's page of HTML; what it says stands at its beginning
_LONGEST_SAID = 500  # letters of it that an error repeats: some lines of a terminal
# A refusal with one of these may be about something that can be left out. Never a gateway's (502
# to 504), whose words ("bad image", "no JSON") are not the model server's.
_ABOUT_THE_QUESTION = {400, 404, 405, 406, 413, 415, 422, 500, 501}


class CutReplyError(LLMError):
    """The reply was cut at the length limit again and again: the question asks for too much."""


class RefusedError(LLMError):
    """The model refused to answer."""

    @classmethod
    def of(cls, label: str, said: str, model: str) -> Self:
        """The refusal of one question, in the model's or server's own words."""
        return cls(
            f"{label}: {model} refused ({' '.join(said.split())[:200]})",
            "everything else is kept; try another llm.model, then run again",
        )


class UnrecordedError(LLMError):
    """A replay has no reply for this question."""


class EmptyReplyError(RefusedError):
    """The model replied nothing that could be read, however often it was asked."""


class UnableError(LLMError):
    """The server does not take something that can be left out; ``said`` is its message."""

    def __init__(self, failure: LLMError, said: str, status: int) -> None:
        super().__init__(failure.message, failure.hint)
        self.said = said
        self.status = status


class FailedCallError(Exception):
    """One call that brought no reply.

    Attributes:
        failure: the error to raise when it is not tried again.
        kind: ``free``: the server did no work, trying again may help; ``paid``: it may have done
            the work, trying again may help; ``final``: trying again is of no use.
        spent: what it cost; None: not known, to be taken for the worst case.
        letters: how much text came, at least.
        said: the server's own words, which may be about the question; None: they are not.
        status: HTTP status; 0: none came.
        wished_s: the server's wish to wait, in seconds.
    """

    def __init__(
        self,
        failure: LLMError,
        kind: Literal["free", "paid", "final"],
        spent: Tokens | None = None,
        *,
        letters: int = 0,
        said: str | None = None,
        status: int = 0,
        wished_s: float | None = None,
    ) -> None:
        super().__init__(failure.message)
        self.failure = failure
        self.kind = kind
        self.spent = spent
        self.letters = letters
        self.said = said
        self.status = status
        self.wished_s = wished_s


class _BrokenError(Exception):
    """The connection could not be made, or broke, or what came over it is no HTTP."""

    def __init__(self, reason: BaseException) -> None:
        super().__init__(str(reason))
        self.reason = reason
        kinds = {type(reason).__name__, type(reason.__cause__).__name__}
        self.timed_out = any("Timeout" in kind for kind in kinds)
        # Names of httpx, which is the openai package's to choose.
        self.was_sent = not kinds & {"ConnectError", "ConnectTimeout", "PoolTimeout"}


class _StatusError(Exception):
    """The server answered with an error: its status, its own words on one line, and its wish to
    wait in seconds (None: none)."""

    def __init__(self, status: int, said: str, wished_s: float | None) -> None:
        super().__init__(f"{status}: {said}")
        self.status = status
        self.said = said
        self.wished_s = wished_s


def is_overpacked(headers: Mapping[str, str]) -> bool:
    """Whether a body is compressed in another way than was asked for (``PACKED``).

    >>> is_overpacked({"content-encoding": "gzip, gzip"}), is_overpacked({})
    (True, False)
    """
    coding = headers.get("content-encoding", "").strip().lower()
    return coding not in ("", "identity", "gzip", "deflate")


class Transport:
    """The connection to one server; opened and closed by the client that owns it."""

    def __init__(self, server: Server, timeout_s: float, model: str) -> None:
        self._server = server
        self._timeout_s = timeout_s
        self._model = model
        self._openai: AsyncOpenAI | None = None

    def open(self) -> None:
        """Make the connection pool; it belongs to the running event loop."""
        from openai import AsyncOpenAI, DefaultAsyncHttpxClient  # takes most of a second to import

        self._openai = AsyncOpenAI(
            api_key=self._server.key,
            base_url=self._server.endpoint,
            default_query=self._server.parameters,
            # Retries are our own (see ``calls``): each has to fit the budget, and the library's
            # ignore a Retry-After beyond a minute.
            max_retries=0,
            timeout=self._timeout_s,
            default_headers=PACKED,
            http_client=DefaultAsyncHttpxClient(
                # Else the question and the key would follow wherever a server points.
                follow_redirects=False,
                event_hooks={"response": [self._refuse_packed, self._refuse_errors]},
            ),
        )

    async def close(self) -> None:
        """Close the connection pool."""
        if self._openai:
            await self._openai.close()
            self._openai = None

    async def send(self, label: str, body: dict[str, Any], length: int) -> Completion:
        """The server's answer to ``body``, asked for once.

        Args:
            label: names the question in errors.
            body: the request body.
            length: the longest reply that it asks for, tokens.

        Raises:
            FailedCallError: there is none.
            RefusedError: the server does not let the question through; it costs nothing.
        """
        try:
            # The library's timeout is for each read; a server that drips would never meet it.
            async with asyncio.timeout(self._timeout_s):
                data = await self._received(body, length)
            return completion_of(data, length, self._server.key)
        except _StatusError as error:
            raise self._refused(label, error) from error
        except BadReplyError as error:
            raise self._bad(label, error) from error
        except (_BrokenError, TimeoutError) as error:
            sent = isinstance(error, TimeoutError) or error.was_sent
            failure = self._failure(label, self._lost(error), 0)
            spent = None if sent else Tokens()
            raise FailedCallError(failure, "paid" if sent else "free", spent) from error

    def _refused(self, label: str, error: _StatusError) -> Exception:
        """What an HTTP status means."""
        status, said = error.status, error.said
        failure = self._failure(label, f"answered {status}: {said}", status)
        if is_about_context(said):
            failure = self._failure(label, f"answered {status}: {said}", CONTEXT)
            return FailedCallError(failure, "final", spent_on_error(status), status=status)
        if status in (400, 403, 422) and is_filter(said):
            return RefusedError.of(label, said, self._model)
        kind: Literal["free", "paid", "final"] = "paid" if status in PAID_FOR else "free"
        if not may_pass(status, said) or (error.wished_s or 0) > LONGEST_WAIT_S:
            kind = "final"
        return FailedCallError(
            failure,
            kind,
            spent_on_error(status),
            said=said if status in _ABOUT_THE_QUESTION else None,
            status=status,
            wished_s=error.wished_s,
        )

    def _bad(self, label: str, error: BadReplyError) -> FailedCallError:
        """What an answer means that is no reply, though its status is that of a success."""
        counted = error.counted
        spent = Tokens(counted.sent, counted.cached, counted.received) if counted else None
        about_context = is_about_context(error.said)
        return FailedCallError(
            self._failure(label, str(error), CONTEXT if about_context else 0),
            "final" if about_context else "paid",
            spent,
            letters=error.letters,
            said=error.said or None,
            status=200,
        )

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
            if isinstance(error.__cause__, _StatusError | BadReplyError):
                raise error.__cause__ from None
            raise _BrokenError(error.__cause__ or error) from error

    async def _refuse_packed(self, response: Any) -> None:
        """Raise before a body is unpacked of which no count would notice in time how much it is."""
        if is_overpacked(response.headers):
            raise BadReplyError("sent a body packed as nobody asked for")

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

    def _lost(self, error: TimeoutError | _BrokenError) -> str:
        if isinstance(error, TimeoutError) or error.timed_out:
            return f"did not answer within {self._timeout_s:g} s"
        reason = without(" ".join(str(error.reason).split()), [self._server.key])[:300]
        return f"cannot be reached or broke off ({reason or type(error.reason).__name__})"

    def _failure(self, label: str, what: str, status: int) -> LLMError:
        address = self._server.shown
        return LLMError(f"{label}: {address} {what}", advice(status, address, self._model))


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
        more = inner.get("metadata") if isinstance(inner, dict) else None
        # A router says in general words what the server behind it said in its own.
        code = f"{code or ''} {more['raw']}" if isinstance(more, dict) and "raw" in more else code
    return " ".join(plain(f"{words} {code or ''}").split())[:_LONGEST_SAID]
