"""What comes back from the sandbox for one cell, checked."""

from __future__ import annotations

import ast
import base64
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from pipeline.model import Model

End = Literal["timeout", "died", "garbled", "flood", "memory"]


class ChainLink(Model):
    """One exception of a chain of causes."""

    type: str
    system: bool
    errno: int | None
    file: str | None
    name: str | None


class Raised(Model):
    """An exception that ended a cell: its last line, its traceback, and its chain of causes."""

    line: str
    trace: str
    chain: tuple[ChainLink, ...] = Field(max_length=10)


class Picture(Model):
    """A picture the cell drew; ``data`` is base64, empty when the picture was too large."""

    kind: Literal["png", "jpg"]
    data: str

    @property
    def content(self) -> bytes:
        """The bytes of the picture file; empty when they are not what ``kind`` says."""
        try:
            data = base64.b64decode(self.data, validate=True)
        except ValueError:
            return b""
        magic = b"\x89PNG\r\n" if self.kind == "png" else b"\xff\xd8\xff"
        return data if data.startswith(magic) else b""


class Done(Model):
    """The driver's message at the end of a cell."""

    event: Literal["done"]
    error: Raised | None
    result: str | None
    seconds: float = Field(ge=0, le=1e9, allow_inf_nan=False)
    pictures: tuple[Picture, ...] = Field(max_length=40)
    attempts: tuple[tuple[str, str], ...] = Field(max_length=50)
    names: dict[str, str]


class Shown(Model):
    """What one marked statement printed, and the ``repr`` of its value (None: it has none)."""

    statement: int
    printed: str
    value: str | None


@dataclass(frozen=True)
class Answer:
    """What a function gave for each input: ``("value", x)`` or ``("error", last line)``."""

    results: tuple[tuple[Literal["value", "error"], Any], ...]

    @classmethod
    def parse(cls, text: str) -> Answer:
        """Read the driver's literal.

        Raises:
            ValueError: it is none, or of another shape.
        """
        try:
            data = ast.literal_eval(text)
        except (SyntaxError, MemoryError, RecursionError, TypeError) as error:
            raise ValueError("an answer is no literal") from error
        if not isinstance(data, list) or not all(
            isinstance(item, tuple) and len(item) == 2 and item[0] in ("value", "error")
            for item in data
        ):
            raise ValueError("an answer has another shape")
        return cls(tuple(data))


@dataclass(frozen=True)
class Outcome:
    """What came of one cell.

    ``end`` is None when the cell came to its end; otherwise why it did not: the time limit, the
    death of its process (``exit_status``, negative for a signal), more output or
    memory than allowed, or messages that are none.
    """

    stdout: str
    stderr: str
    shown: tuple[Shown, ...] = ()
    done: Done | None = None
    answer: Answer | None = None
    end: End | None = None
    exit_status: int | None = None
