"""The program inside the sandbox: runs cells in one namespace and says what came of each.

It is started as a script by an interpreter that has nothing of this project, so it imports the
standard library only. Commands come as lines of JSON on standard input. What a cell prints goes
straight to standard output and standard error; the driver's own messages go between them as frames,
``NUL token mark JSON NUL``, each written at once and shorter than a pipe's atomic size, so that no
thread of a cell can print into the middle of one.

As the first process of a sandbox it splits in two: the warden, which only waits, and the worker,
which runs the cells. Before each cell the worker leaves an understudy behind, a copy of itself that
takes over when the cell kills the worker, and can be gone back to when the cell is to be replaced.

Nothing here is a barrier against hostile code (that is the sandbox); it only keeps honest records.
"""

from __future__ import annotations

import ast
import base64
import contextlib
import json
import linecache
import os
import signal
import sys
import time
import traceback
import types
import warnings
from typing import Any

_FRAME_BYTES = 3000
_STDOUT, _STDERR = 1, 2
_PR_SET_DUMPABLE = 4
_UNDERSTUDY_S = 0.01
_EXITS = 1000
_PICTURES = 20
_PICTURE_BYTES = 4_000_000
_FUTURES = 0x1FE0000  # every flag that a `from __future__ import` sets in compiled code
_WATCHED = {
    "socket.connect": "network",
    "socket.getaddrinfo": "network",
    "socket.gethostbyname": "network",
    "socket.sendto": "network",
    "subprocess.Popen": "program",
    "os.system": "shell",
    "os.exec": "program",
    "os.posix_spawn": "program",
    "os.fork": "process",
    "os.forkpty": "process",
    "os.kill": "signal",
    "os.killpg": "signal",
    "ctypes.dlopen": "library",
}


class Driver:
    """Reads commands, runs them, answers with frames marked by ``token``."""

    def __init__(self, token: str) -> None:
        self._head = _head(token)
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
        kind = _WATCHED.get(event)
        if kind and self._watching and len(self._attempts) < 50:
            self._attempts.append((kind, _attempt(event, arguments)))

    def _run(self, command: dict[str, Any]) -> None:
        """Run one cell: ``source``, its ``name`` in tracebacks, and which statements to mark.

        ``marks`` are the indexes of top-level statements that claim an output; ``every`` shows the
        value of each expression, as the interactive interpreter does, not only the last one's.
        """
        name, source = command["name"], command["source"]
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        self._attempts.clear()
        before = _files()
        started = time.monotonic()
        self._watching = True
        error, result = None, None
        _alarm(command["seconds"])
        try:
            result = self._execute(source, name, set(command["marks"]), command["every"])
        except BaseException as raised:
            error = _describe(raised)
        _alarm(0)
        self._watching = False
        elapsed = time.monotonic() - started
        pictures = _drawn() + _saved(before)
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
                text = None if value is None else _repr(value)
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
            return {"event": "answer", "results": repr([("error", _line(raised))])}
        for arguments in ast.literal_eval(command["inputs"]):
            try:
                results.append(("value", _plain(function(*arguments))))
            except BaseException as raised:
                results.append(("error", _line(raised)))
        return {"event": "answer", "results": repr(results)}

    def _send(self, message: dict[str, Any]) -> None:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
        _write_frames(_STDOUT, self._head, message)

    def _end_errors(self) -> None:
        with contextlib.suppress(Exception):
            sys.stderr.flush()
        _write_frames(_STDERR, self._head, {"event": "flushed"})


def _write_frames(target: int, head: bytes, message: dict[str, Any]) -> None:
    text = json.dumps(message).encode("ascii")
    pieces = [text[i : i + _FRAME_BYTES] for i in range(0, len(text), _FRAME_BYTES)]
    with contextlib.suppress(OSError):
        for index, piece in enumerate(pieces):
            mark = b"." if index == len(pieces) - 1 else b"+"
            os.write(target, head + mark + piece + b"\x00")


def _head(token: str) -> bytes:
    return b"\x00" + token.encode("ascii")


