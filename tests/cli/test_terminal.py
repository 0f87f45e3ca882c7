import io
import json
import re
import time
from pathlib import Path

import pytest

from pipeline.cli import logs
from pipeline.cli.terminal import (
    Eta,
    JsonReporter,
    PlainReporter,
    QuietReporter,
    reporter,
    seconds_text,
    speed_text,
    tell_how_to_open,
)


def told(listener_type: type[QuietReporter]) -> str:
    stream = io.StringIO()
    listener = listener_type(stream)
    listener.stage_begins("segment", "not run yet")
    listener.update(1, 4, "frames")
    listener.note("26 frames kept")
    listener.warn("one packet was damaged")
    listener.update(4, 4, "frames")
    listener.stage_ends("segment", 12.34)
    listener.stage_fresh("outline")
    return stream.getvalue()


def test_plain_lines_name_the_stage_its_reason_and_its_time() -> None:
    assert told(PlainReporter).splitlines() == [
        "segment: starts (not run yet)",
        "segment: 26 frames kept",
        "warning: one packet was damaged",
        "segment: done in 12 s",
        "outline: up to date",
    ]


def test_quiet_lets_only_warnings_through() -> None:
    assert told(QuietReporter) == "warning: one packet was damaged\n"


def test_json_lines_can_be_followed_by_a_program() -> None:
    events = [json.loads(line) for line in told(JsonReporter).splitlines()]
    assert {"stage": "segment", "begins": "not run yet"} in events
    assert {"stage": "segment", "stage_done": "segment", "seconds": 12.34} in events
    assert {"stage": "segment", "warn": "one packet was damaged"} in events
    assert {"stage": "outline", "fresh": True} in events
    assert events[-3]["done"] == 4


def test_listening_is_reported_with_its_real_time_factor() -> None:
    stream = io.StringIO()
    listener = JsonReporter(stream)
    listener.stage_begins("transcribe", "not run yet")
    listener.update(0, 600, "s of audio")
    time.sleep(0.25)
    listener.update(300, 600, "s of audio")
    events = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert events[1]["per_s"] is None
    assert 0 < events[2]["per_s"] <= 1200


def test_a_stage_that_says_nothing_is_told_to_be_at_work_and_rarer_from_then_on() -> None:
    stream = io.StringIO()
    listener = PlainReporter(stream, first_sign_s=0.1)
    listener.stage_begins("transcribe", "not run yet")
    listener.update(0, 203, "s of audio")
    time.sleep(0.5)
    assert stream.getvalue().count("transcribe: 0 of 203 s of audio, at work for 0.") == 1
    listener.close()
    time.sleep(0.7)
    assert len(stream.getvalue().splitlines()) == 2


@pytest.mark.usefixtures("log_restored")
def test_lines_of_the_log_have_times_and_no_secrets() -> None:
    stream = io.StringIO()
    logs.set_up(1, stream)
    listener = reporter("log", stream)
    listener.stage_begins("download", "not run yet")
    listener.warn("https://me:password@example.org is slow")
    listener.stage_ends("download", 1)
    told = stream.getvalue().splitlines()
    assert [line[20:] for line in told] == [
        "INFO cli.terminal: download: starts (not run yet)",
        "WARNING cli.terminal: https://***@example.org is slow",
        "INFO cli.terminal: download: done in 1.0 s",
    ]
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ", line) for line in told)


def test_a_stream_that_is_no_terminal_gets_plain_lines() -> None:
    assert type(reporter("auto", io.StringIO())) is PlainReporter
    assert type(reporter("json", io.StringIO())) is JsonReporter
    assert type(reporter("quiet", io.StringIO())) is QuietReporter


def test_seconds_are_written_for_people() -> None:
    assert [seconds_text(s) for s in (0.04, 9.96, 12.3, 203)] == [
        "0.0 s",
        "10.0 s",
        "12 s",
        "3 min 23 s",
    ]


@pytest.mark.parametrize(("is_terminal", "lines"), [(True, 2), (False, 0)])
def test_only_a_person_at_a_terminal_is_told_how_to_open_the_page(
    is_terminal: bool, lines: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: is_terminal)
    monkeypatch.setattr("sys.stderr", stream)
    tell_how_to_open(tmp_path / "index.html")
    told = stream.getvalue().splitlines()
    assert len(told) == lines
    assert not told or told[0] == f"read it: file://{tmp_path}/index.html"


def test_the_time_left_follows_from_the_speed_so_far() -> None:
    pace = Eta(0.0)
    pace.is_due(0, 100, "frames")
    assert pace.left_s(0, 100) is None
    assert pace.left_s(50, None) is None
    left = pace.left_s(50, 100)
    assert left is not None and 0 <= left < 5


def test_the_speed_leaves_out_what_was_done_before() -> None:
    pace = Eta(0.0)
    pace.is_due(5_000, 6_000, "s of audio")
    assert pace.per_s(5_000) is None
    slow, fast = pace.per_s(5_001), pace.per_s(5_010)
    assert slow is not None and fast is not None and 0 < slow < fast


def test_only_sound_has_a_real_time_factor() -> None:
    assert speed_text(3.24, "s of audio") == ", 3.2 times real time"
    assert speed_text(41.5, "s of audio") == ", 42 times real time"
    assert speed_text(3.24, "frames") == ""
    assert speed_text(None, "s of audio") == ""
