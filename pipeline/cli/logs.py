"""The program's log on stderr: warnings always, the rest with ``-v`` and its time.

Modules log through ``logging.getLogger(__name__)``: ``info`` for what makes a run of hours
understandable afterwards (what was chosen, how long it took, how much came of it), ``debug`` for
what a developer wants to see. The program as a library sets nothing up: that is for its user.
"""

from __future__ import annotations

import logging
from typing import TextIO

from pipeline.redaction import redact

_ROOT = "pipeline"
_LEVELS = (logging.WARNING, logging.INFO, logging.DEBUG)


def set_up(verbosity: int, stream: TextIO) -> None:
    """Let the log go to ``stream``; a second call replaces the first.

    Args:
        verbosity: 0: warnings; 1: what is done, with times; 2: in detail.
    """
    logger = logging.getLogger(_ROOT)
    handler = _Handler(stream)
    handler.setFormatter(_Formatter(with_times=verbosity > 0))
    logger.handlers[:] = [handler]
    logger.setLevel(_LEVELS[min(verbosity, len(_LEVELS) - 1)])
    logger.propagate = False


class _Handler(logging.StreamHandler[TextIO]):
    """A stream that cannot be written is no reason to lose hours of work."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Nothing: the words are lost, the work is not."""


class _Formatter(logging.Formatter):
    """``2026-03-14 09:26:53 INFO runner: ...``, or ``warning: ...``; without secrets, one line."""

    def __init__(self, with_times: bool) -> None:
        super().__init__()
        self._with_times = with_times

    def format(self, record: logging.LogRecord) -> str:
        """The line for ``record``; the lines of a traceback follow where there is one."""
        text = " ".join(record.getMessage().split())
        if self._with_times:
            at = self.formatTime(record, "%Y-%m-%d %H:%M:%S")
            name = record.name.removeprefix(f"{_ROOT}.")
            text = f"{at} {record.levelname} {name}: {text}"
        else:
            text = f"{record.levelname.lower()}: {text}"
        if record.exc_info:
            text += "\n" + self.formatException(record.exc_info)
        return redact(text)
