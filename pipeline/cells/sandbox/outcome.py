"""What comes back from the sandbox for one cell, checked.

Its texts have no halves of surrogate pairs, which no file and no request can hold, and nothing that
cannot be seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from pipeline.document.characters import clean_code
from pipeline.models import Model

CleanText = Annotated[
    str, BeforeValidator(lambda text: clean_code(text) if isinstance(text, str) else text)
]
"""A text from the sandbox; what is no text is refused."""

End = Literal["timeout", "died", "garbled", "broken", "flood", "memory"]


class ChainLink(Model):
    """One exception of a chain of causes."""

    type: CleanText
    system: bool
    errno: int | None
    file: CleanText | None
    name: CleanText | None


class Raised(Model):
    """An exception that ended a cell: its last line, its traceback, and its chain of causes."""

    line: CleanText
    trace: CleanText
    chain: tuple[ChainLink, ...] = Field(max_length=10)


@dataclass(frozen=True)
class CellPicture:
    """A picture the cell drew; without content when it could not be drawn or was too large."""

    kind: Literal["png", "jpg"]
    content: bytes


class CellDone(Model):
    """The worker's message at the end of a cell."""

    event: Literal["done"]
    error: Raised | None
    result: CleanText | None
    seconds: float = Field(ge=0, le=1e9, allow_inf_nan=False)
    attempts: tuple[tuple[CleanText, CleanText], ...] = Field(max_length=50)
    names: dict[CleanText, CleanText]


class StatementOutput(Model):
    """What one marked statement printed, and the ``repr`` of its value (None: it has none)."""

    statement: int
    printed: CleanText
    value: CleanText | None


@dataclass(frozen=True)
class CellOutcome:
    """What came of one cell.

    ``end`` is None when the cell came to its end; otherwise why it did not: the time limit, the
    death of its process (``exit_status``, negative for a signal), more output or
    memory than allowed, messages that are none, or that no other cell would have run after it.

    ``begun`` is false when not even the first statement was reached. ``answer`` is what a function
    gave, not yet read (``answers.read_answer``). ``remark`` is in what the sandbox that just
    started falls short.
    """

    stdout: str
    stderr: str
    shown: tuple[StatementOutput, ...] = ()
    done: CellDone | None = None
    pictures: tuple[CellPicture, ...] = ()
    answer: bytes | None = None
    end: End | None = None
    exit_status: int | None = None
    begun: bool = True
    remark: str = ""
