"""What has come out of the sandbox for one command so far."""

from __future__ import annotations

from typing import Any, Literal

from pipeline.cells.outcome import Answer, Done, End, Outcome, Shown

Stream = Literal["stdout", "stderr"]
ALARM = 14
"""The signal that ends a worker at its time limit."""


class Gathered:
    """What one cell has shown so far."""

    def __init__(self, limit: int, worker: int) -> None:
        self._limit = limit
        self._first = worker
        self.worker = worker
        self.events: set[str] = set()
        self._raw = {"stdout": bytearray(), "stderr": bytearray()}
        self._begun: dict[int, int] = {}
        self._shown: list[Shown] = []
        self._done: Done | None = None
        self._answer: Answer | None = None
        self._end: End | None = None
        self._code: int | None = None

    def end(self, end: End, code: int | None) -> None:
        """Keep the first reason only: the others follow from it."""
        if self._end is None:
            self._end, self._code = end, code

    @property
    def too_much(self) -> bool:
        return any(len(raw) > self._limit for raw in self._raw.values())

    def add(self, name: Stream, data: bytes) -> None:
        self._raw[name] += data

    def take(self, message: dict[str, Any]) -> None:
        """Take in one frame."""
        event = str(message["event"])
        if event == "exit":
            if message["process"] != self._first:
                return  # some process that a cell had started
            code = int(message["code"])
            self.end("timeout" if code == -ALARM else "died", code)
        elif event in ("ready", "resumed"):
            self.worker = int(message["worker"])
        self.events.add(event)
        if event == "begin":
            self._begun[int(message["statement"])] = len(self._raw["stdout"])
        elif event == "end":
            index = int(message["statement"])
            printed = _text(self._raw["stdout"][self._begun.get(index, 0) :])
            self._shown.append(Shown(statement=index, printed=printed, value=message["value"]))
        elif event == "done":
            self._done = Done.model_validate(message)
        elif event == "answer":
            self._answer = Answer.parse(message["results"])

    def outcome(self) -> Outcome:
        return Outcome(
            stdout=_text(self._raw["stdout"][: self._limit]),
            stderr=_text(self._raw["stderr"][: self._limit]),
            shown=tuple(self._shown),
            done=self._done if self._end is None else None,
            answer=self._answer,
            end=self._end,
            exit_status=self._code,
        )


def _text(data: bytes | bytearray) -> str:
    return data.decode("utf-8", "replace").replace("\r\n", "\n")
