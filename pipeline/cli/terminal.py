"""What a user sees while the stages run: a bar on a terminal, lines elsewhere, JSON for programs.

All of it goes to stderr; stdout is for results.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, TextIO

from pipeline.program import program_name
from pipeline.redaction import redact
from pipeline.timecode import spoken_length

log = logging.getLogger(__name__)

# Between two plain lines about the same work: often enough to see life, rare enough for a log.
PLAIN_INTERVAL_S = 10.0
_JSON_INTERVAL_S = 0.2  # for a bar drawn by another program: it moves five times a second
# A stage that says nothing for so long is said to be at work: as often as its lines would come, and
# then once a minute, since a log of hours is read by people.
_FIRST_SIGN_S = 10.0
_LATER_SIGN_S = 60.0

Style = Literal["auto", "rich", "plain", "json", "quiet", "log"]


def announce(address: str) -> None:
    """Say where the server listens; with its token only where nobody keeps what is said."""
    shown = address if sys.stderr.isatty() else redact(address)
    sys.stderr.write(f"the chapters are at {shown} (Ctrl-C stops the server)\n")
    sys.stderr.flush()


def tell_how_to_open(page: Path) -> None:
    """Tell a user at a terminal how to open the page; nobody else."""
    if sys.stderr.isatty():
        sys.stderr.write(f"read it: {page.as_uri()}\n")
        sys.stderr.write(f"with all chapters, search and videos: {program_name()} serve\n")
        sys.stderr.flush()


def seconds_text(seconds: float) -> str:
    """A duration as people read it: ``0.4 s``, ``12 s``, ``3 min 23 s``."""
    return f"{seconds:.1f} s" if seconds < 10 else spoken_length(round(seconds * 1000))


class QuietReporter:
    """Only warnings."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._mutex = threading.Lock()

    def line(self, text: str) -> None:
        """One line, whole, whichever thread it comes from."""
        with self._mutex:
            self._stream.write(redact(text) + "\n")
            self._stream.flush()

    def close(self) -> None:
        """Leave the terminal as it was; needed when a stage was not ended."""

    def update(self, done: float, total: float | None, unit: str) -> None:
        """Nothing."""

    def note(self, text: str) -> None:
        """Nothing."""

    def warn(self, text: str) -> None:
        """The warning."""
        self.line(f"warning: {text}")

    def stage_begins(self, name: str, why: str) -> None:
        """Nothing."""

    def stage_ends(self, name: str, seconds: float) -> None:
        """Nothing."""

    def stage_fresh(self, name: str) -> None:
        """Nothing."""


class PlainReporter(QuietReporter):
    """A line for each event, and one now and then for long work."""

    def __init__(self, stream: TextIO, first_sign_s: float = _FIRST_SIGN_S) -> None:
        super().__init__(stream)
        self._stage = ""
        self._pace = Eta(PLAIN_INTERVAL_S)
        self._first_sign_s = first_sign_s
        self._signs: _Signs | None = None
        self._latest = ""

    def line(self, text: str) -> None:
        """One line; a sign of life is not due for a while."""
        super().line(text)
        if self._signs:
            self._signs.put_off()

    def close(self) -> None:
        """Give no sign of life any more."""
        if self._signs:
            self._signs.stop()
            self._signs = None

    def update(self, done: float, total: float | None, unit: str) -> None:
        """How far, and how long it will take, at most every ten seconds."""
        share = f" of {total:.0f}" if total else ""
        self._latest = f"{done:.0f}{share} {unit}, "
        if self._pace.is_due(done, total, unit):
            left = self._pace.left_s(done, total)
            rest = f", about {seconds_text(left)} left" if left is not None else ""
            speed = speed_text(self._pace.per_s(done), unit)
            self.line(f"{self._stage}: {done:.0f}{share} {unit}{speed}{rest}")

    def note(self, text: str) -> None:
        """The note."""
        self.line(f"{self._stage}: {text}" if self._stage else text)

    def stage_begins(self, name: str, why: str) -> None:
        """The stage and why it runs."""
        self._stage, self._latest = name, ""
        self._pace = Eta(PLAIN_INTERVAL_S)
        self.line(f"{name}: starts ({why})")
        self.close()
        self._signs = _Signs(
            self._first_sign_s,
            lambda seconds: self.line(f"{name}: {self._latest}at work for {seconds_text(seconds)}"),
        )

    def stage_ends(self, name: str, seconds: float) -> None:
        """The stage and its time."""
        self.close()
        self.line(f"{name}: done in {seconds_text(seconds)}")

    def stage_fresh(self, name: str) -> None:
        """That nothing is to do."""
        self.line(f"{name}: up to date")


