"""The local engine: every step once, failures apart, killed processes replaced."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.book.engines.coordinator import Coordinator, SpendingLimits
from pipeline.book.engines.local import LocalEngine
from pipeline.book.engines.plan import StepResult
from pipeline.book.make import BookRequest, make_book
from tests.book.courses import good_teacher, lay_out, model_config, settings_for
from tests.book.engines.inline import InlineEngine
from tests.book.engines.light import (
    WAITING_STEPS,
    LightWork,
    SeeWork,
    SpendWork,
    begun,
    light_plan,
)
from tests.book.test_book import quiet
from tests.faults.runs import contents
from tests.recording import RecordingProgress
from tests.servers.chat import ChatServer, Hang, Incoming, Reaction
from tests.shared import ROOT
from tests.tally import Tally


def engine() -> LocalEngine:
    return LocalEngine({"network": 1, "model": 2, "checks": 1}, in_flight=3)


def test_every_step_of_every_lecture_is_done_once(tmp_path: Path) -> None:
    heard: list[object] = []
    last = engine().run(
        light_plan(LightWork(tmp_path), 4), Coordinator(SpendingLimits()), heard.append
    )
    assert [last[n].step for n in (1, 2, 3, 4)] == ["third"] * 4
    assert all(done.failure is None for done in last.values())
    assert set(begun(tmp_path).values()) == {1} and len(begun(tmp_path)) == 12
    assert len([event for event in heard if isinstance(event, StepResult)]) == 4


def test_a_failure_ends_its_lecture_and_no_other(tmp_path: Path) -> None:
    work = LightWork(tmp_path, fails=(2, "second"))
    last = engine().run(light_plan(work, 3), Coordinator(SpendingLimits()), lambda event: None)
    assert last[2] == StepResult(2, "second", failure="as asked")
    assert [last[n].step for n in (1, 3)] == ["third", "third"]
    assert not (tmp_path / "lecture-2.third").exists()


def test_a_step_whose_process_was_killed_is_begun_again(tmp_path: Path) -> None:
    work = LightWork(tmp_path, kills=(1, "second"))
    last = engine().run(light_plan(work, 2), Coordinator(SpendingLimits()), lambda event: None)
    assert last[1].failure is None
    assert begun(tmp_path)["lecture-1.second"] == 2
    assert sum(begun(tmp_path).values()) == 7


def test_a_step_that_waits_for_earlier_lectures_finds_them_that_far(tmp_path: Path) -> None:
    work = SeeWork(tmp_path, count=6, fails=2)
    last = engine().run(
        light_plan(work, 6, WAITING_STEPS), Coordinator(SpendingLimits()), lambda event: None
    )
    assert work.missed() == {number: set() for number in (1, 3, 4, 5, 6)}
    assert last[2].failure == "as asked"
    assert [last[number].step for number in (1, 3, 4, 5, 6)] == ["third"] * 5


def test_one_account_holds_over_all_processes() -> None:
    last = engine().run(
        light_plan(SpendWork(40), 4),
        Coordinator(SpendingLimits(max_tokens=200)),
        lambda event: None,
    )
    # Five steps may spend 40 of 200 each; at least one lecture of three steps is complete.
    done = {"first": 0, "second": 1, "third": 2}
    assert sum(done[one.step] + (one.failure is None) for one in last.values()) == 5


def start(course: Path, output: Path, server: ChatServer) -> subprocess.Popen[str]:
    """The real program in its own process group."""
    command = [sys.executable, "-m", "pipeline", "book", str(course), "--output", str(output)]
    command += ["--config", "/dev/null", "--progress", "plain"]
    for setting in (*settings_for(server), "llm.retries=0"):
        command += ["--set", setting]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | {"OPENAI_API_KEY": "none"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_interrupted_ended_and_killed_the_same_command_completes_the_same_book(
    narrated_video: Path, tmp_path: Path, tally: Tally
) -> None:
    course = lay_out(tmp_path / "Course", narrated_video, 1, 2)
    output = tmp_path / "disturbed"
    ends = {signal.SIGINT: 130, signal.SIGTERM: 130, signal.SIGKILL: -signal.SIGKILL}
    with ChatServer(good_teacher) as server:
        wish = BookRequest((str(course),), tmp_path / "undisturbed")
        make_book(wish, model_config(server), RecordingProgress(), quiet, InlineEngine())
        calls = len(server.requests)

        for answers, (how, status) in enumerate(ends.items()):
            server.script = silent = FallsSilent(answers)
            process = start(course, output, server)
            # One answer comes before SIGTERM, two before the kill; what was answered is kept first.
            wait_until(silent.is_holding, process)
            wait_until(keeps(output, answers * (answers + 1) // 2), process)
            process.send_signal(how)  # to the program alone: its workers have to notice
            process.communicate(timeout=60)
            assert process.returncode == status
        before = {path: path.stat().st_mtime_ns for path in output.glob("*/*/manifest.json")}
        server.script, server.requests[:] = good_teacher, []
        last = start(course, output, server)
        assert last.communicate(timeout=300)[0].strip().endswith("index.html")
        assert len(server.requests) == calls - 3
    assert contents(output) == contents(tmp_path / "undisturbed")
    assert {path: path.stat().st_mtime_ns for path in before} == before
    for kind in ("Ctrl-C", "SIGTERM", "kill -9"):
        tally.survived(kind)


def keeps(output: Path, answers: int) -> Callable[[], bool]:
    """Whether so many of the model's answers are on disk."""

    def there() -> bool:
        replies = output.glob("*/*/replies/*.md")
        return sum(not path.name.endswith(".prompt.md") for path in replies) >= answers

    return there


@dataclass
class FallsSilent:
    """A model that answers so many questions and then holds all others: the book cannot be done."""

    answers: int
    held: int = 0

    def __call__(self, incoming: Incoming) -> Reaction:
        self.answers -= 1
        if self.answers >= 0:
            return good_teacher(incoming)
        self.held += 1
        return Hang(600)

    def is_holding(self) -> bool:
        """Whether the book waits for an answer that does not come."""
        return self.held > 0


def wait_until(condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 240
    while not condition():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
