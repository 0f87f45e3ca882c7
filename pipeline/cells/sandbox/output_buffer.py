"""What has come out of the sandbox for one command so far."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Literal

from pipeline.cells.sandbox.message_stream import SandboxMessage
from pipeline.cells.sandbox.outcome import (
    CellDone,
    CellOutcome,
    CellPicture,
    End,
    StatementOutput,
)
from pipeline.cells.sandbox.terminal_output import as_shown

Stream = Literal["stdout", "stderr"]
ALARM = 14
"""The signal that ends a worker at its time limit."""

_PICTURES = 40  # twice what the worker sends: shown ones and files
_MAGIC = {"png": b"\x89PNG\r\n", "jpg": b"\xff\xd8\xff"}


class OutputBuffer:
    """What one command has shown so far.

    Args:
        limit: the output of each stream, bytes.
        worker: the process that the command was given to.
        reaper: the key of the sender who tells of processes that ended.
        marks: the statements whose output is wanted.
        ticket: what the answers to this command bear.
        earlier: the ticket of the command that the worker's standby knows.
    """

    def __init__(
        self,
        limit: int,
        worker: int,
        reaper: str,
        ticket: str = "",
        earlier: str = "",
        marks: Iterable[int] = (),
    ) -> None:
        self._limit = limit
        self._first = worker
        self._reaper = reaper
        self._ticket, self._earlier = ticket, earlier
        self.events: set[str] = set()
        self._raw = {"stdout": bytearray(), "stderr": bytearray()}
        self._marks = set(marks)
        self._open: tuple[int, int] | None = None  # a marked statement, and where its output begins
        self._shown: list[StatementOutput] = []
        self._successor = worker
        self._pictures: list[CellPicture] = []
        self._done: CellDone | None = None
        self._answer: bytes | None = None
        self._end: End | None = None
        self._code: int | None = None
        self._remark = ""

    def end(self, end: End, code: int | None) -> None:
        """Keep the first reason only: the others follow from it."""
        if self._end is None:
            self._end, self._code = end, code

    @property
    def too_much(self) -> bool:
        """Whether a stream has shown more than the limit."""
        return any(len(raw) > self._limit for raw in self._raw.values())

    def add(self, name: Stream, data: bytes) -> None:
        """Take in raw output."""
        self._raw[name] += data

    def take(self, message: SandboxMessage) -> None:
        """Take in one message.

        Raises:
            ValueError: it is none that the worker sends (pydantic's ``ValidationError`` is one).
            KeyError, TypeError, OverflowError: likewise.
        """
        data = message.data
        event = str(data["event"])
        if (message.key == self._reaper) != (event == "exit"):
            return  # somebody speaks for another
        if event == "exit":
            self._take_exit(int(data["process"]), int(data["code"]))
            return
        ticket = data["ticket"]
        if ticket != self._ticket and not (
            ticket == self._earlier and event in ("resumed", "flushed")
        ):
            return  # the answer to an earlier command
        self.events.add(event)
        if event in ("ready", "resumed"):
            self._successor = int(data["worker"])
            self._remark = str(data.get("remark", ""))
        elif event == "begin":
            self._open = (int(data["statement"]), len(self._raw["stdout"]))
        elif event == "end":
            self._take_end(int(data["statement"]), data["value"])
        elif event == "picture":
            self._take_picture(data["kind"], message.load)
        elif event == "done":
            self._done = CellDone.model_validate({k: v for k, v in data.items() if k != "ticket"})
        elif event == "answer":
            self._answer = message.load

    @property
    def worker(self) -> int:
        """The process that the next command goes to: another one only after the first has ended."""
        return self._successor if not self._first or "exit" in self.events else self._first

    def _take_end(self, statement: int, value: object) -> None:
        """The output of a marked statement; each once, so that what is kept is not more than was
        printed."""
        if self._open is None or self._open[0] != statement or statement not in self._marks:
            return
        self._marks.remove(statement)
        printed = _text(self._raw["stdout"][self._open[1] :])
        self._open = None
        self._shown.append(
            StatementOutput.model_validate(
                {"statement": statement, "printed": printed, "value": value}
            )
        )

    def _take_exit(self, process: int, code: int) -> None:
        if process == self._first:  # else it is some process that a cell had started
            self.end("timeout" if code == -ALARM else "died", code)
            self.events.add("exit")

    def _take_picture(self, kind: Literal["png", "jpg"], load: bytes) -> None:
        magic = _MAGIC[kind]
        if len(self._pictures) >= _PICTURES:
            raise ValueError("too many pictures")
        content = base64.b64decode(load, validate=True)
        self._pictures.append(CellPicture(kind, content if content.startswith(magic) else b""))

    def outcome(self) -> CellOutcome:
        """What came of the command."""
        return CellOutcome(
            stdout=_text(self._raw["stdout"][: self._limit]),
            stderr=_text(self._raw["stderr"][: self._limit]),
            begun="begun" in self.events,
            shown=tuple(self._shown),
            done=self._done if self._end is None else None,
            pictures=tuple(self._pictures),
            answer=self._answer,
            end=self._end,
            exit_status=self._code,
            remark=self._remark,
        )


def _text(data: bytes | bytearray) -> str:
    return as_shown(data.decode("utf-8", "replace"))
