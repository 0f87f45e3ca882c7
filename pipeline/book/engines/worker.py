"""A worker process: it does steps one after another, with a pipe to the book's coordinator."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from pipeline.book.engines.coordinator import Coordinator
from pipeline.book.engines.coordinator_client import CoordinatorClient
from pipeline.book.engines.plan import BookLecture, StepResult, Work

# How long an interrupted worker may clean up before it is killed; half of ``_KILL_AFTER_S`` of
# ``cli.process``, by which the whole book has to end.
_TIDY_S = 5.0
_DONE, _ASK, _TELL = "done", "ask", "tell"


class Worker:
    """The engine's end: a process and the pipe to it."""

    def __init__(self, context: Any, work: Work) -> None:
        self.channel, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, work))
        self._process.start()
        theirs.close()

    def begin(self, lecture: BookLecture, step: str) -> None:
        """Hand a step over."""
        # A process that has just died is noticed when its end is read.
        with contextlib.suppress(OSError):
            self.channel.send((lecture, step))

    def receive(self, coordinator: Coordinator) -> StepResult | None:
        """Read one message, answering a question to the coordinator; the step's end, if it is that.

        Raises:
            EOFError, OSError: the process is gone.
        """
        kind, content = self.channel.recv()
        if kind == _DONE:
            assert isinstance(content, StepResult)
            return content
        name, arguments = content
        answer = getattr(coordinator, name)(*arguments)
        if kind == _ASK:
            self.channel.send(answer)
        return None

    def interrupt(self) -> None:
        """As Ctrl-C does."""
        with contextlib.suppress(OSError, TypeError):
            os.kill(self._process.pid, signal.SIGINT)

    def close(self) -> None:
        """End the process: at once when it is idle, else when it has tidied up, or by force."""
        self.channel.close()
        self._process.join(_TIDY_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


class _Line(CoordinatorClient):
    """A pipe to the coordinator; used from any of the step's threads."""

    def __init__(self, channel: Connection) -> None:
        self._channel = channel
        self._mutex = threading.Lock()

    def _ask(self, name: str, *arguments: object) -> Any:
        with self._mutex:
            self._channel.send((_ASK, (name, arguments)))
            return self._channel.recv()

    def tell(self, *news: object) -> None:
        with self._mutex:
            self._channel.send((_TELL, ("tell", news)))

    def end(self, done: StepResult) -> None:
        with self._mutex:
            self._channel.send((_DONE, done))


def _serve(channel: Connection, work: Work) -> None:
    """The worker's end: steps until the engine hangs up."""
    _end_with(multiprocessing.parent_process())
    line = _Line(channel)
    with contextlib.suppress(KeyboardInterrupt, EOFError, OSError):
        while True:
            lecture, step = channel.recv()
            line.end(work(lecture, step, line))


def _end_with(parent: Any) -> None:
    """Stop when the engine's process dies without a word, so that the lecture is free again."""

    def watch() -> None:
        parent.join()
        _stop(lambda: os.kill(os.getpid(), signal.SIGINT))

    threading.Thread(target=watch, daemon=True).start()


def _stop(ask: Callable[[], None]) -> None:
    ask()
    time.sleep(_TIDY_S)
    os._exit(1)
