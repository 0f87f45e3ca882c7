"""What is sent to a language model and what comes back: plain values, no network."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from pipeline.llm.special_tokens import escape

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True)
class MessagePicture:
    """A picture within a message: a JPEG, and the name that stands before it (``screen f0012``)."""

    name: str
    jpeg: bytes
    width: int
    height: int

    def data_url(self) -> str:
        """The picture as ``data:image/jpeg;base64,...``."""
        return "data:image/jpeg;base64," + base64.b64encode(self.jpeg).decode("ascii")


Part = str | MessagePicture


@dataclass(frozen=True)
class Message:
    """One message: text and pictures in the order in which the model sees them."""

    role: Role
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """All its text, a picture as ``[picture NAME]``; for people and for counting."""
        return "\n".join(
            part if isinstance(part, str) else f"[picture {part.name}]" for part in self.parts
        )

    def without_pictures(self) -> Message:
        """The same message for a server that takes no pictures."""
        return replace(self, parts=tuple(part for part in self.parts if isinstance(part, str)))


def system(text: str) -> Message:
    """The rules of the conversation."""
    return Message("system", (text,))


def user(*parts: Part) -> Message:
    """What is asked."""
    return Message("user", parts)


def assistant(text: str) -> Message:
    """What was answered before."""
    return Message("assistant", (text,))


@dataclass(frozen=True)
class ModelRequest:
    """One question to the model.

    ``label`` says for which part of the chapter it is (``"section 3, part 1, draft"``); it is
    unique within a stage and stands in every error. ``schema`` is the JSON schema of the reply and
    its name, or None for free text. ``max_output_tokens`` is the longest reply that makes sense.
    ``take`` is raised to ask the very same question afresh.
    """

    label: str
    messages: tuple[Message, ...]
    max_output_tokens: int
    schema: tuple[str, Mapping[str, Any]] | None = None
    take: int = 0

    def pictures(self) -> list[MessagePicture]:
        """All pictures, in order."""
        return [
            part
            for message in self.messages
            for part in message.parts
            if isinstance(part, MessagePicture)
        ]

    def without_pictures(self) -> ModelRequest:
        """The same question in text only."""
        return replace(
            self, messages=tuple(message.without_pictures() for message in self.messages)
        )

    def without_system(self) -> ModelRequest:
        """The same question with its rules at the head of the first message of the user."""
        rules = [part for one in self.messages if one.role == "system" for part in one.parts]
        others = [message for message in self.messages if message.role != "system"]
        if rules and others and others[0].role == "user":
            others[0] = Message("user", (*rules, *others[0].parts))
        elif rules:
            others.insert(0, Message("user", tuple(rules)))
        return replace(self, messages=tuple(others))


# No call has more; a file or a server that says so is damaged, or lies.
MOST_TOKENS = 10**15


@dataclass(frozen=True)
class Tokens:
    """Tokens of one call: sent, of these found in the server's cache, and received."""

    sent: int = 0
    cached: int = 0
    received: int = 0

    @classmethod
    def read(cls, counts: object) -> Tokens | None:
        """The three counts of a list from a file; None where they can be those of no call.

        >>> Tokens.read([9, 0, 5]), Tokens.read([9, 10, 5])
        (Tokens(sent=9, cached=0, received=5), None)
        """
        if not isinstance(counts, list) or len(counts) != 3:
            return None
        if not all(type(count) is int and 0 <= count <= MOST_TOKENS for count in counts):
            return None
        return cls(*counts) if counts[1] <= counts[0] else None


@dataclass(frozen=True)
class ModelReply:
    """One reply as the server gave it; ``finish`` is its ``finish_reason``."""

    text: str
    finish: str
    tokens: Tokens
    model: str
    cached: bool = False


def body_of(ask: ModelRequest, model: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The request body: the same question gives the same bytes, whenever it is asked."""
    messages = [{"role": message.role, "content": _content(message)} for message in ask.messages]
    return {"model": model, "messages": messages, **parameters}


def key_of(body: Mapping[str, Any], take: int) -> str:
    """The hash of everything sent: 64 hex digits."""
    known = json.dumps([take, body], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(known.encode("utf-8", "surrogatepass")).hexdigest()


def _content(message: Message) -> str | list[dict[str, Any]]:
    """Plain text where there is no picture: some servers know no other form."""
    if all(isinstance(part, str) for part in message.parts):
        return escape("\n\n".join(part for part in message.parts if isinstance(part, str)))
    content: list[dict[str, Any]] = []
    for part in message.parts:
        if isinstance(part, str):
            content.append({"type": "text", "text": escape(part)})
        else:
            content.append({"type": "text", "text": f"{part.name}:"})
            content.append({"type": "image_url", "image_url": {"url": part.data_url()}})
    return content
