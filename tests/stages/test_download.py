"""The download stage: whole or not at all, and the same result however often it was broken off."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pipeline.artifacts import VIDEO
from pipeline.engine.stage import Context, Request
from pipeline.engine.workspace import Manifest, Workspace
from pipeline.errors import UsageError
from pipeline.settings.config import Config, load_config
from pipeline.sources.ids import video_id_of
from pipeline.stages.download import STAGE
from tests.recording import RecordingProgress
from tests.servers.media import MediaServer, Page
from tests.shared import ROOT

# What a person's run does, as a process of its own that can be killed.
PROGRAM = """
import sys
from pathlib import Path
from tests.stages.test_download import run
run(sys.argv[1], Path(sys.argv[2]))
"""


def run(
    source: str,
    root: Path,
    config: Config | None = None,
    start_ms: int = 0,
    end_ms: int | None = None,
) -> Workspace:
    request = Request(source, start_ms, end_ms)
    workspace = Workspace(root / video_id_of(source, start_ms, end_ms))
    folder = workspace.folder("download")
    context = Context(workspace, folder, RecordingProgress(), request)
    STAGE.run(context, config or Config())
    return workspace


def result(workspace: Workspace) -> dict[str, bytes]:
    folder = workspace.root / "download"
    return {
        path.name: path.read_bytes()
        for path in sorted(folder.iterdir())
        if path.is_file() and not path.name.startswith(".")
    }


def wait_for_some_of_it(folder: Path) -> None:
    """Until a partial file holds more bytes than a continued load asks for again."""
    deadline = time.monotonic() + 60
    while not any(path.stat().st_size > 8192 for path in folder.rglob("*.part")):
        assert time.monotonic() < deadline, "nothing was loaded"
        time.sleep(0.02)


@pytest.fixture
def captioned_page(media_server: MediaServer, tiny_video: Path) -> str:
    """A page with one video that has captions."""
    media_server.add_file(tiny_video)
    media_server.add("/en.vtt", Page(b"WEBVTT\n\n00:00.000 --> 00:02.000\nHi.\n", "text/vtt"))
    page = (
        b"<html><title>A talk</title><video><source src='/tiny.mp4' type='video/mp4'>"
        b"<track kind='subtitles' srclang='en' src='/en.vtt'></video></html>"
    )
    return media_server.add("/talk.html", Page(page, "text/html"))


def test_the_artifacts_are_announced_and_video_json_is_whole(
    captioned_page: str, tmp_path: Path
) -> None:
    workspace = run(captioned_page, tmp_path)
    video = workspace.read(VIDEO)
    assert video.video_id == workspace.video_id
    assert set(result(workspace)) == {"video.json", "video.mp4", "captions.en.vtt"}
    assert {name for name, _ in workspace.folder("download").announced()} == set(result(workspace))
    assert workspace.video_path(video).is_file()


def test_a_killed_load_is_continued_and_ends_as_an_undisturbed_one(
    captioned_page: str, media_server: MediaServer, tiny_video: Path, tmp_path: Path
) -> None:
    expected = result(run(captioned_page, tmp_path / "undisturbed"))
    page = media_server.pages["/tiny.mp4"]
    page.pause_after, page.stall = 50_000, threading.Event()
    media_server.calls.clear()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, captioned_page, str(tmp_path / "killed")], cwd=ROOT
    )
    assert media_server.paused.wait(timeout=60)
    wait_for_some_of_it(tmp_path / "killed")
    process.send_signal(signal.SIGKILL)
    process.wait()
    page.stall.set()
    page.stall = None
    media_server.calls.clear()
    assert result(run(captioned_page, tmp_path / "killed")) == expected
    assert max(media_server.starts("/tiny.mp4")) > 0


def test_what_is_all_loaded_is_not_loaded_again(
    captioned_page: str, media_server: MediaServer, tmp_path: Path
) -> None:
    expected = result(run(captioned_page, tmp_path))
    (tmp_path / video_id_of(captioned_page) / "download" / "video.json").unlink()
    media_server.pages.clear()
    assert result(run(captioned_page, tmp_path)) == expected


def test_another_part_of_the_same_video_is_not_loaded_again(
    captioned_page: str, media_server: MediaServer, tmp_path: Path
) -> None:
    whole = run(captioned_page, tmp_path)
    media_server.pages.clear()
    part = run(captioned_page, tmp_path, None, 2000, 5000)
    assert part.root != whole.root
    first, second = (w.read(VIDEO) for w in (whole, part))
    assert (second.start_ms, second.end_ms, second.sha256) == (2000, 5000, first.sha256)
    assert second.captions == first.captions
    assert part.video_path(second).samefile(whole.video_path(first))
    with pytest.raises(UsageError, match="beyond the end"):
        run(captioned_page, tmp_path, None, 60_000, 90_000)


def test_a_run_that_was_asked_for_again_asks_the_source_again(
    captioned_page: str, media_server: MediaServer, tmp_path: Path
) -> None:
    folder = run(captioned_page, tmp_path).folder("download")
    outputs = {name: "" for name, _ in folder.announced()}
    manifest = Manifest(stage="download", inputs={}, outputs=outputs, finished_at="", duration_ms=0)
    folder.finish(manifest)
    media_server.calls.clear()
    run(captioned_page, tmp_path)
    assert media_server.starts("/tiny.mp4") == [0]


def test_other_settings_load_anew(
    captioned_page: str, media_server: MediaServer, tmp_path: Path
) -> None:
    run(captioned_page, tmp_path)
    media_server.calls.clear()
    run(captioned_page, tmp_path, load_config(overrides=["download.max_height=720"]))
    assert media_server.starts("/tiny.mp4")


def test_the_settings_of_the_connection_never_make_it_stale() -> None:
    def inputs(setting: str) -> dict[str, str]:
        return dict(STAGE.depends(load_config(overrides=[f"download.{setting}"])))

    assert inputs("retries=3") == inputs("proxy=http://localhost:3128") == inputs("timeout_s=9")
    assert inputs("max_height=720") != inputs("max_height=1080")


def test_captions_that_appear_beside_a_local_video_are_noticed(
    tiny_video: Path, tmp_path: Path
) -> None:
    video = tmp_path / "talk.mp4"
    video.write_bytes(tiny_video.read_bytes())
    before = STAGE.observes(Request(str(video)))
    video.with_suffix(".vtt").write_text("WEBVTT\n\n00:00.000 --> 00:02.000\nHi.\n")
    assert STAGE.observes(Request(str(video))) != before
