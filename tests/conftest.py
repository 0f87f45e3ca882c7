"""Fixtures that many tests use: small media made with ffmpeg, once per session."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests import narrated
from tests.bundled import bundled_ffmpeg
from tests.servers.media import MediaServer
from tests.tally import TALLY, Tally

# No property test hangs on how busy the machine is, or on which examples are drawn today.
settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")


def make_media(target: Path, *arguments: str) -> Path:
    """Run ffmpeg with ``arguments`` and return ``target``, the file it writes."""
    command = [bundled_ffmpeg(), "-nostdin", "-v", "error", "-y", *arguments, str(target)]
    subprocess.run(command, check=True, capture_output=True)
    return target


@pytest.fixture(scope="session", autouse=True)
def _no_configuration_of_this_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Whoever runs the tests may have settings of their own; the tests have none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("configuration")))
        yield


@pytest.fixture(scope="session")
def tiny_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An 8 s H.264/AAC mp4: a moving test picture of 160x120 at 10 fps with a key frame every 2 s,
    and a 440 Hz tone. Copy it before changing anything beside it."""
    return make_media(
        tmp_path_factory.mktemp("tiny") / "tiny.mp4",
        *("-f", "lavfi", "-i", "testsrc=size=160x120:rate=10:duration=8"),
        *("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=16000:duration=8"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"),
        *("-g", "20", "-keyint_min", "20", "-sc_threshold", "0"),
        *("-c:a", "aac", "-b:a", "32k", "-movflags", "+faststart"),
    )


@pytest.fixture(scope="session")
def narrated_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A 48 s lecture of three slides with captions and chapters beside it, and a quiet tone.
    Copy it before changing anything beside it."""
    folder = tmp_path_factory.mktemp("narrated")
    inputs = []
    for slide in narrated.draw_slides(folder):
        inputs += ["-loop", "1", "-framerate", "5", "-t", "16", "-i", str(slide)]
    video = make_media(
        folder / "short-lecture.mp4",
        *inputs,
        *("-f", "lavfi", "-i", "sine=frequency=220:sample_rate=16000:duration=48"),
        *("-filter_complex", "[0][1][2]concat=n=3:v=1:a=0[v]", "-map", "[v]", "-map", "3:a"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "10"),
        *("-c:a", "aac", "-b:a", "32k"),
    )
    narrated.write_sidecars(video)
    return video


# In CI these are installed, so a test that skips for want of one would hide a failure.
_REQUIRED = {
    "REQUIRE_BROWSER": "chromium",
    "REQUIRE_SANDBOX": "bubblewrap",
    "REQUIRE_WHISPER_BASE": "whisper base",
    "REQUIRE_EPUBCHECK": "epubcheck",
    "REQUIRE_LIGHTHOUSE": "lighthouse",
    "REQUIRE_PYODIDE": "pyodide",
}
# The campaigns that attack the whole program, and the cluster; `make test-long` runs them.
_LONG = ("faults", "fuzz", "hostile", "load", "book/engines/test_ray.py")
# Those of them that time something, or fill all cores themselves.
_ALONE = ("fuzz/test_patterns.py", "fuzz/test_scaling.py", "load", "book/engines/test_ray.py")
# Browsers, sandboxes, real models and whole runs; `make quick` leaves them and the long ones out.
_SLOW = (
    *("book", "browser", "cells/oracles", "cells/sandbox", "transcript/asr"),
    *("cells/test_checker.py", "cells/test_command.py", "cells/test_judge.py"),
    *("cells/test_repair.py", "cells/test_rewrite.py", "cli/test_main.py"),
    *("document/test_scaling.py", "engine/test_lock.py", "llm/test_client.py", "llm/test_money.py"),
    *("minbpe/test_encode.py", "minbpe/test_gpt4.py", "minbpe/test_train.py"),
    *("render/formats/test_epubcheck.py", "render/formats/test_export.py"),
    *("render/formats/test_markdown.py",),
    *("render/formats/test_printed.py", "render/html/test_prose.py", "server/test_slow_clients.py"),
    *("sources/ytdlp/test_download.py", "sources/ytdlp/test_private_addresses.py"),
    *("stages/test_download.py", "stages/test_screens.py", "stages/test_transcribe.py"),
    *("stages/test_written_by_model.py", "test_api.py", "test_extras.py", "test_package.py"),
    *("test_reports.py", "video/ocr/test_recognition.py", "video/screens/test_hdr.py"),
    *("video/screens/test_screens.py", "video/test_containers.py", "video/test_probe.py"),
    *("writing/outline/test_planner.py", "writing/test_writer.py"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests ``alone``, ``long`` or ``slow`` by where they stand, and put the slow ones first.

    At the end of a run on several processes only short files are left, so none waits for another.
    """
    folder = Path(__file__).parent
    for marker, names in (("alone", _ALONE), ("long", _LONG), ("slow", (*_LONG, *_SLOW))):
        places = [folder / name for name in names]
        missing = [place for place in places if not place.exists()]
        assert not missing, f"tests that moved: {missing}"
        for item in items:
            if any(item.path.is_relative_to(place) for place in places):
                item.add_marker(marker)
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_configure() -> None:
    """Let the programs that the tests start and end hear their signals.

    What is started by ``nohup``, or in the background of a script, has these ignored, and hands
    that on to every program it starts; a handler that does nothing is not handed on.
    """
    for number in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip for want of a required program into a failure."""
    report = yield
    reason = str(report.longrepr).lower() if report.skipped else ""
    for variable, program in _REQUIRED.items():
        if os.environ.get(variable) and program in reason:
            report.outcome = "failed"
            report.longrepr = f"{variable} is set, and the test skipped: {reason}"
    return report


@pytest.fixture
def log_restored() -> Iterator[None]:
    """The program's logger is after the test as it was before."""
    logger = logging.getLogger("pipeline")
    before = logger.handlers[:], logger.level, logger.propagate
    yield
    logger.handlers[:], logger.propagate = before[0], before[2]
    logger.setLevel(before[1])


@pytest.fixture
def tally() -> Tally:
    """The session's counts of faults; printed when the session ends."""
    return TALLY


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In a worker of pytest-xdist: hand the counts to the process that prints them."""
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        output["tally"] = TALLY.plain()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take the counts of a worker that has finished (one that crashed has none)."""
    TALLY.add(getattr(node, "workeroutput", {}).get("tally", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the tests did to the pipeline, and what came of it."""
    if lines := TALLY.lines():
        terminalreporter.section("faults")
        for line in lines:
            terminalreporter.write_line(line)


@pytest.fixture
def media_server() -> Iterator[MediaServer]:
    """A running web server on loopback without pages; see ``tests.servers.media``."""
    with MediaServer() as server:
        yield server
