"""The styles in which a user can be told how far a run is, and the reporter for each."""

from __future__ import annotations

import sys
from typing import Literal, TextIO

from pipeline.cli.terminal import JsonReporter, LogReporter, PlainReporter, QuietReporter

Style = Literal["auto", "rich", "plain", "json", "quiet", "log"]


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
