"""Running ffmpeg: how it ended in words, and an end to one that hangs."""

from __future__ import annotations

import io
import logging
import shlex
import signal
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, cast

from pipeline.redaction import without_keys
from pipeline.video.programs import ffmpeg_path
from pipeline.video.safe_open import address, input_options

log = logging.getLogger(__name__)

STALL_S = 300.0  # seeking in a large file on a slow disk takes seconds
_TICK_S = 1.0  # between two looks at whether it got on
_SLOWEST_DISK = 1_000_000  # bytes a second
_TAIL_BYTES = 4_000  # of what it wrote to stderr: the last lines say why it ended


def command(path: Path, *arguments: str) -> list[str]:
    """ffmpeg with ``path`` as its only input, opened as ``safe_open`` says, then ``arguments``."""
    limits = [word for name, value in input_options().items() for word in (f"-{name}", value)]
    start = [ffmpeg_path(), "-nostdin", "-v", "error", "-y", *limits]
    return [*start, "-i", address(path), *arguments]


def run(words: Sequence[str], size: int = 0) -> str:
    """Run ffmpeg to its end.

    Args:
        words: the command.
        size: bytes of the file it works on; a large one may take longer than ``STALL_S``.

    Returns:
        "" when it succeeded, else why not, as one line.
    """
    timeout_s = STALL_S + size / _SLOWEST_DISK
    with Ffmpeg(words, timeout_s) as process:
        while process.read(1 << 16):
            pass
        return process.finish()


class Ffmpeg:
    """A running ffmpeg whose standard output is read. Use as a context manager: leaving ends it.

    Args:
        words: the command.
        stall_s: when a reader has waited so long in vain, the process is ended. Time in which this
            program itself is stopped (Ctrl-Z, a sleeping laptop) does not count.
    """

    def __init__(self, words: Sequence[str], stall_s: float = STALL_S) -> None:
        self._stall_s = stall_s
        log.debug("starts %s", shlex.join(words))
        self._process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=without_keys(),
        )
        self._tail = b""
        self._stalled = False
        self._waiting = False
        self._waited = 0.0
        self._done = threading.Event()
        self._threads = [
            threading.Thread(target=self._watch, daemon=True),
            threading.Thread(target=self._listen, daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Ffmpeg:
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for thread in self._threads:
            thread.join()
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes as they come; empty at the end."""
        self._waited, self._waiting = 0.0, True
        try:
            return _pipe(self._process.stdout).read1(size)
        finally:
            self._waiting = False

    def finish(self) -> str:
        """Wait for the end; "" when it succeeded, else why not, as one line."""
        while self.read(1 << 16):  # a full pipe would keep it from ending
            pass
        self._waited, self._waiting = 0.0, True
        status = self._process.wait()
        self._done.set()
        for thread in self._threads:
            thread.join()
        if self._stalled:
            return f"ffmpeg made no progress for {self._stall_s:g} s and was ended"
        if status < 0:
            return f"ffmpeg was ended by {signal.Signals(-status).name}"
        if status:
            lines = self._tail.decode("utf-8", "replace").strip().splitlines()
            return lines[-1][:300] if lines else f"ffmpeg ended with status {status}"
        return ""

    def _watch(self) -> None:
        """Count the seconds of waiting one by one: a stopped program counts at most one."""
        tick_s = min(_TICK_S, self._stall_s)
        while not self._done.wait(tick_s):
            if not self._waiting:
                continue
            self._waited += tick_s
            if self._waited >= self._stall_s:
                self._stalled = True
                self._process.kill()
                return

    def _listen(self) -> None:
        """Keep the end of what it complains of: a damaged file makes it write without end."""
        pipe = _pipe(self._process.stderr)
        while data := pipe.read1(1 << 16):
            self._tail = (self._tail + data)[-_TAIL_BYTES:]


def _pipe(pipe: IO[bytes] | None) -> io.BufferedReader:
    return cast(io.BufferedReader, pipe)
