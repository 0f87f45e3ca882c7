"""What runs on the nodes of a Ray cluster: a step, and the coordinator that all steps share."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.book.engines.coordinator import Coordinator, ProgressEvent
from pipeline.book.engines.coordinator_client import CoordinatorClient
from pipeline.book.engines.plan import BookLecture, StepResult, Work


@dataclass(frozen=True)
class Badge:
    """How a node shows that it can do the book's work: it sees the file ``token`` in the output
    folder, and runs the driver's ``version``."""

    token: str
    version: str = __version__


@dataclass(frozen=True)
class Unfit:
    """A step was not started, because the node ``node_id`` on machine ``host`` cannot do it:
    ``reason`` ends the sentence that begins with the node's name."""

    node_id: str
    host: str
    reason: str


class CoordinatorActor:
    """The coordinator as an actor, with the secrets for the steps (never written to disk)."""

    def __init__(self, coordinator: Coordinator) -> None:
        self._coordinator = coordinator
        self._environment: dict[str, str] = {}

    def confide(self, environment: dict[str, str]) -> None:
        """Keep the driver's ``environment`` for the steps."""
        self._environment = environment

    def environment(self) -> dict[str, str]:
        """What was confided."""
        return self._environment

    def call(self, name: str, *arguments: Any) -> Any:
        """The coordinator's own method ``name``."""
        return getattr(self._coordinator, name)(*arguments)

    def news(self) -> list[ProgressEvent]:
        """See ``Coordinator``."""
        return self._coordinator.news()


class _RayOffice(CoordinatorClient):
    """The coordinator, reached through its actor."""

    def __init__(self, ray: Any, actor: Any) -> None:
        self._ray = ray
        self._actor = actor

    def _ask(self, name: str, *arguments: object) -> Any:
        return self._ray.get(self._actor.call.remote(name, *arguments))

    def tell(self, *news: object) -> None:
        self._actor.call.remote("tell", *news)


# The coordinators of the books that this process has been introduced to.
_introduced: set[Any] = set()


def do_step(
    before: StepResult | Unfit | None,
    work: Work,
    lecture: BookLecture,
    step: str,
    actor: Any,
    badge: Badge,
) -> StepResult | Unfit:
    """One step on some node; what kept the step before it from being done is handed on.

    The first step of a process looks whether its node is fit: a node may have joined the cluster
    after the driver looked at all there were.
    """
    import ray

    if isinstance(before, Unfit) or (before is not None and before.failure is not None):
        return before
    if actor._actor_id not in _introduced:
        if reason := unfit(badge):
            node_id = ray.get_runtime_context().get_node_id()
            return Unfit(node_id, socket.gethostname(), reason)
        os.environ.update(ray.get(actor.environment.remote()))
        _introduced.add(actor._actor_id)
    return work(lecture, step, _RayOffice(ray, actor))


def unfit(badge: Badge) -> str:
    """Why this node cannot do the book's work; empty when it can."""
    if not Path(badge.token).is_file():
        return f"does not see {Path(badge.token).parent}"
    if badge.version != __version__:
        return f"runs version {__version__}, not {badge.version}"
    return ""
