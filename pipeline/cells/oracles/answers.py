"""Reading what functions of a chapter gave; it is data of hostile code, so only the judge does it.

Its form is that of ``inside.values.plain``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

_DEEPEST = 24  # what ``plain`` writes is at most eight values deep, of two levels each


@dataclass(frozen=True)
class CallResult:
    """What a function gave for each input: ``("value", x)`` or ``("error", last line)``."""

    results: tuple[tuple[Literal["value", "error"], Any], ...]


def read_answer(text: str) -> CallResult:
    """The answer that came out of the sandbox.

    >>> read_answer('[["value", {"t": [1, {"b": "a"}]}]]').results
    (('value', (1, b'a')),)

    Raises:
        ValueError: it is none.
    """
    try:
        data = json.loads(text)
        if not isinstance(data, list):
            raise TypeError("no list")
        return CallResult(tuple((_kind(kind), _value(value, 0)) for kind, value in data))
    except (RecursionError, TypeError, AttributeError) as error:
        raise ValueError("an answer has another shape") from error


def _kind(kind: object) -> Literal["value", "error"]:
    if kind == "value":
        return "value"
    if kind == "error":
        return "error"
    raise ValueError("an answer is neither a value nor an error")


def _value(data: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        raise ValueError("an answer is nested too deeply")
    if isinstance(data, list):
        return [_value(item, depth + 1) for item in data]
    if not isinstance(data, dict):
        return data
    ((form, content),) = data.items()
    if form == "b":
        return content.encode("latin-1")
    if form == "o":
        return f"<{content}>"
    items = [_value(item, depth + 1) for item in content]
    if form == "t":
        return tuple(items)
    if form == "s":
        return set(items)
    if form == "d":
        return dict(zip(items[::2], items[1::2], strict=True))
    raise ValueError("an answer has a value of an unknown form")
