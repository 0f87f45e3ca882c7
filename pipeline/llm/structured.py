"""Replies in JSON: asked for by schema where the server knows it, found in a chatty reply else."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.document.characters import clean_prose
from pipeline.errors import LLMError
from pipeline.llm.chat import ModelRequest, assistant, user
from pipeline.llm.client import Client
from pipeline.llm.prompts import render
from pipeline.llm.transport import UnrecordedError


class ReplyModel(BaseModel):
    """Base of structured replies: immutable; what a model adds on its own is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


R = TypeVar("R", bound=ReplyModel)

# Braces that begin no object before we stop looking: each may take reading all that follows it.
_MOST_TRIES = 200
_MOST_WRAPPINGS = 3
_BACKSLASH = re.compile(r'\\(["\\/bfnrt]|u[0-9a-fA-F]{4})?')
_BRACKET_OR_STRING = re.compile(r'"(?:\\.|[^"\\])*+"?|[\[\]{}]', re.DOTALL)
_CLOSING = {"{": "}", "[": "]"}
_COMMENT_TOKEN = re.compile(r'"(?:\\.|[^"\\\n])*"?|//|/\*|\*/|\n')


class UnusableReplyError(LLMError):
    """The reply is no JSON of the wanted form, even after it was asked for again."""


def strict_schema(kind: type[ReplyModel]) -> dict[str, Any]:
    """The JSON schema of ``kind`` as strict servers want it: every field required, no others."""
    schema: dict[str, Any] = _strict(kind.model_json_schema())
    return schema


async def ask_json(client: Client, ask: ModelRequest, kind: type[R], attempts: int = 2) -> R:
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


def again(ask: ModelRequest, reply: str, problems: list[str], label: str) -> ModelRequest:
    """The same question once more, with what was wrong with the reply."""
    request = user(render("reply_repair", problems=problems))
    return replace(ask, label=label, messages=(*ask.messages, assistant(reply), request))


def parse(text: str, kind: type[R]) -> R:
    """The JSON object in ``text`` that is a ``kind``: the one with most of its fields.

    It may stand in prose or fences, in a list, in an object of one's own (``{"Result": ...}``) or
    in a string, with comments, with a comma too many or a backslash too few (LaTeX), in Python's
    quotes, and without its last brackets.

    Raises:
        ValueError: there is none; one line for each problem.
    """
    problems = ["the reply holds no JSON object"]
    fields = set(kind.model_fields)
    plain = _without_comments(text)
    for read, form in (
        (_values, text),
        (_values, plain),
        (_values, _mended(plain)),
        (_python, text),
    ):
        objects = [found for value in read(form) for found in _objects(value)]
        # Sorting is stable: of those with as many fields the outermost, longest stays first.
        for candidate in sorted(objects, key=lambda one: -len(fields & one.keys())):
            if fields and not fields & candidate.keys():
                continue
            try:
                return kind.model_validate(_clean(candidate))
            except ValidationError as error:
                problems = [
                    f"{'.'.join(map(str, detail['loc'])) or 'the object'}: {detail['msg']}"
                    for detail in error.errors()
                ]
    raise ValueError("\n".join(problems))


def _clean(value: Any) -> Any:
    """``value`` with clean texts: JSON brings back what was taken out of the reply that holds it,
    as escapes ("\\u001b" moves a terminal's cursor)."""
    if isinstance(value, str):
        return clean_prose(value)
    if isinstance(value, list):
        return [_clean(one) for one in value]
    if isinstance(value, dict):
        # Null for what a model has nothing to say of: the field's own default stands.
        return {key: _clean(one) for key, one in value.items() if one is not None}
    return value


def _values(text: str) -> list[Any]:
    """Every JSON object that begins anywhere in the text, longest first; or the whole text where
    it is a JSON string."""
    decoder = json.JSONDecoder(strict=False)
    if text.lstrip().startswith('"'):
        try:
            return [json.loads(text, strict=False)]
        except (ValueError, RecursionError):
            pass
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


def _objects(value: Any, depth: int = 0) -> list[dict[str, Any]]:
    """The objects in a value that a reply may be wrapped in, the outermost first."""
    if depth > _MOST_WRAPPINGS:
        return []
    if isinstance(value, str):
        inner = _values(value) if "{" in value and len(value) >= 2 else []
    elif isinstance(value, list):
        inner = value
    elif isinstance(value, dict):
        inner = [part for part in value.values() if isinstance(part, dict | list | str)]
    else:
        inner = []
    own = [value] if isinstance(value, dict) else []
    return own + [found for part in inner for found in _objects(part, depth + 1)]


def _without_comments(text: str) -> str:
    """``text`` without ``// ...`` and ``/* ... */``, which JSON does not know; strings stay.

    >>> _without_comments('{"a": "http://b", // c' + "\\n}")
    '{"a": "http://b", \\n}'
    """
    kept, place, ends = [], 0, ""
    for token in _COMMENT_TOKEN.finditer(text):
        if ends:
            if token[0] == ends:
                place = token.start() if ends == "\n" else token.end()
                ends = ""
        elif token[0] in ("//", "/*"):
            kept.append(text[place : token.start()])
            ends = "\n" if token[0] == "//" else "*/"
    return "".join(kept) + ("" if ends else text[place:])


def _mended(text: str) -> str:
    r"""``text`` with backslashes doubled that begin no escape, and with the brackets that it lacks
    at its end.

    >>> _mended('{"a": "\\(x"')
    '{"a": "\\\\(x"}'
    """
    text = _BACKSLASH.sub(lambda found: found[0] if found[1] else r"\\", text)
    missing: list[str] = []
    for token in _BRACKET_OR_STRING.findall(text, max(0, text.find("{"))):
        if token in _CLOSING:
            missing.append(_CLOSING[token])
        elif missing and token == missing[-1]:
            missing.pop()
    return text.rstrip().removesuffix("```") + "".join(reversed(missing))


def _python(text: str) -> list[Any]:
    """The dictionary in ``text`` as Python writes it, in a list; none where there is none."""
    begin, end = text.find("{"), text.rfind("}") + 1
    try:
        return [ast.literal_eval(text[begin:end])] if 0 <= begin < end else []
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return []


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
