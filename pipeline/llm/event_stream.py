"""Event streams as whole replies: some servers know no other way to answer.

The format is that of server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events)
with a chunk of OpenAI's chat completions in each ``data:`` line.
"""

from __future__ import annotations

import json
import re
from typing import Any

_END = "[DONE]"
_BOM = b"\xef\xbb\xbf"
# Of the format, not of ``str.splitlines``, which divides texts at seven other characters.
_LINE_END = re.compile(r"\r\n|\n|\r")


def is_stream(data: bytes) -> bool:
    """Whether a body is an event stream, whatever its type says.

    >>> is_stream(b": ping\\n\\ndata: {}"), is_stream(b'{"data": 1}')
    (True, False)
    """
    return (
        data.removeprefix(_BOM)
        .lstrip()[:8]
        .startswith((b"data:", b"event:", b":", b"id:", b"retry:"))
    )


def joined_events(data: bytes) -> dict[str, Any]:
    """The stream in the form of a whole reply.

    Raises:
        ValueError: an event is no JSON, or the stream breaks off before its end.
    """
    whole: dict[str, Any] = {}
    pieces: dict[str, list[str]] = {"content": [], "refusal": []}
    choice: dict[str, Any] = {}
    message: dict[str, Any] = {}
    is_over = False
    for line in _LINE_END.split(data.decode("utf-8-sig", "replace")):
        name, _, value = line.partition(":")
        if name != "data":
            continue
        if value.strip() == _END:
            is_over = True
            continue
        event = json.loads(value)
        if not isinstance(event, dict):
            raise ValueError("an event is no object")
        whole |= {"error": event["error"]} if event.get("error") else {}
        usage = event.get("usage")
        if isinstance(usage, dict):
            whole["usage"] = _grown(whole.get("usage", {}), usage)
        parts = event.get("choices")
        for part in parts if isinstance(parts, list) else []:
            if not isinstance(part, dict) or part.get("index"):
                continue
            delta = part.get("delta") or part.get("message")
            delta = delta if isinstance(delta, dict) else {}
            for kind, texts in pieces.items():
                texts.append(_text(delta.get(kind)))
            if delta.get("tool_calls"):
                message["tool_calls"] = True
            choice |= {key: part[key] for key in ("finish_reason", "error") if part.get(key)}
    if not (is_over or choice.get("finish_reason") or whole.get("error")):
        raise ValueError("the stream breaks off")
    if choice or any(any(texts) for texts in pieces.values()) or message:
        message |= {kind: "".join(texts) or None for kind, texts in pieces.items()}
        whole["choices"] = [choice | {"message": message}]
    return whole


def _grown(before: dict[str, Any], usage: dict[str, Any]) -> dict[str, Any]:
    """The account so far: counts only grow, and some events name some of them only."""
    grown = before | {name: value for name, value in usage.items() if value is not None}
    for name, count in before.items():
        if isinstance(count, int) and isinstance(grown[name], int):
            grown[name] = max(count, grown[name])
    return grown


def _text(content: object) -> str:
    """A piece's text; pieces may themselves be lists of typed parts."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    return "".join(
        str(part.get("text") or "")
        for part in content
        if isinstance(part, dict) and part.get("type") in (None, "text", "output_text")
    )
