"""Values and exceptions of cells as data that can leave the sandbox."""

from __future__ import annotations

import os
import traceback
from typing import Any


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


def plain(value: object, depth: int = 0) -> Any:
    """A value as Python literals: numbers of other libraries, deques and generators unwrapped."""
    if value is None or isinstance(value, (bool, str, bytes)):
        return value
    if isinstance(value, (int, float)):
        return value if type(value) in (int, float) else type(value).__base__(value)  # type: ignore
    if depth > 8:
        return f"<{type(value).__name__}>"
    if hasattr(value, "__index__"):
        return int(value.__index__())
    if isinstance(value, (bytearray, memoryview)):
        return bytes(value)
    if hasattr(value, "items"):
        return {plain(k, depth + 1): plain(v, depth + 1) for k, v in value.items()}
    if isinstance(value, tuple):
        return tuple(plain(item, depth + 1) for item in value)
    if isinstance(value, (set, frozenset)):
        return {plain(item, depth + 1) for item in value}
    if hasattr(value, "__iter__"):
        return [plain(item, depth + 1) for _, item in zip(range(10_000_000), value, strict=False)]
    return f"<{type(value).__name__}>"
