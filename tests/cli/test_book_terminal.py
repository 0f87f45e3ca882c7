"""What a person, and a program, see of a book being made."""

from __future__ import annotations

import io
import json

from pipeline.book.engines.coordinator import ProgressEvent
from pipeline.book.engines.plan import StepResult
from pipeline.cli.book_terminal import view
from pipeline.cli.terminal import Style

TITLES = {1: "First", 2: "Second"}
EVENTS = (
    ProgressEvent(1, "write", "begins", "not run yet"),
    ProgressEvent(1, "write", "update", "calls", 3, 8),
    ProgressEvent(1, "write", "warn", "the model takes no pictures"),
    ProgressEvent(1, "write", "ends", "", 12.0),
    StepResult(1, "render", 0.4),
    StepResult(2, "download", failure="it is private"),
)


def shown(style: Style) -> list[str]:
    stream = io.StringIO()
    watching = view(style, TITLES, stream)
    for event in EVENTS:
        watching(event)
    watching.close()
    return [line for line in stream.getvalue().splitlines() if line.strip()]


def test_plain_lines_name_the_lecture_and_count_what_is_done() -> None:
    assert shown("plain") == [
        "warning: [1] First: write: the model takes no pictures",
        "[1] First: write done in 12 s",
        "[1] First: complete (1 of 2)",
        "[2] Second: download failed: it is private",
    ]


def test_quiet_keeps_warnings_and_failures() -> None:
    assert len(shown("quiet")) == 2


def test_a_program_reads_json() -> None:
    events = [json.loads(line) for line in shown("json")]
    assert events[1] == {
        "lecture": 1, "step": "write", "kind": "update", "text": "calls", "done": 3, "total": 8,
    }  # fmt: skip
    assert events[-1]["failure"] == "it is private"


def test_the_bars_leave_the_same_lines_behind() -> None:
    lines = shown("rich")
    assert all(any(line in seen for seen in lines) for line in shown("plain"))
