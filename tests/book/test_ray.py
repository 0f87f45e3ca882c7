"""The Ray engine on a real cluster of a head and two workers, all processes on loopback."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from pipeline.book.desk import Desk, Limits
from pipeline.book.plan import Done, Work
from pipeline.settings.ray import RaySettings
from tests.book.cluster import Cluster, cluster
from tests.book.light import LightWork, SpendWork, begun, light_plan
from tests.servers.chat import ChatServer, good_writer
from tests.shared import ROOT
from tests.test_kill import contents

pytest.importorskip("ray", reason="Ray is not installed: pip install 'lecture-chapter[ray]'")

LECTURES = 6
SETTINGS = ["segment.workers=1", "segment.ocr=false", "check.execute=false"]


@pytest.fixture(scope="module")
def head() -> Iterator[Cluster]:
    # Ray's sockets lie in this folder: their paths must be short.
    short = TemporaryDirectory(dir="/tmp", ignore_cleanup_errors=True)
    with short as folder, cluster(Path(folder) / "ray") as made:
        yield made


@pytest.fixture(scope="module")
def course(narrated_video: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of six short lectures, each with its own title and captions."""
    folder = tmp_path_factory.mktemp("course") / "Course"
    folder.mkdir()
    told = json.loads(narrated_video.with_suffix(".chapters.json").read_text(encoding="utf-8"))
    for number in range(1, LECTURES + 1):
        video = folder / f"lecture-{number}.mp4"
        # What follows the last box of an mp4 is not played: the same lecture as another file.
        video.write_bytes(narrated_video.read_bytes() + b"\0\0\0\x09free" + bytes([number]))
        shutil.copy(narrated_video.with_suffix(".en.vtt"), video.with_suffix(".en.vtt"))
        own = json.dumps({**told, "title": f"A very short lecture, part {number}"})
        video.with_suffix(".chapters.json").write_text(own, encoding="utf-8")
    return folder


def book(course: Path, output: Path, *settings: str) -> subprocess.Popen[str]:
    """The real program, in its own process group."""
    command = [sys.executable, "-m", "pipeline", "book", str(course), "--output", str(output)]
    command += ["--config", "/dev/null", "--progress", "json"]
    for setting in (*SETTINGS, *settings):
        command += [setting] if setting.startswith("--") else ["--set", setting]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | {"OPENAI_API_KEY": "none"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finish(process: subprocess.Popen[str]) -> str:
    _, lines = process.communicate(timeout=400)
    assert process.returncode == 0, lines[-3000:]
    return lines


def on(head: Cluster) -> tuple[str, ...]:
    return ("--engine=ray", f"ray.address={head.address}")


def run_light(
    head: Cluster, folder: Path, work: Work, count: int, limits: Limits | None = None
) -> dict[int, Done]:
    from pipeline.book.ray_engine import RayEngine

    engine = RayEngine(RaySettings(address=head.address), folder)
    try:
        plan = light_plan(work, count)
        return engine.run(plan, Desk(limits or Limits()), lambda event: None)
    finally:
        engine.close()


def test_steps_are_tasks_in_order_and_a_killed_process_is_replaced(
    head: Cluster, tmp_path: Path
) -> None:
    work = LightWork(tmp_path, 0.05, fails=(3, "second"), kills=(2, "second"))
    last = run_light(head, tmp_path, work, 6)
    assert last[3].failure == "as asked"
    assert {n: done.step for n, done in last.items() if n != 3} == dict.fromkeys(
        (1, 2, 4, 5, 6), "third"
    )
    counts = begun(tmp_path)
    assert counts.pop("lecture-2.second") == 2
    assert set(counts.values()) == {1} and "lecture-3.third" not in counts


def test_one_account_holds_over_the_whole_cluster(head: Cluster, tmp_path: Path) -> None:
    last = run_light(head, tmp_path, SpendWork(40), 4, Limits(max_tokens=200))
    done = {"first": 0, "second": 1, "third": 2}
    assert sum(done[one.step] + (one.failure is None) for one in last.values()) == 5


def test_a_folder_that_a_node_does_not_see_is_said_at_once(tmp_path: Path) -> None:
    from pipeline.book.ray_cluster import blind_nodes

    seen = {"10.0.0.1 aa": ("one", True, "1"), "10.0.0.2 bb": ("two", False, "1")}
    assert blind_nodes(seen) == ["10.0.0.2 bb (two)"]


def test_a_book_on_the_cluster_is_the_local_one_byte_for_byte(
    head: Cluster, course: Path, tmp_path: Path
) -> None:
    finish(book(course, tmp_path / "local"))
    finish(book(course, tmp_path / "ray", *on(head)))
    local, ray = contents(tmp_path / "local"), contents(tmp_path / "ray")
    assert local.keys() == ray.keys()
    assert [name for name in local if local[name] != ray[name]] == []
    assert sum(name.endswith("/check/article.json") for name in local) == LECTURES


def test_after_the_loss_of_a_node_and_of_the_driver_the_book_is_complete_and_nothing_is_repeated(
    head: Cluster, course: Path, tmp_path: Path
) -> None:
    with ChatServer(good_writer, delay_s=0.3) as server:
        model = (f"llm.base_url={server.base_url}", "llm.model=scripted", "llm.vision=false")
        driver = book(course, tmp_path, *on(head), *model)
        wait_until(lambda: server.answered >= 4, driver)
        head.kill_node(-1)
        answered = server.answered
        wait_until(lambda: server.answered >= answered + 4, driver)
        os.killpg(driver.pid, signal.SIGKILL)
        driver.communicate()
        time.sleep(3)  # Ray ends the driver's tasks
        finished = times(tmp_path, "*/*/manifest.json")
        replies = times(tmp_path, "*/*/replies/*.md")
        assert finished and replies
        lines = finish(book(course, tmp_path, *on(head), *model))
    assert again(lines, finished) == []
    after = times(tmp_path, "*/*/manifest.json") | times(tmp_path, "*/*/replies/*.md")
    assert {name: after[name] for name in finished} == finished
    assert {name: after[name] for name in replies} == replies
    record = json.loads(next(tmp_path.glob("books/*/book.json")).read_text(encoding="utf-8"))
    assert [entry["state"] for entry in record["entries"]] == ["done"] * LECTURES


def again(lines: str, finished: dict[str, int]) -> list[str]:
    """The finished stages that a run worked on again, and why."""
    events = [json.loads(line) for line in lines.splitlines() if line.startswith("{")]
    done = {(int(name.split("-")[1]), name.split("/")[1]) for name in finished}
    return [
        f"lecture {event['lecture']}: {event['step']}: {event['text']}"
        for event in events
        if event.get("kind") == "begins" and (event["lecture"], event["step"]) in done
    ]


def wait_until(condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 240
    while not condition():
        assert process.poll() is None, process.communicate()[1][-3000:]
        assert time.monotonic() < deadline
        time.sleep(0.1)


def times(output: Path, pattern: str) -> dict[str, int]:
    """When each file was written last."""
    return {
        str(path.relative_to(output)): path.stat().st_mtime_ns
        for path in sorted(output.glob(pattern))
    }
