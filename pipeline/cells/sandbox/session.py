"""One worker in its sandbox, spoken to from outside: send a cell, get what came of it.

Everything that comes back was in the hands of hostile code: it is parsed as data, checked against a
schema, and bounded in size, items and time. What can be large, the answers of functions, is not
read in this process (``pipeline.cells.judge``).
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import secrets
import select
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import IO, Any

from pydantic import ValidationError

from pipeline.cells.sandbox.launch import CellLimits, Launch, Sandbox, SandboxContents
from pipeline.cells.sandbox.memory import held_bytes
from pipeline.cells.sandbox.message_stream import FrameSplitter
from pipeline.cells.sandbox.outcome import CellOutcome, End
from pipeline.cells.sandbox.output_buffer import ALARM, OutputBuffer, Stream
from pipeline.errors import SandboxError

_START_S = 30.0  # a sandbox starts within a second or two, a container from a slow disk in ten
_GRACE_S = 2.0  # for the worker to end a cell by itself and tell of it, before it is killed
_LOOK_S = 0.2  # at the memory: in this time a cell can take a gigabyte more, not ten
_WRITE_S = 10.0  # for a worker that reads at once if it lives
_ATOMIC = 512  # bytes that a pipe which can be written to takes at once (POSIX's PIPE_BUF)
# What is heard when a worker died and its standby has taken over.
_SUCCEEDED = frozenset({"exit", "resumed", "flushed"})
_BLOCK = 1 << 16
_MESSAGE_BYTES = 12 << 20
_MESSAGES_BYTES = 96 << 20  # of all messages of one command


class SandboxSession:
    """A running worker.

    After an outcome with an end it may still be alive: then it is as it was before that cell.

    Raises:
        SandboxError: the worker does not start.
    """

    def __init__(self, sandbox: Sandbox, contents: SandboxContents, limits: CellLimits) -> None:
        self._limits = limits
        prefix = secrets.token_hex(8)
        self._worker_key, self._reaper = secrets.token_hex(16), secrets.token_hex(16)
        self._ticket = self._earlier = ""
        self._launch = sandbox.launch(contents, limits)
        self._process = _start(self._launch)
        self._took_too_much = False
        self._chunks: queue.Queue[tuple[Stream, bytes]] = queue.Queue(maxsize=64)
        keys = (self._worker_key, self._reaper)
        self._splitters = {
            "stdout": FrameSplitter(prefix, keys, _MESSAGE_BYTES),
            "stderr": FrameSplitter(prefix, keys, _MESSAGE_BYTES),
        }
        self._open = 2
        self._worker = 0
        self._closed = threading.Event()
        assert self._process.stdout and self._process.stderr
        for name, stream in (("stdout", self._process.stdout), ("stderr", self._process.stderr)):
            threading.Thread(target=self._read, args=(name, stream), daemon=True).start()
        threading.Thread(target=self._watch_memory, daemon=True).start()
        self._write({"token": prefix + self._reaper})
        self._write(self._launch.settings(prefix + self._worker_key))
        started = self._collect({"ready"}, _START_S)
        self.remark = self._launch.remark or started.remark
        if started.end or not self._worker:
            self.close()
            why = started.stderr.strip()[-500:] or started.end
            raise SandboxError(
                f"the sandbox for cells did not start: {why}",
                "run doctor to see which sandbox there is",
            )

    @property
    def alive(self) -> bool:
        """Whether another cell can be run."""
        return self._process.poll() is None

    def run(
        self, source: str, name: str, marks: tuple[int, ...] = (), every: bool = False
    ) -> CellOutcome:
        """Run one cell and wait for its end, its time limit, or its death.

        Args:
            source: Python that parses.
            name: the file name in tracebacks, ``<cell 3>``.
            marks: indexes of the top-level statements whose own output is wanted.
            every: show the value of every expression, not only of the last one.
        """
        seconds = self._limits.seconds
        command = {"source": source, "name": name, "marks": list(marks), "every": every}
        self._send_cell(command, seconds, self._launch.standby)
        outcome = self._collect({"done", "flushed"}, seconds + _GRACE_S, marks)
        self._earlier = self._ticket  # the standby that this cell left knows no other
        if outcome.end is None and not self._would_run_another():
            outcome = replace(outcome, done=None, end="broken")
        return outcome

    def _send_cell(self, command: dict[str, Any], seconds: float, standby: bool) -> None:
        more = {"seconds": seconds, "standby": standby, "worker": self._worker}
        self._send(command | more)

    def _would_run_another(self) -> bool:
        """Whether a cell that does nothing runs now.

        If not, the last cell broke what runs them (replaced its methods, or functions of the
        standard library that it calls), and the session is over, or as it was before that cell:
        the next one, which would fail, is not to blame.
        """
        nothing = {"source": "", "name": "<cell>", "marks": [], "every": False}
        self._send_cell(nothing, _START_S, standby=False)
        found = self._collect({"done", "flushed"}, _START_S + _GRACE_S)
        works = found.done is not None and found.done.error is None
        if found.end is None and not works:
            self.back()
        return works

    def back(self) -> bool:
        """Return to before the last cell; false when that cannot be done (the session is over)."""
        if not (self._launch.standby and self.alive):
            return False
        self._send({"back": True, "worker": self._worker})
        self._collect(set(_SUCCEEDED), _GRACE_S)
        return self.alive

    def call(
        self,
        function: str,
        inputs: str,
        seconds: float,
        define: str = "",
        data: Mapping[str, str] | None = None,
    ) -> bytes | None:
        """Call a function of the chapter on each input, in a copy of the process.

        Args:
            function: an expression that gives the function.
            inputs: the arguments of each call, the literal of a list of tuples.
            seconds: time for all calls together.
            define: what the copy runs first.
            data: globals that it is given before that, each as ``call`` answers.

        Returns:
            What it gave for each input, unread (``answers.read_answer``); empty when ``define``
            fails; None when it took too long or died.
        """
        self._send(
            {
                "call": function,
                "inputs": inputs,
                "seconds": seconds,
                "define": define,
                "data": dict(data or {}),
                "worker": self._worker,
            }
        )
        return self._collect({"called", "flushed"}, seconds + _GRACE_S).answer

    def close(self) -> None:
        """End the worker and all that it started. May be called twice."""
        self._closed.set()
        if self._launch.stop:
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                subprocess.run(self._launch.stop, capture_output=True, timeout=30, check=False)
        self._kill()
        self._process.wait()
        # A reader may wait for room in the queue: empty it until both have seen the end.
        while self._open:
            with contextlib.suppress(queue.Empty):
                _, data = self._chunks.get(timeout=1.0)
                self._open -= not data
                continue
            break
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()
        if self._launch.scratch:
            shutil.rmtree(self._launch.scratch, ignore_errors=True)

    def _kill(self) -> None:
        with contextlib.suppress(OSError):
            if os.name == "posix":
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    def _watch_memory(self) -> None:
        """End the session when its processes hold too much, between two commands as well: a cell
        can leave some running."""
        while not self._closed.wait(_LOOK_S) and self.alive:
            # Before it has started, its folders are still those of this machine.
            folders = self._launch.memory_folders if self._worker else ()
            held = held_bytes(self._process.pid, folders)
            if held > self._limits.memory_of_all and not self._closed.is_set():
                self._took_too_much = True
                self._kill()
                return

    def _read(self, name: Stream, stream: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError):
            while data := os.read(stream.fileno(), _BLOCK):
                self._chunks.put((name, data))
        self._chunks.put((name, b""))

    def _send(self, command: dict[str, Any]) -> None:
        self._ticket = secrets.token_hex(16)
        self._write(command | {"ticket": self._ticket})

    def _write(self, line: dict[str, Any]) -> None:
        """Send a line; a worker that does not take it within its time is ended."""
        assert self._process.stdin
        target, data = self._process.stdin.fileno(), json.dumps(line).encode("ascii") + b"\n"
        deadline = time.monotonic() + _WRITE_S
        with contextlib.suppress(OSError, ValueError):
            while data:
                if os.name == "posix":
                    left = deadline - time.monotonic()
                    if left < 0 or not select.select([], [target], [], left)[1]:
                        self._process.kill()
                        return
                data = data[os.write(target, data[:_ATOMIC]) :]

    def _collect(
        self, wanted: set[str], seconds: float, marks: tuple[int, ...] = ()
    ) -> CellOutcome:
        """Read both streams until the frames ``wanted`` came, the worker died, or time is up."""
        deadline = time.monotonic() + seconds
        collected = OutputBuffer(
            self._limits.output_bytes,
            self._worker,
            self._reaper,
            self._ticket,
            self._earlier,
            marks,
        )
        bytes_left = 2 * self._limits.output_bytes + _MESSAGES_BYTES
        while not (wanted <= collected.events or collected.events >= _SUCCEEDED):
            now = time.monotonic()
            if now > deadline:
                return self._ended(collected, "timeout")
            try:
                name, data = self._chunks.get(timeout=deadline - now)
            except queue.Empty:
                continue
            bytes_left -= len(data)
            if not data:
                self._open -= 1
                if self._open == 0:
                    return self._ended(collected, "died")
                continue
            try:
                for piece in self._splitters[name].feed(data):
                    if isinstance(piece, bytes):
                        collected.add(name, piece)
                    else:
                        collected.take(piece)
            except (ValidationError, ValueError, KeyError, TypeError, OverflowError):
                return self._ended(collected, "garbled")
            if collected.too_much or bytes_left < 0:
                return self._ended(collected, "flood")
        self._worker = collected.worker
        if not (wanted <= collected.events or "begun" in collected.events):
            # It died between two cells: its standby does not know what the last one did.
            self.close()
        return collected.outcome()

    def _ended(self, collected: OutputBuffer, end: End) -> CellOutcome:
        """The outcome of a cell that ended the session."""
        code = None
        if end == "died":
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = self._process.wait(timeout=_GRACE_S)
            if self._took_too_much:
                end, code = "memory", None
            elif code == -ALARM:
                end = "timeout"
        self.close()
        collected.end(end, code)
        return collected.outcome()


def _start(launch: Launch) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            launch.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=launch.environment,
            start_new_session=True,
            pass_fds=launch.handles,
        )
    except OSError as error:
        raise SandboxError(
            f"the sandbox for cells did not start: {launch.command[0]}: {error.strerror}",
            "run doctor to see which sandbox there is",
        ) from error
