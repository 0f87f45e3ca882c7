"""The program inside the sandbox: runs cells in one namespace and says what came of each.

Its interpreter has nothing of this project but this folder, so it imports the standard library
only. On standard input come the reaper's settings, the worker's, then commands, each a line of
JSON: command lines can be read by cells. What a cell prints goes straight to standard output and
standard error; the worker's own messages go between them as frames, ``NUL token mark JSON NUL``,
each written at once and shorter than a pipe's atomic size, so that no thread of a cell can print
into the middle of one. Each message bears the ticket of the command that it answers, so that what
an earlier cell left running cannot answer by accident.

As the first process of a sandbox it splits in two: the reaper, which only waits, and the worker,
which runs the cells. Before each cell the worker leaves a standby behind, a copy of itself that
takes over when the cell kills the worker, and can be gone back to when the cell is to be replaced.

Nothing here is a barrier against hostile code (that is the sandbox); it only keeps honest records.
"""

from __future__ import annotations

import ast
import contextlib
import json
import linecache
import os
import signal
import sys
import time
import types
import warnings
from typing import Any

from .attempts import WATCHED, attempt
from .confine import confine
from .messages import head, write_frames
from .pictures import drawn, files, quiet_matplotlib, saved
from .reaper import close_to_debugging, reap
from .statements import Namespace
from .values import Room, describe, line_of, plain, unplain

_STDOUT, _STDERR = 1, 2
_STANDBY_S = 0.01  # between two looks at whether the worker lives
_NAMES, _NAME = 2000, 100  # more names, or longer ones, are nothing that a chapter speaks of
_ATTEMPT = 500  # letters of what a cell tried and may not: an address or a path
_ITEMS = 1_000_000  # of all answers to a question together