def _alarm(seconds: float) -> None:
    """Let the system kill this process after ``seconds``; 0 calls it off."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _attempt(event: str, arguments: tuple[Any, ...]) -> str:
    """What was tried, in words: ``connect to example.org:443``, ``start ls``."""
    if event == "socket.connect" or event == "socket.sendto":
        address = arguments[1] if len(arguments) > 1 else ""
        if isinstance(address, tuple) and len(address) >= 2:
            return f"connect to {address[0]}:{address[1]}"
        return f"connect to {address}"
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        return f"look up {arguments[0]}"
    if event in ("os.kill", "os.killpg"):
        return f"send signal {arguments[1]} to process {arguments[0]}"
    if event in ("os.fork", "os.forkpty"):
        return "start a process"
    what = arguments[0] if arguments else ""
    if isinstance(what, (bytes, os.PathLike)):
        what = os.fsdecode(what)
    return f"load {what}" if event == "ctypes.dlopen" else f"start {what}"


def _describe(raised: BaseException) -> dict[str, Any]:
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
    return {"line": _line(raised), "trace": text[-20_000:], "chain": chain}


def _name_of(value: object) -> str | None:
    if isinstance(value, (str, bytes)):
        return os.fsdecode(value)
    return None


def _line(raised: BaseException) -> str:
    return traceback.format_exception_only(type(raised), raised)[-1].strip()[:2000]


def _repr(value: object) -> str:
    return repr(value)[:100_000]


def _show(value: object) -> str | None:
    """Print a value as the interactive interpreter does; None is not shown."""
    if value is None:
        return None
    text = repr(value)
    sys.stdout.write(text + "\n")
    return text[:100_000]


def _plain(value: object, depth: int = 0) -> Any:
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
        return {_plain(k, depth + 1): _plain(v, depth + 1) for k, v in value.items()}
    if isinstance(value, tuple):
        return tuple(_plain(item, depth + 1) for item in value)
    if isinstance(value, (set, frozenset)):
        return {_plain(item, depth + 1) for item in value}
    if hasattr(value, "__iter__"):
        return [_plain(item, depth + 1) for _, item in zip(range(10_000_000), value, strict=False)]
    return f"<{type(value).__name__}>"


def _drawn() -> list[dict[str, str]]:
    """The figures that matplotlib holds open, as PNG; they are closed, as a notebook does."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return []
    import io

    pictures = []
    with contextlib.suppress(Exception):
        for number in pyplot.get_fignums()[:_PICTURES]:
            buffer = io.BytesIO()
            # No software name and no date: the same figure must give the same bytes.
            pyplot.figure(number).savefig(buffer, format="png", metadata={"Software": None})
            pictures.append(_picture("png", buffer.getvalue()))
        pyplot.close("all")
    return pictures


def _files() -> dict[str, int]:
    """The pictures in the working folder, each with its time of change."""
    found: dict[str, int] = {}
    with contextlib.suppress(OSError), os.scandir(".") as entries:
        for entry in entries:
            # A link is not followed: a picture is a file that the cell wrote here.
            if entry.name.lower().endswith((".png", ".jpg", ".jpeg")) and entry.is_file(
                follow_symlinks=False
            ):
                found[entry.name] = entry.stat(follow_symlinks=False).st_mtime_ns
    return found


def _saved(before: dict[str, int]) -> list[dict[str, str]]:
    """The pictures that appeared or changed in the working folder."""
    pictures = []
    for name, changed in sorted(_files().items())[:_PICTURES]:
        if before.get(name) != changed:
            with contextlib.suppress(OSError):
                handle = os.open(name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
                with os.fdopen(handle, "rb") as file:
                    data = file.read(_PICTURE_BYTES + 1)
                kind = "png" if name.lower().endswith("png") else "jpg"
                pictures.append(_picture(kind, data))
    return pictures


def _picture(kind: str, data: bytes) -> dict[str, str]:
    kept = data if len(data) <= _PICTURE_BYTES else b""
    return {"kind": kind, "data": base64.b64encode(kept).decode("ascii")}


def _confine(settings: dict[str, Any]) -> None:
    """Give up the rights and resources that cells are not to have."""
    if settings["user"] is not None:
        os.setgroups([])
        os.setresgid(settings["user"], settings["user"], settings["user"])
        os.setresuid(settings["user"], settings["user"], settings["user"])
    if settings["limits"]:
        import resource

        for name, value in settings["limits"].items():
            number = getattr(resource, name)
            _, hard = resource.getrlimit(number)
            if hard != resource.RLIM_INFINITY:
                value = min(value, hard)
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(number, (value, value))
    os.chdir(settings["folder"])
    sys.path[:0] = [settings["folder"], *settings["paths"]]


def _watch_over(token: str) -> None:
    """Be the warden: tell of every process that ends, until none is left.

    As the first process of its namespace it cannot be killed from within; closed to debugging, it
    cannot be taken over either. When it ends, so does every process of the sandbox.
    """
    import ctypes

    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0)
    for stream in (0, _STDERR):
        os.close(stream)
    told = 0
    while True:
        try:
            process, status = os.wait()
        except ChildProcessError:
            os._exit(0)
        if told < _EXITS:
            told += 1
            code = os.waitstatus_to_exitcode(status)
            _write_frames(
                _STDOUT, _head(token), {"event": "exit", "process": process, "code": code}
            )


def main() -> None:
    """Take the input for commands, confine this process, and serve."""
    settings = json.loads(sys.argv[1])
    if os.getpid() == 1 and os.fork():
        _watch_over(settings["token"])
    commands = os.fdopen(os.dup(0), "r", encoding="utf-8")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    _confine(settings)
    warnings.filterwarnings("ignore", message=".*non-interactive.*")
    sys.argv = ["cell"]
    Driver(settings["token"]).serve(commands)


if __name__ == "__main__":
    main()
