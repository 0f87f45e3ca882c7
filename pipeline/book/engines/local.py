"""The local engine: each lane has a few worker processes; a lecture goes from lane to lane."""

from __future__ import annotations

import heapq
import multiprocessing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from typing import Any

from pipeline.book.engines.coordinator import Coordinator, ProgressEvent
from pipeline.book.engines.plan import BookLecture, BookPlan, Lane, Step, StepResult
from pipeline.book.engines.step_barrier import StepBarrier
from pipeline.book.engines.worker import Worker

_POLL_S = 0.5  # between two looks for news to show; ends of steps are heard of at once


@dataclass(frozen=True)
class _Task:
    """The ``index``-th step of a lecture. Sorted: earlier lectures first."""

    number: int
    index: int
    attempt: int = 1

    def __lt__(self, other: _Task) -> bool:
        return (self.number, self.index) < (other.number, other.index)


@dataclass
class _LanePool:
    """A lane: its places, its idle workers, and the tasks that wait, as a heap."""

    places: int
    idle: list[Worker] = field(default_factory=list)
    workers: int = 0
    waiting: list[_Task] = field(default_factory=list)


class LocalEngine:
    """Runs a plan in processes of this machine.

    Args:
        places: how many steps of each lane run at once; a process is started when it is needed.
        in_flight: lectures started and not ended, at most (they fill the disk).
        attempts: how often a step is started whose process died.
    """

    def __init__(self, places: Mapping[Lane, int], in_flight: int, attempts: int = 2) -> None:
        self._places = places
        self._in_flight = in_flight
        self._attempts = attempts

    def run(
        self,
        plan: BookPlan,
        coordinator: Coordinator,
        hear: Callable[[ProgressEvent | StepResult], None],
    ) -> dict[int, StepResult]:
        """See ``Engine``. After Ctrl-C the workers end as an interrupted ``run`` does."""
        run = _Run(self._places, self._attempts, plan, coordinator, hear)
        try:
            return run.run_all(self._in_flight)
        finally:
            run.close()


class _Run:
    """One run of the engine."""

    def __init__(
        self,
        places: Mapping[Lane, int],
        attempts: int,
        plan: BookPlan,
        coordinator: Coordinator,
        hear: Callable[[ProgressEvent | StepResult], None],
    ) -> None:
        self._plan = plan
        self._coordinator = coordinator
        self._hear = hear
        self._attempts = attempts
        self._lanes = {lane: _LanePool(count) for lane, count in places.items()}
        self._lectures: dict[int, BookLecture] = {}
        self._busy: dict[Any, tuple[Worker, _Task]] = {}
        self._last: dict[int, StepResult] = {}
        self._frontier = StepBarrier(plan.lectures)
        self._processes = _context()

    def run_all(self, in_flight: int) -> dict[int, StepResult]:
        """All lectures, ``in_flight`` at a time."""
        coming = iter(self._plan.lectures)
        while True:
            while len(self._lectures) < in_flight and (lecture := next(coming, None)):
                self._lectures[lecture.number] = lecture
                self._queue(_Task(lecture.number, 0))
            self._hand_out()
            if not self._busy:
                return self._last
            for channel in wait(list(self._busy), _POLL_S):
                self._receive(channel)
            for news in self._coordinator.news():
                self._hear(news)

    def close(self) -> None:
        """End every worker; those at work are interrupted first, then killed."""
        workers = [worker for worker, _ in self._busy.values()]
        idle = [worker for lane in self._lanes.values() for worker in lane.idle]
        for worker in workers:
            worker.interrupt()
        for worker in [*idle, *workers]:
            worker.close()

    def _step(self, task: _Task) -> Step:
        return self._plan.steps[task.index]

    def _queue(self, task: _Task) -> None:
        heapq.heappush(self._lanes[self._step(task).lane].waiting, task)

    def _hand_out(self) -> None:
        for lane in self._lanes.values():
            while lane.waiting and (lane.idle or lane.workers < lane.places):
                task = heapq.heappop(lane.waiting)
                if lane.idle:
                    worker = lane.idle.pop()
                else:
                    worker = Worker(self._processes, self._plan.work)
                    lane.workers += 1
                self._busy[worker.channel] = (worker, task)
                worker.begin(self._lectures[task.number], self._step(task).name)

    def _receive(self, channel: Any) -> None:
        """One message of a worker: a question to the coordinator, or the end of its step."""
        worker, task = self._busy[channel]
        lane = self._lanes[self._step(task).lane]
        try:
            message = worker.receive(self._coordinator)
        except (EOFError, OSError):
            del self._busy[channel]
            lane.workers -= 1
            worker.close()
            self._lost(task)
            return
        if message is not None:
            del self._busy[channel]
            lane.idle.append(worker)
            self._ended(task, message)

    def _lost(self, task: _Task) -> None:
        name = self._step(task).name
        if task.attempt < self._attempts:
            text = "its process was killed; restarting it"
            self._hear_warning(task.number, name, text)
            self._queue(_Task(task.number, task.index, task.attempt + 1))
            return
        reason = f"its process was killed {task.attempt} times (too little memory?)"
        self._ended(task, StepResult(task.number, name, failure=reason))

    def _hear_warning(self, number: int, step: str, text: str) -> None:
        self._coordinator.tell(number, step, "warn", text, 0.0, 0.0)

    def _ended(self, task: _Task, done: StepResult) -> None:
        if done.failure is not None or task.index == self._plan.awaited:
            for number in self._frontier.passed(task.number):
                self._queue(_Task(number, self._plan.gate or 0))
        coming = task.index + 1
        if done.failure is None and coming < len(self._plan.steps):
            if coming != self._plan.gate or self._frontier.may_go_on(task.number):
                self._queue(_Task(task.number, coming))
            return
        self._last[task.number] = done
        del self._lectures[task.number]
        for news in self._coordinator.news():
            self._hear(news)
        self._hear(done)


def _context() -> Any:
    """How processes are made: copies of one clean process that has loaded the modules once, where
    the system can do that (a worker then starts in milliseconds), else from scratch."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pipeline.book.engines.lecture_step"])
    return context
