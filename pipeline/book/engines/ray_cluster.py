"""The cluster under the Ray engine: reaching it, what its nodes have, and whether they fit."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import uuid
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.book.engines.plan import Lane
from pipeline.book.engines.ray_tasks import Badge, unfit
from pipeline.errors import MissingDependencyError, PipelineError, WorkspaceError
from pipeline.settings.book import RaySettings

# A node starts a worker within seconds; one that does not answer for a minute has gone.
_START_S = 60.0


def connect(settings: RaySettings) -> Any:
    """The ``ray`` module, connected.

    Raises:
        MissingDependencyError: Ray is not installed.
        PipelineError: the cluster cannot be reached.
    """
    # Ray reports usage statistics to its makers unless told not to.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError as error:
        raise MissingDependencyError(
            "the Ray engine needs Ray, which is not installed",
            "pip install 'lecture-chapter[ray]', or use --engine local",
        ) from error
    try:
        ray.init(
            address=settings.address,
            namespace="lecture-chapter",
            log_to_driver=False,
            logging_level=logging.ERROR,
            include_dashboard=False if settings.address is None else None,
        )
    except (ConnectionError, RuntimeError, ValueError, TimeoutError) as error:
        said = " ".join(str(error).split())
        raise PipelineError(
            f"the Ray cluster ({settings.address or 'RAY_ADDRESS'}) cannot be reached: {said}",
            "start it with `ray start --head`, and name it with --set ray.address=HOST:6379",
        ) from error
    return ray


def needs_of(ray: Any, settings: RaySettings) -> Mapping[Lane, dict[str, float]]:
    """What a step of each lane takes, cut to what the largest node has."""
    nodes = [node["Resources"] for node in ray.nodes() if node["Alive"]]
    cpus = max((node.get("CPU", 0.0) for node in nodes), default=1.0)
    gpus = max((node.get("GPU", 0.0) for node in nodes), default=0.0)

    def processors(wish: float) -> dict[str, float]:
        return {"num_cpus": min(wish, cpus)}

    speech = processors(settings.transcribe_cpus)
    if gpus and settings.transcribe_gpus:
        speech["num_gpus"] = min(settings.transcribe_gpus, gpus)
    return {
        "network": processors(settings.download_cpus),
        "speech": speech,
        "screen": processors(settings.segment_cpus),
        "model": processors(settings.write_cpus),
        "checks": processors(settings.check_cpus),
    }


def node_name(node: Mapping[str, Any]) -> str:
    """A node of ``ray.nodes()`` as messages call it: its address and the beginning of its id."""
    return f"{node.get('NodeManagerAddress', '')} {node.get('NodeID', '')[:8]}"


@contextlib.contextmanager
def badge_in(shared: Path) -> Iterator[Badge]:
    """A file in the output folder by which nodes show that they see it, until the block ends."""
    shared.mkdir(parents=True, exist_ok=True)
    token = shared / f".seen-{uuid.uuid4().hex}"
    token.touch()
    try:
        yield Badge(str(token))
    finally:
        token.unlink(missing_ok=True)


def others_than(unfit: Iterable[str]) -> dict[str, dict[str, str]]:
    """The option of a task that keeps it off these nodes; none when there are none."""
    nodes = ",".join(sorted(unfit))
    return {"label_selector": {"ray.io/node-id": f"!in({nodes})"}} if nodes else {}


def check_nodes(ray: Any, badge: Badge) -> None:
    """Every node must see the output folder, and run the same version.

    Raises:
        WorkspaceError: a node does not; all that do not are named.
        PipelineError: a node does not answer.
    """
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    asked = {
        node_name(node): ray.remote(_look)
        .options(
            num_cpus=0,
            max_retries=0,
            scheduling_strategy=NodeAffinitySchedulingStrategy(node["NodeID"], soft=False),
        )
        .remote(badge)
        for node in ray.nodes()
        if node["Alive"]
    }
    try:
        found = {name: seen for name, one in asked.items() if (seen := _seen(ray, one))}
    except ray.exceptions.RayError as error:
        said = " ".join(str(error).split())[:300]
        raise PipelineError(
            f"a node of the cluster does not answer: {said}",
            "install the same version of lecture-chapter on every node",
        ) from error
    if bad := [f"{name} ({host}) {why}" for name, (host, why) in found.items() if why]:
        raise WorkspaceError(
            f"nodes of the cluster cannot do the work: {'; '.join(bad)}",
            "put --output on a folder that all nodes mount at the same path (NFS or the like), "
            "and install the same version on every node",
        )


def _seen(ray: Any, reference: Any) -> tuple[str, str] | None:
    """A node's answer: its host's name, and why it is unfit (empty when it is not); None when the
    node has gone: Ray lists a lost one for a while."""
    lost = (
        ray.exceptions.TaskUnschedulableError,
        ray.exceptions.NodeDiedError,
        ray.exceptions.WorkerCrashedError,
    )
    try:
        seen: tuple[str, str] = ray.get(reference, timeout=_START_S)
    except lost:
        return None
    return seen


def _look(badge: Badge) -> tuple[str, str]:
    return socket.gethostname(), unfit(badge)