class _Signs:
    """Tells from time to time that a stage is at work, when nothing else is told.

    Args:
        first_s: silence before the first sign; before later ones it is six times as long.
        tell: given the seconds since the stage began.
    """

    def __init__(self, first_s: float, tell: Callable[[float], None]) -> None:
        self._wait_s = first_s
        self._tell = tell
        self._began_s = self._last_s = time.monotonic()
        self._ended = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def put_off(self) -> None:
        """Something was printed: the silence starts over."""
        self._last_s = time.monotonic()

    def stop(self) -> None:
        """No further sign."""
        self._ended.set()

    def _watch(self) -> None:
        rarer = _LATER_SIGN_S / _FIRST_SIGN_S
        while not self._ended.wait(max(0.0, self._last_s + self._wait_s - time.monotonic())):
            now = time.monotonic()
            if now - self._last_s >= self._wait_s:
                self._tell(now - self._began_s)
                self._last_s = now
                self._wait_s, rarer = self._wait_s * rarer, 1.0


class LogReporter(PlainReporter):
    """The same lines with their times, among those of the log."""

    def line(self, text: str) -> None:
        """One line of the log."""
        log.info("%s", text)
        if self._signs:
            self._signs.put_off()

    def warn(self, text: str) -> None:
        """A warning of the log."""
        log.warning("%s", text)


class JsonReporter(QuietReporter):
    """One JSON object a line, for a program that watches."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._stage = ""
        self._pace = Eta(_JSON_INTERVAL_S)

    def _event(self, **fields: Any) -> None:
        self.line(json.dumps({"stage": self._stage, **fields}, ensure_ascii=False))

    def update(self, done: float, total: float | None, unit: str) -> None:
        """``{"stage", "done", "total", "unit", "left_s", "per_s"}``."""
        if self._pace.is_due(done, total, unit):
            left, per_s = self._pace.left_s(done, total), self._pace.per_s(done)
            self._event(done=done, total=total, unit=unit, left_s=left, per_s=per_s)

    def note(self, text: str) -> None:
        """``{"stage", "note"}``."""
        self._event(note=text)

    def warn(self, text: str) -> None:
        """``{"stage", "warn"}``."""
        self._event(warn=text)

    def stage_begins(self, name: str, why: str) -> None:
        """``{"stage", "begins"}``: the reason in words."""
        self._stage = name
        self._pace = Eta(_JSON_INTERVAL_S)
        self._event(begins=why)

    def stage_ends(self, name: str, seconds: float) -> None:
        """``{"stage", "stage_done", "seconds"}``."""
        self._event(stage_done=name, seconds=round(seconds, 3))

    def stage_fresh(self, name: str) -> None:
        """``{"stage", "fresh"}``."""
        self._stage = name
        self._event(fresh=True)


def reporter(style: Style, stream: TextIO | None = None) -> QuietReporter:
    """The listener for ``style`` on ``stream`` (stderr); ``auto`` is a bar when that is a terminal,
    else lines."""
    stream = stream or sys.stderr
    if style == "quiet":
        return QuietReporter(stream)
    if style == "log":
        return LogReporter(stream)
    if style == "json":
        return JsonReporter(stream)
    if style == "rich" or (style == "auto" and stream.isatty()):
        from pipeline.cli.progress_bar import BarReporter

        return BarReporter(stream)
    return PlainReporter(stream)


class Eta:
    """When the next report is due, and how long the work will still take."""

    def __init__(self, interval_s: float) -> None:
        self._interval_s = interval_s
        self._unit = ""
        self._began_s = self._last_s = time.monotonic()
        self._from = 0.0

    def is_due(self, done: float, total: float | None, unit: str) -> bool:
        """Whether enough time has passed since the last report, or the work has just ended."""
        now = time.monotonic()
        if unit != self._unit:
            self._unit, self._began_s, self._from = unit, now, done
            self._last_s = now if self._interval_s > 1 else 0.0
        ended = total is not None and done >= total and self._interval_s < 1
        if now - self._last_s < self._interval_s and not ended:
            return False
        self._last_s = now
        return True

    def per_s(self, done: float) -> float | None:
        """Units a second since the first report of this work; None until there is a second one."""
        elapsed = time.monotonic() - self._began_s
        return (done - self._from) / elapsed if done > self._from and elapsed > 0 else None

    def left_s(self, done: float, total: float | None) -> float | None:
        """Seconds left at the speed so far; None while that cannot be known."""
        per_s = self.per_s(done)
        if total is None or per_s is None:
            return None
        return max(0.0, total - done) / per_s


def speed_text(per_s: float | None, unit: str) -> str:
    """The real-time factor of work on sound (``", 3.2 times real time"``); else empty."""
    if per_s is None or unit != "s of audio":
        return ""
    return f", {per_s:.{1 if per_s < 10 else 0}f} times real time"
