"""Values and exceptions of cells as data that can leave the sandbox."""

from __future__ import annotations

import os
import traceback
from typing import Any

_DEEPEST = 8  # containers within each other: what an oracle compares has two or three


def describe(raised: BaseException) -> dict[str, Any]:
    """An exception as data: its type, its last line, the frames of cells in its traceback."""
    frames = [
        frame
        for frame in traceback.extract_tb(raised.__traceback__)
        if frame.filename.startswith("<cell")
    ]
    lines = ["Traceback (most recent call last):\n"] if frames else []
    lines += traceback.StackSummary.from_list(frames).format()
    lines += traceback.format_exception_only(type(raised), raised)
    text = "".join(lines)
    chain: list[dict[str, Any]] = []
    link: BaseException | None = raised
    while link is not None and len(chain) < 10:
        chain.append(
            {
                "type": type(link).__name__,
                "system": isinstance(link, OSError),
                "errno": link.errno if isinstance(link, OSError) else None,
                "file": _name_of(getattr(link, "filename", None)),
                "name": _name_of(getattr(link, "name", None)),
            }
        )
        link = link.__cause__ or link.__context__
    return {"line": line_of(raised), "trace": text[-20_000:], "chain": chain}


def _name_of(value: object) -> str | None:
    if isinstance(value, (str, bytes)):
        return os.fsdecode(value)
    return None


def line_of(raised: BaseException) -> str:
    return traceback.format_exception_only(type(raised), raised)[-1].strip()[:2000]


def repr_of(value: object) -> str:
    return repr(value)[:100_000]


class Room:
    """How many items an answer may still have."""

    def __init__(self, items: int) -> None:
        self._most = self._left = items

    def take(self, items: int = 1) -> None:
        """Count ``items``.

        Raises:
            ValueError: there are too many.
        """
        self._left -= items
        if self._left < 0:
            raise ValueError(f"gives more than {self._most:,} items")


def plain(value: object, room: Room, depth: int = 0) -> Any:
    """A value as JSON: numbers of other libraries, deques and generators unwrapped.

    What JSON does not have is an object with one key: ``{"t": [...]}`` a tuple, ``{"s": [...]}`` a
    set, ``{"d": [key, value, ...]}`` a dict, ``{"b": "..."}`` bytes as Latin-1, ``{"o": "..."}``
    the type of anything else.

    Raises:
        ValueError: it has more items than there is room for.
    """
    room.take()
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (str, bytes, bytearray, memoryview)):
        room.take(len(value) // 8)
        return str(value) if isinstance(value, str) else {"b": bytes(value).decode("latin-1")}
    if isinstance(value, float):
        return float(value)
    if isinstance(value, int) or hasattr(value, "__index__"):
        return int(value)
    if depth > _DEEPEST:
        return {"o": type(value).__name__}
    if hasattr(value, "items"):
        pairs = [part for pair in value.items() for part in pair]
        return {"d": [plain(part, room, depth + 1) for part in pairs]}
    if hasattr(value, "__iter__"):
        items = [plain(item, room, depth + 1) for item in value]
        if isinstance(value, tuple):
            return {"t": items}
        return {"s": items} if isinstance(value, (set, frozenset)) else items
    return {"o": type(value).__name__}


def unplain(data: Any) -> Any:
    """The value that ``plain`` made ``data`` of.

    Raises:
        ValueError: it had parts that are no plain data.
    """
    if isinstance(data, list):
        return [unplain(item) for item in data]
    if not isinstance(data, dict):
        return data
    ((form, content),) = data.items()
    if form == "b":
        return content.encode("latin-1")
    if form == "o":
        raise ValueError(content)
    items = [unplain(item) for item in content]
    if form == "t":
        return tuple(items)
    return set(items) if form == "s" else dict(zip(items[::2], items[1::2], strict=True))
