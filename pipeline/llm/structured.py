"""Replies in JSON: asked for by schema where the server knows it, found in a chatty reply else."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.errors import LLMError
from pipeline.llm.chat import Ask, assistant, user
from pipeline.llm.client import Client
from pipeline.llm.prompts import render
from pipeline.llm.transport import UnrecordedError


class ReplyModel(BaseModel):
    """Base of structured replies: immutable; what a model adds on its own is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


R = TypeVar("R", bound=ReplyModel)

# Braces that begin no object before we stop looking: each may take reading all that follows it.
_MOST_TRIES = 200


class UnusableReplyError(LLMError):
    """The reply is no JSON of the wanted form, even after it was asked for again."""


def strict_schema(kind: type[ReplyModel]) -> dict[str, Any]:
    """The JSON schema of ``kind`` as strict servers want it: every field required, no others."""
    schema: dict[str, Any] = _strict(kind.model_json_schema())
    return schema


async def ask_json(client: Client, ask: Ask, kind: type[R], attempts: int = 2) -> R:
    """The reply to ``ask`` as a ``kind``.

    Raises:
        UnusableReplyError: none of the attempts gave one; the message names the label.
        LLMError: as ``Client.ask``.
    """
    current = replace(ask, schema=(kind.__name__, strict_schema(kind)))
    problems: list[str] = []
    for attempt in range(attempts):
        try:
            text = await client.ask(current)
        except UnrecordedError:
            if not problems:
                raise
            break
        try:
            return parse(text, kind)
        except ValueError as error:
            problems = str(error).splitlines()[:8]
        current = again(current, text, problems, f"{ask.label}, again {attempt + 1}")
    raise UnusableReplyError(
        f"{ask.label}: the reply is not the JSON asked for ({'; '.join(problems)[:300]})",
        "try another llm.model",
    )


def again(ask: Ask, reply: str, problems: list[str], label: str) -> Ask:
    """The same question once more, with what was wrong with the reply."""
    request = user(render("reply_mend", problems=problems))
    return replace(ask, label=label, messages=(*ask.messages, assistant(reply), request))


def parse(text: str, kind: type[R]) -> R:
    """The first JSON object in ``text`` that is a ``kind``.

    Raises:
        ValueError: there is none; one line for each problem.
    """
    problems = ["the reply holds no JSON object"]
    for candidate in _objects(text):
        try:
            return kind.model_validate(candidate)
        except ValidationError as error:
            problems = [
                f"{'.'.join(str(part) for part in detail['loc']) or 'the object'}: {detail['msg']}"
                for detail in error.errors()
            ]
    raise ValueError("\n".join(problems))


def _objects(text: str) -> list[Any]:
    """Every JSON object that begins anywhere in the text, outermost first, longest first."""
    decoder = json.JSONDecoder(strict=False)
    found: list[tuple[int, Any]] = []
    position = tries = 0
    # A comma before a closing bracket is the most common slip of models without schemas.
    text = re.sub(r",(\s*[}\]])", r"\1", text)
    while (start := text.find("{", position)) >= 0:
        try:
            value, end = decoder.raw_decode(text, start)
        # Not only no JSON, but also numbers of thousands of digits and a thousand brackets.
        except (ValueError, RecursionError):
            position = start + 1
            tries += 1
            if tries > _MOST_TRIES:
                break
            continue
        found.append((end - start, value))
        position = end
    return [value for _, value in sorted(found, key=lambda item: -item[0])]


def _strict(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    # "title" and "default" are pydantic's; a property may be called so too.
    cleaned = {
        key: {name: _strict(part) for name, part in value.items()}
        if key in ("properties", "$defs")
        else _strict(value)
        for key, value in schema.items()
        if key not in ("title", "default", "description") or isinstance(value, dict)
    }
    if cleaned.get("type") == "object":
        cleaned["additionalProperties"] = False
        cleaned["required"] = list(cleaned.get("properties", {}))
    return cleaned
