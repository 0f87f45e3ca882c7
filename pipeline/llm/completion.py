"""What a server sent, as a reply: read up to a limit, checked, and made plain text.

A model's server is a stranger: it may send gigabytes, half a reply, a proxy's HTML page, an event
stream that nobody asked for, text that is no text, or the key back. Nothing of that goes further
than this file.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterable
from typing import Any, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.llm.chat import MOST_TOKENS
from pipeline.llm.event_stream import is_stream, joined_events
from pipeline.redaction import without

# A whole reply with its hidden thinking; a token is hardly ever more than a dozen letters, which
# JSON may write as \uXXXX each. An event stream wraps every token once more.
_LEAST_BYTES = 1 << 20
_BYTES_PER_TOKEN = 512
# The text itself. Beyond it the server does not heed the limit it was given, and is in a loop.
_LEAST_LETTERS = 1 << 16
_LETTERS_PER_TOKEN = 16
# Why a reply ends, in small letters, at OpenAI, Anthropic, Gemini, Mistral, DeepSeek, Zhipu,
# Bedrock, OpenRouter, vLLM and SGLang; everything else is an end like any other.
_TOO_LONG = {
    *("length", "max_tokens", "model_length", "max_output_tokens", "max_new_tokens"),
    "model_context_window_exceeded",
}
_FILTERED = (
    *("content_filter", "safety", "recitation", "prohibited_content", "blocklist", "spii"),
    *("refusal", "sensitive", "guardrail"),
)
_BROKEN_OFF = {
    *("error", "network_error", "insufficient_system_resource", "abort", "aborted", "cancelled"),
    *("canceled", "timeout", "malformed_function_call"),
}
_OF_THE_CACHE = ("cache_creation_", "cache_read_")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


class Counted(BaseModel):
    """The tokens that a server says it counted, under OpenAI's names or Anthropic's."""

    model_config = ConfigDict(extra="ignore")
    sent: int = Field(
        ge=0, le=MOST_TOKENS, validation_alias=AliasChoices("prompt_tokens", "input_tokens")
    )
    written: int = Field(
        ge=0, le=MOST_TOKENS, validation_alias=AliasChoices("completion_tokens", "output_tokens")
    )
    total_tokens: int | None = Field(None, ge=0, le=MOST_TOKENS)
    details: Any = Field(
        None, validation_alias=AliasChoices("prompt_tokens_details", "input_tokens_details")
    )
    written_details: Any = Field(
        None, validation_alias=AliasChoices("completion_tokens_details", "output_tokens_details")
    )

    @model_validator(mode="before")
    @classmethod
    def _with_cache(cls, usage: Any) -> Any:
        """Anthropic counts what it reads from and writes to its cache beside ``input_tokens``."""
        if not isinstance(usage, dict) or "prompt_tokens" in usage:
            return usage
        sent = [usage.get(f"{name}input_tokens") for name in ("", *_OF_THE_CACHE)]
        known = [count for count in sent if isinstance(count, int)]
        return usage | {"input_tokens": sum(known)} if len(known) > 1 else usage

    @property
    def received(self) -> int:
        """Tokens written, hidden thinking included, which some servers count in the total only,
        or beside the rest."""
        hidden = _count(self.written_details, "reasoning_tokens")
        # What is more than the whole is no part of it.
        written = self.written + (hidden if hidden > self.written else 0)
        return max(written, (self.total_tokens or 0) - self.sent)

    @property
    def cached(self) -> int:
        """Of the tokens sent, those that the server had in its cache."""
        return min(_count(self.details, "cached_tokens"), self.sent)


def _count(details: object, name: str) -> int:
    """One figure of an account's details; 0 where it is none."""
    known = details.get(name) if isinstance(details, dict) else None
    return min(known, MOST_TOKENS) if isinstance(known, int) and known > 0 else 0


class BadReplyError(Exception):
    """What came is no reply; the message says why, in words for a user.

    Attributes:
        counted: the tokens that the server says it counted; None: not told.
        letters: how much text came, at least.
        said: the server's own words where it told of an error (with the status of a success).
    """

    def __init__(
        self, message: str, counted: Counted | None = None, letters: int = 0, said: str = ""
    ) -> None:
        super().__init__(message)
        self.counted = counted
        self.letters = letters
        self.said = said


class _Part(BaseModel):
    """A piece of a reply as some servers send it; thoughts and pictures have other types."""

    model_config = ConfigDict(extra="ignore")
    type: str | None = None
    text: str | None = None


