"""Asking the functions of a chapter, each question in a fresh process where that can be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pipeline.cells.interpreter import Interpreter
from pipeline.cells.parts import FunctionPart, part_for
from pipeline.cells.sandbox.session import SandboxSession
from pipeline.errors import SandboxError

_DATA_S = 5.0


class FreshCaller:
    """Calls functions of a chapter in copies of a process that no cell ran in.

    What cannot be told apart from the chapter is asked in its own process; then ``doubtful`` is
    set, because cells can have changed what that process answers.

    Args:
        chapter: the chapter's own process.
        start: starts a session without cells.
    """

    def __init__(self, chapter: Interpreter, start: Callable[[], SandboxSession]) -> None:
        self._chapter = chapter
        self._start = start
        self._blank: SandboxSession | None = None
        self.doubtful = False

    def call(self, function: str, inputs: str, seconds: float) -> bytes | None:
        """What the function gives for each input, unread; None when it took too long or died."""
        names = self._chapter.names
        part = part_for(function, self._chapter.sources, names)
        if part is not None:
            if not part.source:  # it is about data only
                return self._chapter.call(function, inputs, seconds)
            answer = self._ask(part, function, inputs, seconds)
            if answer != b"":
                return answer
        self.doubtful = True
        return self._chapter.call(function, inputs, seconds)

    def close(self) -> None:
        """End the process. May be called twice."""
        if self._blank:
            self._blank.close()
            self._blank = None

    def _ask(self, part: FunctionPart, function: str, inputs: str, seconds: float) -> bytes | None:
        """As ``call``; empty when the part does not stand alone."""
        data = self._values(part.data)
        if data is None:
            return b""
        if self._blank is None or not self._blank.alive:
            self.close()
            try:
                self._blank = self._start()
            except SandboxError:
                return b""
        return self._blank.call(function, inputs, seconds, part.source, data)

    def _values(self, names: Sequence[str]) -> Mapping[str, str] | None:
        """The values of data, as they come out of the sandbox, unread; None where one does not."""
        values: dict[str, str] = {}
        for name in names:
            value = self._chapter.call(f"lambda: {name}", "[()]", _DATA_S)
            if value is None:
                return None
            values[name] = value.decode("ascii", "replace")
        return values
