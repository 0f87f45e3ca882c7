"""The program inside the sandbox: runs cells in one namespace and says what came of each.

Its interpreter has nothing of this project but this folder, so it imports the standard library
only. Commands come as lines of JSON on standard input. What a cell prints goes straight to standard
output and standard error; the driver's own messages go between them as frames, ``NUL token mark
JSON NUL``, each written at once and shorter than a pipe's atomic size, so that no thread of a cell
can print into the middle of one.

As the first process of a sandbox it splits in two: the warden, which only waits, and the worker,
which runs the cells. Before each cell the worker leaves an understudy behind, a copy of itself that
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
from .frames import head, write_frames
from .pictures import drawn, files, saved
from .values import describe, line_of, plain, repr_of
from .warden import watch_over

_STDOUT, _STDERR = 1, 2
_UNDERSTUDY_S = 0.01
_FUTURES = 0x1FE0000  # every flag that a `from __future__ import` sets in compiled code


class Driver:
    """Reads commands, runs them, answers with frames marked by ``token``."""

    def __init__(self, token: str) -> None:
        self._head = head(token)
        self._module = types.ModuleType("__main__")
        self._flags = 0
        self._attempts: list[tuple[str, str]] = []
        self._watching = False
        self._understudy = 0
        sys.modules["__main__"] = self._module

    def serve(self, commands: Any) -> None:
        """Answer each command until the input ends."""
        sys.addaudithook(self._watch)
        self._send({"event": "ready", "worker": os.getpid()})
        for line in commands:
            command = json.loads(line)
            if command["worker"] != os.getpid():
                continue  # it was meant for the worker that this one succeeded
            if "call" in command:
                self._call_apart(command)
            elif "back" in command:
                os._exit(0)
            elif not (command["understudy"] and self._leave_understudy()):
                self._send({"event": "begun"})
                self._run(command)
            self._end_errors()

    def _leave_understudy(self) -> bool:
        """Fork a copy that waits for this process to die; true in that copy when it has.

        The copy is the child, so that the threads of earlier cells live on in the original. The
        copy left before the last cell goes.
        """
        if self._understudy:
            with contextlib.suppress(OSError):
                os.kill(self._understudy, signal.SIGKILL)
                os.waitpid(self._understudy, 0)
        worker = os.getpid()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about forking with threads: see above
            self._understudy = os.fork()
        if self._understudy:
            return False
        while os.getppid() == worker:
            time.sleep(_UNDERSTUDY_S)
        with contextlib.suppress(OSError):
            os.kill(-1, signal.SIGKILL)  # what the worker started; not this process or the warden
        self._send({"event": "resumed", "worker": os.getpid()})
        return True

    def _watch(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Note what the sandbox is going to refuse, so that the refusal can be explained."""
        kind = WATCHED.get(event)
        if kind and self._watching and len(self._attempts) < 50:
            self._attempts.append((kind, attempt(event, arguments)))

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
        error, result = None, None
        _alarm(command["seconds"])
        try:
            result = self._execute(source, name, set(command["marks"]), command["every"])
        except BaseException as raised:
            error = describe(raised)
        _alarm(0)
        self._watching = False
        elapsed = time.monotonic() - started
        pictures = drawn() + saved(before)
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        self._send(
            {
                "event": "done",
                "error": error,
                "result": result,
                "seconds": elapsed,
                "pictures": pictures,
                "attempts": self._attempts,
                "names": self._names(),
            }
        )

    def _execute(self, source: str, name: str, marks: set[int], every: bool) -> str | None:
        tree = ast.parse(source, name)
        shown: str | None = None
        pending: list[ast.stmt] = []
        for index, node in enumerate(tree.body):
            is_last = index == len(tree.body) - 1
            shows = isinstance(node, ast.Expr) and (is_last or every)
            if not (shows or index in marks):
                pending.append(node)
                continue
            self._exec(pending, name)
            pending = []
            if index in marks:
                self._send({"event": "begin", "statement": index})
            value = self._exec_one(node, name)
            if shows:
                shown = _show(value)
            if index in marks:
                text = None if value is None else repr_of(value)
                self._send({"event": "end", "statement": index, "value": text})
        self._exec(pending, name)
        return shown

    def _exec(self, nodes: list[ast.stmt], name: str) -> None:
        if nodes:
            module = ast.Module(body=nodes, type_ignores=[])
            exec(self._compile(module, name, "exec"), self._module.__dict__)

    def _exec_one(self, node: ast.stmt, name: str) -> Any:
        if not isinstance(node, ast.Expr):
            self._exec([node], name)
            return None
        expression = ast.Expression(body=node.value)
        return eval(self._compile(expression, name, "eval"), self._module.__dict__)

    def _compile(self, tree: Any, name: str, mode: str) -> types.CodeType:
        """Compile; a ``from __future__ import`` holds for the later cells too."""
        code: types.CodeType = compile(tree, name, mode, self._flags, dont_inherit=True)
        self._flags |= code.co_flags & _FUTURES
        return code

    def _names(self) -> dict[str, str]:
        """The public names of the namespace, each with the name of its type."""
        names = {}
        for name, value in list(self._module.__dict__.items()):
            if isinstance(name, str) and not name.startswith("_"):
                names[name] = type(value).__name__
        return names

    def _call_apart(self, command: dict[str, Any]) -> None:
        """Call a function of the chapter in a copy of this process, which leaves no trace in it."""
        if not hasattr(os, "fork"):
            self._send(self._call(command))
            return
        import inspect  # noqa: F401 - most calls need it; here it is loaded once, not in each copy

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            child = os.fork()
        if child == 0:
            _alarm(command["seconds"])
            try:
                self._send(self._call(command))
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        self._send({"event": "called"})

    def _call(self, command: dict[str, Any]) -> dict[str, Any]:
        results: list[tuple[str, Any]] = []
        try:
            function = eval(command["call"], self._module.__dict__)
        except BaseException as raised:
            return {"event": "answer", "results": repr([("error", line_of(raised))])}
        for arguments in ast.literal_eval(command["inputs"]):
            try:
                results.append(("value", plain(function(*arguments))))
            except BaseException as raised:
                results.append(("error", line_of(raised)))
        return {"event": "answer", "results": repr(results)}

    def _send(self, message: dict[str, Any]) -> None:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
        write_frames(_STDOUT, self._head, message)

    def _end_errors(self) -> None:
        with contextlib.suppress(Exception):
            sys.stderr.flush()
        write_frames(_STDERR, self._head, {"event": "flushed"})


def _alarm(seconds: float) -> None:
    """Let the system kill this process after ``seconds``; 0 calls it off."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _show(value: object) -> str | None:
    """Print a value as the interactive interpreter does; None is not shown."""
    if value is None:
        return None
    text = repr(value)
    sys.stdout.write(text + "\n")
    return text[:100_000]


def main() -> None:
    """Take the input for commands, confine this process, and serve."""
    settings = json.loads(sys.argv[-1])
    if os.getpid() == 1 and os.fork():
        watch_over(settings["token"])
    commands = os.fdopen(os.dup(0), "r", encoding="utf-8")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    confine(settings)
    warnings.filterwarnings("ignore", message=".*non-interactive.*")
    sys.argv = ["cell"]
    Driver(settings["token"]).serve(commands)
