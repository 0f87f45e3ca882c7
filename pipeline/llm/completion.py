"""What a server sent, as a reply: read up to a limit, checked, and made plain text.

A model's server is a stranger: it may send gigabytes, half a reply, a proxy's HTML page, text that
is no text, or the key back. Nothing of that goes further than this file.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.redaction import without

# A whole reply with its hidden thinking; a token is hardly ever more than a dozen letters, which
# JSON may write as \uXXXX each.
_LEAST_BYTES = 1 << 20
_BYTES_PER_TOKEN = 64
# The text itself. Beyond it the server does not heed the limit it was given, and is in a loop.
_LEAST_LETTERS = 1 << 16
_LETTERS_PER_TOKEN = 16
_MOST_TOKENS = 100_000_000
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class BadReplyError(Exception):
    """What came is no reply; the message says why, in words for a person."""


class _Part(BaseModel):
    """A piece of a reply as some servers send it; only text is of use."""

    model_config = ConfigDict(extra="ignore")
    text: str | None = None


class _Message(BaseModel):
    model_config = ConfigDict(extra="ignore")
    content: str | list[_Part] | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    model_config = ConfigDict(extra="ignore")
    message: _Message
    finish_reason: str | None = None


class _Completion(BaseModel):
    model_config = ConfigDict(extra="ignore")
    choices: list[_Choice] | None = None
    usage: Any = None
    error: Any = None


class _Details(BaseModel):
    model_config = ConfigDict(extra="ignore")
    cached_tokens: int | None = Field(None, ge=0, le=_MOST_TOKENS)


class Counted(BaseModel):
    """The tokens that a server says it counted."""

    model_config = ConfigDict(extra="ignore")
    prompt_tokens: int = Field(ge=0, le=_MOST_TOKENS)
    completion_tokens: int = Field(ge=0, le=_MOST_TOKENS)
    prompt_tokens_details: _Details | None = None

    @property
    def cached(self) -> int:
        """Of the tokens sent, those that the server had in its cache."""
        details = self.prompt_tokens_details
        return min((details.cached_tokens or 0) if details else 0, self.prompt_tokens)


class Completion(BaseModel):
    """A reply: its text, why it ended, the model's refusal, and the count (None: not told)."""

    text: str
    finish: Literal["stop", "length", "content_filter"]
    refusal: str | None
    counted: Counted | None


async def bounded(pieces: AsyncIterable[bytes], tokens: int) -> bytes:
    """All ``pieces`` as one, as long as that is no more than a reply of ``tokens`` can be.

    Raises:
        BadReplyError: it is more.
    """
    most = _LEAST_BYTES + _BYTES_PER_TOKEN * tokens
    data = bytearray()
    async for piece in pieces:
        data += piece
        if len(data) > most:
            raise BadReplyError(
                f"sent more than {most >> 20} MiB for a reply of at most {tokens} tokens"
            )
    return bytes(data)


def completion_of(data: bytes, tokens: int, key: str) -> Completion:
    """The reply in ``data``.

    Args:
        data: the body, JSON in the form of OpenAI's chat completions.
        tokens: the longest reply that was asked for.
        key: is blotted out wherever the server sent it back.

    Raises:
        BadReplyError: it is no such JSON, holds no choice, or runs on far beyond ``tokens``.
    """
    try:
        # Not pydantic's own reader, which knows no lone surrogates: such a reply can be mended.
        whole = _Completion.model_validate(json.loads(data))
    except (ValueError, RecursionError) as error:
        start = without(plain(data[:200].decode("utf-8", "replace")), [key])
        what = error.errors()[0]["msg"] if isinstance(error, ValidationError) else "not JSON"
        raise BadReplyError(
            f"sent no reply but {' '.join(start.split())[:120]!r} ({what})"
        ) from None
    if not whole.choices:
        # OpenRouter sends such when the provider behind it failed.
        said = without(plain(f": {whole.error}"), [key])[:300] if whole.error else ""
        raise BadReplyError(f"sent a reply without a choice{said}")
    choice = whole.choices[0]
    text = without(plain(_text(choice.message)), [key])
    if len(text) > max(_LEAST_LETTERS, _LETTERS_PER_TOKEN * tokens):
        raise BadReplyError(f"sent {len(text)} letters for a reply of at most {tokens} tokens")
    refusal = choice.message.refusal
    return Completion(
        text=text,
        finish=_finish(choice.finish_reason),
        refusal=without(plain(refusal), [key]) if refusal else None,
        counted=_counted(whole.usage),
    )


def plain(text: str) -> str:
    """``text`` without what is no text: control characters, halves of surrogate pairs.

    >>> plain("a\\x00b\\ud800c\\n")
    'ab\ufffdc\\n'
    """
    return _CONTROL.sub("", _LONE_SURROGATE.sub("\ufffd", text))


def _text(message: _Message) -> str:
    if isinstance(message.content, list):
        return "".join(part.text or "" for part in message.content)
    return message.content or ""


def _finish(reason: str | None) -> Literal["stop", "length", "content_filter"]:
    """The reasons that matter; servers have many names for having come to an end."""
    if reason in ("length", "max_tokens", "MAX_TOKENS"):
        return "length"
    return "content_filter" if reason in ("content_filter", "SAFETY") else "stop"


def _counted(usage: object) -> Counted | None:
    try:
        return Counted.model_validate(usage)
    except ValidationError:
        return None
