"""The Ray engine on a real cluster of a head and two workers, all processes on loopback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from pipeline.book.engines.coordinator import Coordinator, ProgressEvent, SpendingLimits
from pipeline.book.engines.plan import Step, StepResult, Work
from pipeline.errors import WorkspaceError
from pipeline.settings.book import RaySettings
from tests.book.courses import good_teacher, lay_out, settings_for
from tests.book.engines.cluster import Cluster, cluster
from tests.book.engines.light import (
    STEPS,
    WAITING_STEPS,
    LightWork,
    SeeWork,
    SpendWork,
    begun,
    light_plan,
)
from tests.faults.runs import contents
from tests.servers.chat import ChatServer, good_writer
from tests.shared import ROOT
from tests.tally import Tally

pytest.importorskip("ray", reason="Ray is not installed: pip install 'lecture-chapter[ray]'")

LECTURES = 6
SETTINGS = ["screens.workers=1", "screens.ocr=false", "check.execute=false"]


@pytest.fixture(scope="module")
def head() -> Iterator[Cluster]:
    # Ray's sockets lie in this folder: their paths must be short.
    short = TemporaryDirectory(dir="/tmp", ignore_cleanup_errors=True)
    with short as folder, cluster(Path(folder) / "ray") as made:
        yield made


@pytest.fixture(scope="module")
def course(narrated_video: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_out(tmp_path_factory.mktemp("course") / "Course", narrated_video, 1, LECTURES)


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


def ignore(event: object) -> None:
    pass


def run_light(
    head: Cluster,
    folder: Path,
    work: Work,
    count: int,
    limits: SpendingLimits | None = None,
    steps: tuple[Step, ...] = STEPS,
    hear: Callable[[ProgressEvent | StepResult], None] = ignore,
    in_flight: int = 100,
) -> dict[int, StepResult]:
    from pipeline.book.engines.ray_engine import RayEngine

    engine = RayEngine(RaySettings(address=head.address, in_flight=in_flight), folder)
    try:
        return engine.run(
            light_plan(work, count, steps), Coordinator(limits or SpendingLimits()), hear
        )
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
    last = run_light(head, tmp_path, SpendWork(40), 4, SpendingLimits(max_tokens=200))
    done = {"first": 0, "second": 1, "third": 2}
    assert sum(done[one.step] + (one.failure is None) for one in last.values()) == 5


def test_a_step_that_waits_for_earlier_lectures_finds_them_that_far(
    head: Cluster, tmp_path: Path
) -> None:
    work = SeeWork(tmp_path, count=6, fails=2)
    last = run_light(head, tmp_path, work, 6, steps=WAITING_STEPS)
    assert work.missed() == {number: set() for number in (1, 3, 4, 5, 6)}
    assert last[2].failure == "as asked"


def test_a_book_on_the_cluster_is_the_local_one_byte_for_byte(
    head: Cluster, course: Path, tmp_path: Path
) -> None:
    """Written by a model, which is told of earlier chapters."""
    with ChatServer(good_teacher) as server:
        model = settings_for(server)
        finish(book(course, tmp_path / "local", *model))
        finish(book(course, tmp_path / "ray", *on(head), *model))
    local, ray = contents(tmp_path / "local"), contents(tmp_path / "ray")
    assert local.keys() == ray.keys()
    assert [name for name in local if local[name] != ray[name]] == []
    assert sum(name.endswith("/write/earlier.json") for name in local) == LECTURES - 1


def test_a_node_that_does_not_see_the_folder_is_named_and_a_late_one_gets_no_work(
    head: Cluster, tmp_path: Path, tally: Tally
) -> None:
    """Two tests in one: a node takes seconds to start. It is a real one, in whose own view of the
    file system the output folder is empty."""
    heard: list[object] = []
    joined: list[str] = []

    def hear(event: object) -> None:
        heard.append(event)
        if not joined:  # the book is under way, and goes on when this returns
            joined.append(head.add_blind_node(tmp_path))

    last = run_light(head, tmp_path, LightWork(tmp_path, 0.3), 24, hear=hear, in_flight=8)
    assert {done.step for done in last.values()} == {"third"}
    assert not [done for done in last.values() if done.failure]
    assert set(begun(tmp_path).values()) == {1}
    warned = [
        event.text for event in heard if isinstance(event, ProgressEvent) and event.kind == "warn"
    ]
    assert len(warned) == 1
    assert joined[0][:8] in warned[0] and f"does not see {tmp_path}" in warned[0]

    with pytest.raises(WorkspaceError, match=f"{joined[0][:8]}.* does not see {tmp_path}"):
        run_light(head, tmp_path, LightWork(tmp_path), 1)
    head.kill_node(-1)
    assert not list(tmp_path.glob(".seen-*"))
    tally.survived("node without the folder", 2)


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
