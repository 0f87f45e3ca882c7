"""The Ray engine: every step of every lecture is a task with what it needs; Ray does the rest.

No scheduling of our own: a task names its resources and waits for the task of the step before it; a
step that waits for other lectures is handed over when they are that far. Money, rate limits and
news go through one named actor. Results are files in the output folder, which every node must see.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.book.engines.coordinator import Coordinator, ProgressEvent
from pipeline.book.engines.plan import BookLecture, BookPlan, StepResult
from pipeline.book.engines.ray_cluster import (
    badge_in,
    check_nodes,
    connect,
    needs_of,
    node_name,
    others_than,
)
from pipeline.book.engines.ray_tasks import Badge, CoordinatorActor, Unfit, do_step
from pipeline.book.engines.step_barrier import StepBarrier
from pipeline.errors import WorkspaceError
from pipeline.settings.book import RaySettings

_POLL_S = 0.5  # between two looks for news to show; ends of steps are heard of at once
_START_S = 60.0  # as in ``ray_cluster``: an actor that is not there by then has no node
# What a step needs of the driver's environment; workers have that of their `ray start`.
_CARRIED = ("OPENAI_API_KEY", "OPENAI_BASE_URL")


class RayEngine:
    """Runs a plan on a Ray cluster.

    Args:
        shared: the output folder; it is checked that every node sees it.

    Raises:
        MissingDependencyError: Ray is not installed.
        PipelineError: the cluster cannot be reached.
    """

    def __init__(self, settings: RaySettings, shared: Path) -> None:
        self._settings = settings
        self._shared = shared
        self._ray = connect(settings)

    def close(self) -> None:
        """Leave the cluster; what is still under way there is cancelled by Ray."""
        self._ray.shutdown()

    def run(
        self,
        plan: BookPlan,
        coordinator: Coordinator,
        hear: Callable[[ProgressEvent | StepResult], None],
    ) -> dict[int, StepResult]:
        """See ``Engine``.

        Raises:
            WorkspaceError: a node of the cluster does not see the output folder. One that joins
                later and does not see it gets no work, and ``hear`` is told.
        """
        with badge_in(self._shared) as badge:
            check_nodes(self._ray, badge)
            actor = _actor(self._ray, coordinator)
            try:
                run = _Run(self._ray, self._settings, plan, actor, badge, hear)
                return run.run_all(self._settings.in_flight)
            finally:
                with suppress(self._ray.exceptions.RayError):
                    self._ray.kill(actor)


@dataclass(frozen=True)
class _Chain:
    """Tasks of one lecture, each waiting for the one before: its steps ``first`` to ``stop``."""

    lecture: BookLecture
    first: int
    stop: int


class _Run:
    """One run of the engine."""

    def __init__(
        self,
        ray: Any,
        settings: RaySettings,
        plan: BookPlan,
        actor: Any,
        badge: Badge,
        hear: Callable[[ProgressEvent | StepResult], None],
    ) -> None:
        self._ray, self._plan, self._actor, self._badge, self._hear = ray, plan, actor, badge, hear
        self._work = ray.put(plan.work)
        self._needs = needs_of(ray, settings)
        self._task = ray.remote(max_retries=settings.retries)(do_step)
        self._gate = plan.gate or len(plan.steps)
        self._frontier = StepBarrier(plan.lectures)
        self._lectures: dict[int, BookLecture] = {}
        self._running: dict[Any, _Chain] = {}
        self._unfit: dict[str, Unfit] = {}
        self._last: dict[int, StepResult] = {}

    def run_all(self, in_flight: int) -> dict[int, StepResult]:
        """All lectures, ``in_flight`` at a time."""
        coming = iter(self._plan.lectures)
        while True:
            while len(self._lectures) < in_flight and (lecture := next(coming, None)):
                self._lectures[lecture.number] = lecture
                self._hand_over(lecture, 0)
            if not self._running:
                return self._last
            ended = self._ended()
            for news in self._ray.get(self._actor.news.remote()):
                self._hear(news)
            for reference in ended:
                self._receive(reference)

    def _hand_over(self, lecture: BookLecture, first: int) -> None:
        """Steps from ``first`` to where the lecture may have to wait for others, or to its end."""
        stop = self._gate if first < self._gate else len(self._plan.steps)
        before = None
        for step in self._plan.steps[first:stop]:
            needs = self._needs[step.lane] | others_than(self._unfit)
            task = self._task.options(name=step.name, **needs)
            before = task.remote(before, self._work, lecture, step.name, self._actor, self._badge)
        self._running[before] = _Chain(lecture, first, stop)

    def _ended(self) -> list[Any]:
        """The chains that have ended, after a moment's wait."""
        running = list(self._running)
        ended, _ = self._ray.wait(running, num_returns=1, timeout=_POLL_S)
        if ended:  # all that have ended, not only the first
            ended, _ = self._ray.wait(running, num_returns=len(running), timeout=0)
        return list(ended)

    def _receive(self, reference: Any) -> None:
        chain = self._running.pop(reference)
        lecture = chain.lecture
        done = self._result(reference, lecture)
        if isinstance(done, Unfit):
            self._pass_over(done, chain)
            self._hand_over(lecture, chain.first)  # what was done is fresh
            return
        if chain.stop == self._gate:
            for number in self._frontier.passed(lecture.number):
                self._hand_over(self._lectures[number], self._gate)
        if done.failure is None and chain.stop < len(self._plan.steps):
            if self._frontier.may_go_on(lecture.number):
                self._hand_over(lecture, chain.stop)
            return
        self._last[lecture.number] = done
        del self._lectures[lecture.number]
        self._hear(done)

    def _pass_over(self, unfit: Unfit, chain: _Chain) -> None:
        """Give that node no more work; say so, once."""
        if unfit.node_id in self._unfit:
            return
        self._unfit[unfit.node_id] = unfit
        nodes = {node["NodeID"]: node for node in self._ray.nodes()}
        node = nodes.get(unfit.node_id, {})
        said = f"node {node_name(node)} ({unfit.host}) {unfit.reason}"
        able = {name for name, one in nodes.items() if one["Resources"].get("CPU")}
        if able <= self._unfit.keys():
            raise WorkspaceError(
                f"no node of the cluster can do the work: {said}",
                "put --output on a folder that all nodes mount at the same path (NFS or the like)",
            )
        text = f"{said}: it gets no work, the step is done elsewhere"
        step = self._plan.steps[chain.first].name
        self._hear(ProgressEvent(chain.lecture.number, step, "warn", text))

    def _result(self, reference: Any, lecture: BookLecture) -> StepResult | Unfit:
        try:
            done: StepResult | Unfit = self._ray.get(reference)
        except self._ray.exceptions.RayError as error:
            said = " ".join(str(error).split())[:300]
            return StepResult(lecture.number, "", failure=f"lost on the cluster: {said}")
        return done


def _actor(ray: Any, coordinator: Coordinator) -> Any:
    """The coordinator as a named actor on the driver's node: it ends with the driver."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
    made = (
        ray.remote(CoordinatorActor)
        .options(name=f"coordinator-{uuid.uuid4().hex[:8]}", num_cpus=0, scheduling_strategy=here)
        .remote(coordinator)
    )
    carried = {name: os.environ[name] for name in _CARRIED if os.environ.get(name)}
    ray.get(made.confide.remote(carried), timeout=_START_S)
    return made
