"""The log: warnings always, all else only where it is asked for; never a secret, never a crash."""

from __future__ import annotations

import io
import logging

import pytest

from pipeline.cli import logs

log = logging.getLogger("pipeline.video.probe")


pytestmark = pytest.mark.usefixtures("log_restored")


def told(verbosity: int) -> list[str]:
    stream = io.StringIO()
    logs.set_up(verbosity, stream)
    log.debug("opens a file")
    log.info("found 2 tracks\nin it")
    log.warning("one of them is empty")
    return stream.getvalue().splitlines()


def test_without_v_only_warnings_are_told_as_they_always_were() -> None:
    assert told(0) == ["warning: one of them is empty"]


def test_with_v_each_line_has_its_time_and_its_module() -> None:
    first, second = told(1)
    assert first.endswith(" INFO video.probe: found 2 tracks in it")
    assert second.endswith(" WARNING video.probe: one of them is empty")


def test_with_vv_details_are_told_too() -> None:
    assert [line.split()[2] for line in told(2)] == ["DEBUG", "INFO", "WARNING"]
    assert len(told(7)) == 3


def test_keys_and_passwords_are_blotted_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-key")
    stream = io.StringIO()
    logs.set_up(1, stream)
    log.info("loads https://me:password@example.org/a?token=abcdefgh with %s", "sk-secret-key")
    assert stream.getvalue().endswith("loads https://***@example.org/a?token=*** with ***\n")


def test_a_log_that_cannot_be_written_stops_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    stream = io.StringIO()
    logs.set_up(1, stream)
    stream.close()
    log.warning("nobody hears this")
    assert capsys.readouterr().err == ""
