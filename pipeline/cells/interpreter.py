"""One namespace for the cells of a chapter, whatever they do to the process that holds it.

After a cell that killed its process the session is as it was before that cell. Only where that is
not possible (the whole sandbox died, or there is none) are the earlier cells run again.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.cells.sandbox.launch import CellLimits, Sandbox, SandboxContents
from pipeline.cells.sandbox.outcome import CellOutcome
from pipeline.cells.sandbox.session import SandboxSession


@dataclass(frozen=True)
class _Ran:
    source: str
    name: str
    every: bool
    names_before: dict[str, str]


class Interpreter:
    """Runs cells in order. Close it, or use it as a context manager."""

    def __init__(self, sandbox: Sandbox, contents: SandboxContents, limits: CellLimits) -> None:
        self._sandbox, self._contents, self._limits = sandbox, contents, limits
        self._session: SandboxSession | None = None
        self._history: list[_Ran] = []
        self.names: dict[str, str] = {}

    def __enter__(self) -> Interpreter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(
        self, source: str, name: str, marks: tuple[int, ...] = (), every: bool = False
    ) -> CellOutcome:
        """Run one cell after all that ran before it.

        Args:
            source: Python that parses.
            name: the file name in tracebacks, ``<cell 3>``.
            marks: indexes of the top-level statements whose own output is wanted.
            every: show the value of every expression, not only of the last one.

        Raises:
            SandboxError: the sandbox does not start.
        """
        outcome = self._live().run(source, name, marks, every)
        last_too = False
        while outcome.end and not outcome.begun:
            # What runs the cells is broken or confused; this cell has not run, and is not to blame.
            # If that happens in a new session too, the last cell does it: what it has done is lost.
            self._drop()
            if last_too:
                if not self._history:
                    break
                self.names = self._history.pop().names_before
            last_too = True
            outcome = self._live().run(source, name, marks, every)
        if outcome.end is None:
            self._history.append(_Ran(source, name, every, self.names))
            self.names = outcome.done.names if outcome.done else {}
        return outcome

    @property
    def sources(self) -> tuple[str, ...]:
        """The cells that ran to their end, in order."""
        return tuple(ran.source for ran in self._history)

    def forget_last(self) -> None:
        """Go back to before the last cell that ran, so that another version of it can be run."""
        if self._history:
            self.names = self._history.pop().names_before
            if self._session and not self._session.back():
                self._drop()

    def call(self, function: str, inputs: str, seconds: float) -> bytes | None:
        """Call a function of the cells; see ``SandboxSession.call``."""
        return self._live().call(function, inputs, seconds)

    def close(self) -> None:
        """End the process."""
        self._drop()

    def _live(self) -> SandboxSession:
        if self._session is None or not self._session.alive:
            self._drop()
            self._session = SandboxSession(self._sandbox, self._contents, self._limits)
            for ran in self._history:
                self._session.run(ran.source, ran.name, (), ran.every)
        return self._session

    def _drop(self) -> None:
        if self._session:
            self._session.close()
            self._session = None
