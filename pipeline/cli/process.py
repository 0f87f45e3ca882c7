"""How the program behaves as a process: what signals do to it, and where its words go.

SIGTERM (a service manager, ``kill``) and SIGHUP (a closed terminal) end a run as Ctrl-C does:
children are ended, temporary files removed, exit status 130. Words that nobody can read any more
(``2>&1 | head``, a log on a full disk) are no reason to lose hours of work.
"""

from __future__ import annotations

import atexit
import contextlib
import io
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

from pipeline.engine.memory import share_one_heap

INTERRUPTED = 130  # 128 + SIGINT, as shells have it
GO_ON = "interrupted: run the same command again to go on"
# A computation that hears no Ctrl-C is ended when the process has used so much processor time since
# then: a second and a half of two cores. Not a time of the clock: on a busy machine, whoever cleans
# up needs longer. Whatever else keeps a process from ending has until the longest wait.
_COMPUTING_S = 3.0
_LONGEST_WAIT_S = 30.0
_LOOK_S = 0.05  # no user notices so much
_ENDING = ("SIGTERM", "SIGHUP")
_KILL_AFTER_S = 10.0  # as long as docker stop waits; systemd waits 90 s
_interrupted = False


def set_up() -> None:
    """Set this process up: its signals, standard streams and heap. For the main thread, once."""
    share_one_heap()
    _open_missing_streams()
    for number in _heeded(*_ENDING):
        signal.signal(number, _as_ctrl_c)
    atexit.register(_last)  # registered first, called last


def end_with_input() -> None:
    """Watch standard input, and end this process when it ends: whoever started it has died.

    It ends as by SIGTERM; if that takes too long, with all that it started in its process group.
    """

    def watch() -> None:
        with contextlib.suppress(OSError):
            while os.read(0, 1024):
                pass
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(_KILL_AFTER_S)
        if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
            os.killpg(os.getpid(), signal.SIGKILL)
        os._exit(INTERRUPTED)

    threading.Thread(target=watch, name="end with input", daemon=True).start()


def end_soon_when_interrupted(computing_s: float = _COMPUTING_S) -> None:
    """From now on no computation in a library keeps this process from ending after Ctrl-C.

    One that reads a picture or recognises a window of speech hears no signal until it is done. What
    is on disk is whole at any moment. To be called in the main thread.

    Args:
        computing_s: processor seconds, of all threads, that the process may use after Ctrl-C.
    """
    read, write = os.pipe()
    os.set_blocking(write, False)
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)

    def watch() -> None:
        while signal.SIGINT not in os.read(read, 1):
            pass
        began_s, used_s = time.monotonic(), time.process_time()
        while (
            time.process_time() - used_s < computing_s
            and time.monotonic() - began_s < _LONGEST_WAIT_S
        ):
            time.sleep(_LOOK_S)
        with contextlib.suppress(OSError):
            cursor = "\x1b[?25h" if sys.stderr.isatty() else ""  # a bar may have hidden it
            sys.stderr.write(cursor if _interrupted else f"{cursor}{GO_ON}\n")
            sys.stderr.flush()
        os._exit(INTERRUPTED)

    threading.Thread(target=watch, name="end soon", daemon=True).start()


def leave_interrupted() -> None:
    """End with the status of an interrupted program. From now on one more signal ends the process
    at once: it is on its way out anyway."""
    global _interrupted
    _interrupted = True
    _on_all(_at_once)


def _last() -> None:
    """When all is done but the interpreter's own end, no signal changes the exit status.

    An interrupted process ends here. Else the interpreter would kill itself with SIGINT where it
    noted a KeyboardInterrupt as unhandled, as it does in every ``exec`` of a text (dataclasses and
    named tuples are made so), even when it was handled further up.
    """
    _on_all(signal.SIG_IGN)
    if _interrupted:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError):
                stream.flush()
        os._exit(INTERRUPTED)


def _on_all(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for number in _heeded("SIGINT", *_ENDING):
        signal.signal(number, handler)


def _heeded(*names: str) -> list[signal.Signals]:
    """Those signals that this system has and this process was not started to ignore (by nohup,
    or in the background of a script)."""
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    return [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]


def discard_output(number: int) -> None:
    """Let all further output on this file descriptor go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)


class LastingStream(io.TextIOWrapper):
    """A text stream that drops what cannot be written, because its reader has gone, say."""

    def write(self, text: str, /) -> int:
        """Write, or drop."""
        with contextlib.suppress(OSError):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        """Pass on what is waiting, or drop it."""
        with contextlib.suppress(OSError):
            super().flush()


def _as_ctrl_c(number: int, frame: FrameType | None) -> None:
    handler = signal.getsignal(signal.SIGINT)
    if callable(handler):
        handler(signal.SIGINT, frame)  # also where an event loop has taken Ctrl-C over
    else:
        raise KeyboardInterrupt


def _at_once(number: int, frame: FrameType | None) -> None:
    os._exit(INTERRUPTED)


def _open_missing_streams() -> None:
    """Give closed standard streams a descriptor, so that no artifact is opened as one of them."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest free number is this one
    # The interpreter has None for a stream that was closed when it started.
    if sys.stdout is None:
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    binary = sys.stderr.buffer if sys.stderr else os.fdopen(2, "wb", closefd=False)
    sys.stderr = LastingStream(
        binary, encoding="utf-8", errors="backslashreplace", line_buffering=True
    )