class _Message(BaseModel):
    model_config = ConfigDict(extra="ignore")
    content: str | list[_Part | str] | None = None
    refusal: str | None = None
    tool_calls: Any = None
    function_call: Any = None


class _Choice(BaseModel):
    model_config = ConfigDict(extra="ignore")
    message: _Message
    finish_reason: Any = None
    error: Any = None


class _Completion(BaseModel):
    model_config = ConfigDict(extra="ignore")
    choices: list[_Choice] | None = None
    usage: Any = None
    error: Any = None


class Completion(BaseModel):
    """A reply: its text with all thoughts, why it ended, the model's refusal, whether it calls a
    tool, and the count (None: not told, or not to be believed)."""

    text: str
    finish: Literal["stop", "length", "content_filter"]
    refusal: str | None
    calls_tool: bool
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
                f"sent more than {most >> 20} MiB for a reply of at most {tokens} tokens",
                letters=len(data),
            )
    return bytes(data)


def completion_of(data: bytes, tokens: int, key: str) -> Completion:
    """The reply in ``data``.

    Args:
        data: the body: JSON in the form of OpenAI's chat completions, or their event stream.
        tokens: the longest reply that was asked for.
        key: is blotted out wherever the server sent it back.

    Raises:
        BadReplyError: it is no such thing, holds no choice, or runs on far beyond ``tokens``.
    """
    whole = _whole(data, key)
    if not whole.choices:
        counted = _counted(whole.usage)
        # OpenRouter sends such when the provider behind it failed.
        said = _words(whole.error, key)
        raise BadReplyError(
            f"sent a reply without a choice{': ' if said else ''}{said}", counted, said=said
        )
    choice = whole.choices[0]
    text = without(plain(_text(choice.message)), [key])
    counted = _counted(whole.usage, text)
    finish = str(choice.finish_reason or "").lower()
    said = _words(choice.error or whole.error, key)
    if (said and not (text and finish)) or finish in _BROKEN_OFF:
        # With the beginning of a reply, or without: a provider failed, and the rest never came.
        raise BadReplyError(
            f"sent an error for a reply: {said or finish}", counted, len(text), said=said
        )
    if len(text) > max(_LEAST_LETTERS, _LETTERS_PER_TOKEN * tokens):
        raise BadReplyError(
            f"sent {len(text)} letters for a reply of at most {tokens} tokens", counted, len(text)
        )
    refusal = choice.message.refusal
    return Completion(
        text=text,
        finish=_finish(finish),
        refusal=without(plain(refusal), [key]) if refusal else None,
        calls_tool=bool(choice.message.tool_calls or choice.message.function_call),
        counted=counted,
    )


def plain(text: str) -> str:
    """``text`` without what is no text: control and non-characters, halves of surrogate pairs.

    >>> plain("a\\x00b\\ud800c\\n")
    'ab\ufffdc\\n'
    """
    return _CONTROL.sub("", _LONE_SURROGATE.sub("\ufffd", text))


def _whole(data: bytes, key: str) -> _Completion:
    try:
        # Not pydantic's own reader, which knows no lone surrogates: such a reply can be repaired.
        body = joined_events(data) if is_stream(data) else json.loads(data)
        return _Completion.model_validate(body)
    except (ValueError, RecursionError) as error:
        start = without(plain(data[:200].decode("utf-8", "replace")), [key])
        what = error.errors()[0]["msg"] if isinstance(error, ValidationError) else "not JSON"
        raise BadReplyError(
            f"sent no reply but {' '.join(start.split())[:120]!r} ({what})", letters=len(data)
        ) from None


def _words(error: object, key: str) -> str:
    inner = error.get("message", error) if isinstance(error, dict) else error
    return without(" ".join(plain(str(inner)).split()), [key])[:300] if inner else ""


def _text(message: _Message) -> str:
    if not isinstance(message.content, list):
        return message.content or ""
    return "".join(
        part if isinstance(part, str) else part.text or ""
        for part in message.content
        if isinstance(part, str) or part.type in (None, "text", "output_text")
    )


def _finish(reason: str) -> Literal["stop", "length", "content_filter"]:
    """The reasons that matter; servers have many names for having come to an end."""
    if reason in _TOO_LONG:
        return "length"
    return "content_filter" if reason.startswith(_FILTERED) else "stop"


def _counted(usage: object, text: str = "") -> Counted | None:
    """What the server counted for a reply of ``text``; None: not told, or nothing at all."""
    try:
        counted = Counted.model_validate(usage)
    except ValidationError:
        return None
    return counted if counted.sent and (counted.received or not text) else None
