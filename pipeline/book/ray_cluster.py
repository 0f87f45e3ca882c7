"""The cluster under the Ray engine: reaching it, what its nodes have, and whether they fit."""

from __future__ import annotations

import logging
import os
import socket
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.book.plan import Lane
from pipeline.errors import MissingDependencyError, PipelineError, WorkspaceError
from pipeline.settings.ray import RaySettings

# A node that does not answer for so long has gone.
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


def check_nodes(ray: Any, shared: Path) -> None:
    """Every node must see the output folder, and run the same version.

    Raises:
        WorkspaceError: with the nodes that do not.
    """
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    shared.mkdir(parents=True, exist_ok=True)
    token = shared / f".seen-{uuid.uuid4().hex}"
    token.touch()
    try:
        asked = {
            node["NodeManagerAddress"] + " " + node["NodeID"][:8]: ray.remote(_look)
            .options(
                num_cpus=0,
                max_retries=0,
                scheduling_strategy=NodeAffinitySchedulingStrategy(node["NodeID"], soft=False),
            )
            .remote(str(token))
            for node in ray.nodes()
            if node["Alive"]
        }
        found = {name: seen for name, one in asked.items() if (seen := _seen(ray, one))}
    except ray.exceptions.RayError as error:
        said = " ".join(str(error).split())[:300]
        raise PipelineError(
            f"a node of the cluster does not answer: {said}",
            "install the same version of lecture-chapter on every node",
        ) from error
    finally:
        token.unlink(missing_ok=True)
    if blind := blind_nodes(found):
        raise WorkspaceError(
            f"these nodes do not see {shared}: {', '.join(blind)}",
            "put --output on a folder that all nodes mount at the same path (NFS or the like)",
        )
    other = [f"{name} has {has}" for name, (_, _, has) in found.items() if has != __version__]
    if other:
        raise PipelineError(
            f"nodes run another version than {__version__}: {', '.join(other)}",
            "install the same version on every node",
        )


def blind_nodes(found: Mapping[str, tuple[str, bool, str]]) -> list[str]:
    """The nodes, by their answers (host, whether it sees the folder, version), that see nothing."""
    return [f"{name} ({host})" for name, (host, sees, _) in found.items() if not sees]


def _seen(ray: Any, reference: Any) -> tuple[str, bool, str] | None:
    """A node's answer; None when the node has gone: Ray lists a lost one for a while."""
    lost = (
        ray.exceptions.TaskUnschedulableError,
        ray.exceptions.NodeDiedError,
        ray.exceptions.WorkerCrashedError,
    )
    try:
        seen: tuple[str, bool, str] = ray.get(reference, timeout=_START_S)
    except lost:
        return None
    return seen


def _look(token: str) -> tuple[str, bool, str]:
    return socket.gethostname(), Path(token).is_file(), __version__