class CellWorker:
    """Reads commands, runs them, answers with frames marked by ``token``."""

    def __init__(self, token: str) -> None:
        self._head = head(token)
        self._ticket = ""
        self._module = types.ModuleType("__main__")
        self._namespace = Namespace(self._module.__dict__, self._send)
        self._attempts: list[tuple[str, str]] = []
        self._watching = False
        self._standby = 0
        self._speaker = os.getpid()
        sys.modules["__main__"] = self._module

    def serve(self, commands: Any, remark: str) -> None:
        """Answer each command until the input ends.

        Args:
            remark: what could not be given up, in words.
        """
        sys.addaudithook(self._watch)
        self._send({"event": "ready", "worker": os.getpid(), "remark": remark})
        for line in commands:
            command = json.loads(line)
            if command["worker"] != os.getpid():
                continue  # it was meant for the worker that this one succeeded
            self._ticket = command["ticket"]
            if "call" in command:
                self._call_apart(command)
            elif "back" in command:
                os._exit(0)
            elif not (command["standby"] and self._leave_standby()):
                self._send({"event": "begun"})
                self._run(command)
            self._end_errors()

    def _leave_standby(self) -> bool:
        """Fork a copy that waits for this process to die; true in that copy when it has.

        The copy is the child, so that the threads of earlier cells live on in the original. The
        copy left before the last cell goes.
        """
        if self._standby > 0:
            with contextlib.suppress(OSError):
                os.kill(self._standby, signal.SIGKILL)
                os.waitpid(self._standby, 0)
        worker = os.getpid()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about forking with threads: see above
            try:
                self._standby = os.fork()
            except OSError:  # what earlier cells left running leaves no room for another process
                self._standby = -1
        if self._standby:
            return False
        while os.getppid() == worker:
            time.sleep(_STANDBY_S)
        with contextlib.suppress(OSError):
            os.kill(-1, signal.SIGKILL)  # what the worker started; not this process or the reaper
        self._speaker = os.getpid()
        self._send({"event": "resumed", "worker": os.getpid()})
        return True

    def _watch(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Note what the sandbox is going to refuse, so that the refusal can be explained."""
        kind = WATCHED.get(event)
        if kind and self._watching and len(self._attempts) < 50:
            self._attempts.append((kind, attempt(event, arguments)[:_ATTEMPT]))

    def _run(self, command: dict[str, Any]) -> None:
        """Run one cell: ``source``, its ``name`` in tracebacks, and which statements to mark.

        ``marks`` are the indexes of top-level statements that claim an output; ``every`` shows the
        value of each expression, as the interactive interpreter does, not only the last one's.
        """
        name, source = command["name"], command["source"]
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        self._attempts.clear()
        before = files()
        started = time.monotonic()
        self._watching = True
        result: str | None = None
        raised: BaseException | None = None
        _alarm(command["seconds"])
        try:
            result = self._namespace.execute(source, name, set(command["marks"]), command["every"])
        except BaseException as caught:
            raised = caught
        if os.getpid() != self._speaker:
            _end_child(raised)
        error = describe(raised) if raised else None
        _alarm(0)
        self._watching = False
        elapsed = time.monotonic() - started
        for kind, data in drawn() + saved(before):
            self._send({"event": "picture", "kind": kind}, data)
        _flush()
        self._send(
            {
                "event": "done",
                "error": error,
                "result": result,
                "seconds": elapsed,
                "attempts": self._attempts,
                "names": self._names(),
            }
        )

    def _names(self) -> dict[str, str]:
        """The public names of the namespace, each with the name of its type."""
        names = {}
        for name, value in list(self._module.__dict__.items()):
            if isinstance(name, str) and not name.startswith("_") and len(name) <= _NAME:
                names[name] = type(value).__name__[:_NAME]
            if len(names) == _NAMES:
                break
        return names

    def _call_apart(self, command: dict[str, Any]) -> None:
        """Call a function of the chapter in a copy of this process, which leaves no trace in it."""
        if not hasattr(os, "fork"):
            self._send({"event": "answer"}, self._answers(command))
            self._send({"event": "called"})
            return
        import inspect  # noqa: F401 - most calls need it; here it is loaded once, not in each copy

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            child = os.fork()
        if child == 0:
            self._speaker = os.getpid()
            _alarm(command["seconds"])
            try:
                self._send({"event": "answer"}, self._answers(command))
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        self._send({"event": "called"})

    def _answers(self, command: dict[str, Any]) -> bytes:
        """What the function gives for each input: ``[["value", x], ["error", line], ...]``."""
        answers: list[tuple[str, Any]] = []
        room = Room(_ITEMS)
        try:
            self._define(command)
        except BaseException:
            return b""
        try:
            # The caller that the function sees is the chapter.
            question = compile(f"lambda *given: ({command['call']})(*given)", "<cell 1>", "eval")
            function = eval(question, self._module.__dict__)
            inputs = ast.literal_eval(command["inputs"])
        except BaseException as raised:
            return json.dumps([("error", line_of(raised))]).encode("ascii")
        for arguments in inputs:
            try:
                answers.append(("value", plain(function(*arguments), room)))
            except BaseException as raised:
                answers.append(("error", line_of(raised)))
        try:
            return json.dumps(answers).encode("ascii")
        except ValueError as error:  # an integer of more digits than Python prints
            return json.dumps([("error", line_of(error))] * len(answers)).encode("ascii")

    def _define(self, command: dict[str, Any]) -> None:
        """Give this copy the data and the definitions that a question needs, if it says so."""
        if not command["define"]:
            return
        for name, answer in command["data"].items():
            ((kind, value),) = json.loads(answer)
            if kind != "value":
                raise ValueError(name)
            self._module.__dict__[name] = unplain(value)
        self._namespace.execute(command["define"], "<cell 1>", set(), every=False)

    def _send(self, message: dict[str, Any], load: bytes = b"") -> None:
        if os.getpid() != self._speaker:
            return  # a child that a cell forked does not answer for it
        with contextlib.suppress(Exception):
            sys.stdout.flush()
        write_frames(_STDOUT, self._head, message | {"ticket": self._ticket}, load)

    def _end_errors(self) -> None:
        with contextlib.suppress(Exception):
            sys.stderr.flush()
        write_frames(_STDERR, self._head, {"event": "flushed", "ticket": self._ticket})


def _end_child(raised: BaseException | None) -> None:
    """End a process that a cell forked and that came to the cell's end, as a script would."""
    status = 0 if raised is None else 1
    if isinstance(raised, SystemExit):
        status = raised.code if isinstance(raised.code, int) else int(raised.code is not None)
    elif raised:
        with contextlib.suppress(Exception):
            sys.stderr.write(describe(raised)["trace"])
    _flush()
    os._exit(status & 0xFF)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()


def _alarm(seconds: float) -> None:
    """Let the system kill this process after ``seconds``; 0 calls it off."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)


def main() -> None:
    """Take the input for commands, confine this process, and serve."""
    if os.getpid() == 1:
        _leave_reaper()
    else:
        _line_of_input()
    settings = json.loads(_line_of_input())
    commands = os.fdopen(os.dup(0), "r", encoding="utf-8")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    remark = confine(settings)
    quiet_matplotlib()
    sys.argv = ["cell"]
    CellWorker(settings["token"]).serve(commands, remark)


def _leave_reaper() -> None:
    """Go on in a child; the first process reads its settings first and becomes the reaper.

    So nothing of the reaper's was ever in the memory of a process that runs cells.
    """
    reader, writer = os.pipe()
    if os.fork():
        os.close(reader)
        close_to_debugging()
        settings = json.loads(_line_of_input())
        os.close(writer)
        reap(settings["token"])
    os.close(writer)
    os.read(reader, 1)  # until the reaper has read its line
    os.close(reader)


def _line_of_input() -> bytes:
    """A line of standard input, without a byte of the next."""
    line = bytearray()
    while not line.endswith(b"\n") and (byte := os.read(0, 1)):
        line += byte
    return bytes(line)
