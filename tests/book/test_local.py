"""The local engine: every step once, failures apart, killed processes replaced."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from pipeline.book.desk import Desk, Limits
from pipeline.book.local import LocalEngine
from pipeline.book.plan import Done
from tests.book.light import LightWork, SpendWork, begun, light_plan
from tests.shared import ROOT
from tests.test_kill import contents


def engine() -> LocalEngine:
    return LocalEngine({"network": 1, "model": 2, "checks": 1}, in_flight=3)


def test_every_step_of_every_lecture_is_done_once(tmp_path: Path) -> None:
    heard: list[object] = []
    last = engine().run(light_plan(LightWork(tmp_path), 4), Desk(Limits()), heard.append)
    assert [last[n].step for n in (1, 2, 3, 4)] == ["third"] * 4
    assert all(done.failure is None for done in last.values())
    assert set(begun(tmp_path).values()) == {1} and len(begun(tmp_path)) == 12
    assert len([event for event in heard if isinstance(event, Done)]) == 4


def test_a_failure_ends_its_lecture_and_no_other(tmp_path: Path) -> None:
    work = LightWork(tmp_path, fails=(2, "second"))
    last = engine().run(light_plan(work, 3), Desk(Limits()), lambda event: None)
    assert last[2] == Done(2, "second", failure="as asked")
    assert [last[n].step for n in (1, 3)] == ["third", "third"]
    assert not (tmp_path / "lecture-2.third").exists()


def test_a_step_whose_process_was_killed_is_begun_again(tmp_path: Path) -> None:
    work = LightWork(tmp_path, kills=(1, "second"))
    last = engine().run(light_plan(work, 2), Desk(Limits()), lambda event: None)
    assert last[1].failure is None
    assert begun(tmp_path)["lecture-1.second"] == 2
    assert sum(begun(tmp_path).values()) == 7


def test_one_account_holds_over_all_processes() -> None:
    last = engine().run(
        light_plan(SpendWork(40), 4), Desk(Limits(max_tokens=200)), lambda event: None
    )
    # Five steps may spend 40 of 200 each; at least one lecture of three steps is complete.
    done = {"first": 0, "second": 1, "third": 2}
    assert sum(done[one.step] + (one.failure is None) for one in last.values()) == 5


def start(folder: Path, output: Path) -> subprocess.Popen[str]:
    """The real program in its own process group."""
    command = [sys.executable, "-m", "pipeline", "book", str(folder), "--output", str(output)]
    command += ["--config", "/dev/null", "--set", "segment.workers=1", "--set", "segment.ocr=false"]
    command += ["--set", "check.execute=false", "--progress", "plain"]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_after_ctrl_c_and_after_a_kill_the_same_command_completes_the_same_book(
    narrated_video: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "Course"
    folder.mkdir()
    for name in ("one", "two"):
        shutil.copy(narrated_video, folder / f"{name}.mp4")
        (folder / f"{name}.mp4").write_bytes(narrated_video.read_bytes() + name.encode())
        shutil.copy(narrated_video.with_suffix(".en.vtt"), folder / f"{name}.en.vtt")
    whole = start(folder, tmp_path / "undisturbed")
    assert whole.communicate(timeout=300)[0].strip().endswith("index.html")

    output = tmp_path / "disturbed"
    for how in (signal.SIGINT, signal.SIGKILL):
        process = start(folder, output)
        seen = len(list(output.glob("*/*/manifest.json")))
        while len(list(output.glob("*/*/manifest.json"))) < seen + 1 and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(how)  # to the program alone: its workers have to notice
        process.communicate(timeout=60)
        # 0: so fast that it was done when the signal came.
        assert process.returncode in (130 if how is signal.SIGINT else -how, 0)
    before = {path: path.stat().st_mtime_ns for path in output.glob("*/*/manifest.json")}
    last = start(folder, output)
    assert last.communicate(timeout=300)[0].strip().endswith("index.html")
    assert contents(output) == contents(tmp_path / "undisturbed")
    assert {path: path.stat().st_mtime_ns for path in before} == before
