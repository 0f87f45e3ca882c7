"""The Ray engine: every step of every lecture is a task with what it needs; Ray does the rest.

No scheduling of our own: a task names its resources and waits for the task of the step before it.
Money, pace and news go through one named actor. Results are files in the output folder, which every
node must see.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from pipeline.book.desk import Desk, News
from pipeline.book.plan import Done, Lecture, Plan, Work
from pipeline.book.ray_cluster import check_nodes, connect, needs_of
from pipeline.llm.account import Verdict
from pipeline.settings.ray import RaySettings

_POLL_S = 0.5
_START_S = 60.0
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

    def run(self, plan: Plan, desk: Desk, hear: Callable[[News | Done], None]) -> dict[int, Done]:
        """See ``Engine``.

        Raises:
            WorkspaceError: a node does not see the output folder.
        """
        check_nodes(self._ray, self._shared)
        actor = _actor(self._ray, desk)
        try:
            return self._run(plan, actor, hear)
        finally:
            with suppress(self._ray.exceptions.RayError):
                self._ray.kill(actor)

    def _run(self, plan: Plan, actor: Any, hear: Callable[[News | Done], None]) -> dict[int, Done]:
        ray = self._ray
        work = ray.put(plan.work)
        needs = needs_of(ray, self._settings)
        task = ray.remote(_step)
        retries = self._settings.retries
        steps = [
            (step.name, task.options(name=step.name, max_retries=retries, **needs[step.lane]))
            for step in plan.steps
        ]
        last: dict[int, Done] = {}
        running: dict[Any, Lecture] = {}
        coming = iter(plan.lectures)
        while True:
            while len(running) < self._settings.in_flight and (lecture := next(coming, None)):
                before = None
                for name, remote in steps:
                    before = remote.remote(before, work, lecture, name, actor)
                running[before] = lecture
            if not running:
                return last
            ended, _ = ray.wait(list(running), num_returns=1, timeout=_POLL_S)
            if ended:  # all that have ended, not only the first
                ended, _ = ray.wait(list(running), num_returns=len(running), timeout=0)
            for news in ray.get(actor.news.remote()):
                hear(news)
            for one in ended:
                lecture = running.pop(one)
                last[lecture.number] = _result(ray, one, lecture)
                hear(last[lecture.number])


def _actor(ray: Any, desk: Desk) -> Any:
    """The desk as a named actor on the driver's node: it ends with the driver."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
    made = (
        ray.remote(_Desk)
        .options(name=f"desk-{uuid.uuid4().hex[:8]}", num_cpus=0, scheduling_strategy=here)
        .remote(desk)
    )
    carried = {name: os.environ[name] for name in _CARRIED if os.environ.get(name)}
    ray.get(made.confide.remote(carried), timeout=_START_S)
    return made


class _Desk:
    """The book's desk, and what the driver confides to the steps (never written anywhere)."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._environment: dict[str, str] = {}

    def confide(self, environment: dict[str, str]) -> None:
        self._environment = environment

    def environment(self) -> dict[str, str]:
        return self._environment

    def call(self, name: str, *arguments: Any) -> Any:
        return getattr(self._desk, name)(*arguments)

    def news(self) -> list[News]:
        return self._desk.news()


class _RayOffice:
    """The desk as a step on some node sees it."""

    def __init__(self, ray: Any, actor: Any) -> None:
        self._ray = ray
        self._actor = actor

    def _ask(self, name: str, *arguments: object) -> Any:
        return self._ray.get(self._actor.call.remote(name, *arguments))

    def reserve(self, holder: str, tokens: int, cost: float) -> Verdict:
        verdict: Verdict = self._ask("reserve", holder, tokens, cost)
        return verdict

    def settle(self, holder: str, tokens: int, cost: float, paid: int, paid_cost: float) -> None:
        self._ask("settle", holder, tokens, cost, paid, paid_cost)

    def admit(self, tokens: int) -> float:
        return float(self._ask("admit", tokens))

    def pause(self, seconds: float) -> None:
        self._ask("pause", seconds)

    def release(self, holder: str) -> None:
        self._ask("release", holder)

    def tell(self, *news: object) -> None:
        self._actor.call.remote("tell", *news)


# The desks that have told this process their environment.
_confided: set[Any] = set()


def _step(before: Done | None, work: Work, lecture: Lecture, step: str, actor: Any) -> Done:
    """One step on some node; a failure before it is handed on."""
    import ray

    if before is not None and before.failure is not None:
        return before
    if actor._actor_id not in _confided:
        os.environ.update(ray.get(actor.environment.remote()))
        _confided.add(actor._actor_id)
    return work(lecture, step, _RayOffice(ray, actor))


def _result(ray: Any, reference: Any, lecture: Lecture) -> Done:
    try:
        done: Done = ray.get(reference)
    except ray.exceptions.RayError as error:
        said = " ".join(str(error).split())[:300]
        return Done(lecture.number, "", failure=f"lost on the cluster: {said}")
    return done
