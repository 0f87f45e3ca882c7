"""A small Ray cluster of real processes on loopback: a head and two workers, one processor each."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.shared import ROOT

_OBJECT_STORE = 80 << 20  # the least that Ray takes


@dataclass
class Cluster:
    """``address`` of the head; ``nodes`` are the processes of ``ray start --block``."""

    address: str
    folder: Path
    nodes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def kill_node(self, index: int) -> None:
        """``kill -9`` for a node and everything on it."""
        os.killpg(self.nodes[index].pid, signal.SIGKILL)
        self.nodes[index].wait()
        del self.nodes[index]

    def add_blind_node(self, hidden: Path) -> str:
        """Start a node in a view of the file system of its own, in which ``hidden`` is an empty
        folder; its id. Call it from a process that is connected to the cluster.

        Skips where a process may not have a view of its own (``unshare -m``).
        """
        import ray

        cover = f'mount -t tmpfs none "{hidden}"'
        if subprocess.run(["unshare", "-m", "sh", "-c", cover], capture_output=True).returncode:
            pytest.skip("unshare -m with a mount is not permitted here: no node can be made blind")
        before = _ids(ray)
        log = self.folder.with_name(f"{self.folder.name}-blind.log")
        wrapped = ["unshare", "-m", "sh", "-c", f'{cover} && exec "$@"', "sh"]
        self.nodes.append(_start(log, f"--address={self.address}", "--num-cpus=4", before=wrapped))
        _wait_for([log])
        deadline = time.monotonic() + 120
        while not (new := _ids(ray) - before):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        return new.pop()


def _ids(ray: Any) -> set[str]:
    return {node["NodeID"] for node in ray.nodes() if node["Alive"]}


@contextlib.contextmanager
def cluster(folder: Path, workers: int = 2, cpus: int = 1) -> Iterator[Cluster]:
    """A running cluster; skips where Ray is not installed. Each node claims ``cpus``."""
    pytest.importorskip("ray", reason="Ray is not installed: pip install 'lecture-chapter[ray]'")
    made = Cluster(f"127.0.0.1:{_free_port()}", folder)
    port = made.address.rpartition(":")[2]
    head = ["--head", f"--port={port}", "--include-dashboard=false", f"--temp-dir={folder}"]
    processors = f"--num-cpus={cpus}"
    logs = [folder.with_name(f"{folder.name}-{number}.log") for number in range(workers + 1)]
    try:
        made.nodes.append(_start(logs[0], processors, *head))
        _wait_for(logs[:1])
        for log in logs[1:]:  # at once they can be too much for a busy machine
            made.nodes.append(_start(log, f"--address={made.address}", processors))
            _wait_for([log])
        yield made
    finally:
        for node in made.nodes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(node.pid, signal.SIGKILL)
            node.wait()


def _start(log: Path, *arguments: str, before: Sequence[str] = ()) -> subprocess.Popen[bytes]:
    ray = Path(sys.executable).with_name("ray")
    command = [
        *before,
        str(ray),
        "start",
        "--block",
        "--node-ip-address=127.0.0.1",
        "--disable-usage-stats",
    ]
    command += [f"--object-store-memory={_OBJECT_STORE}", *arguments]
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_raylet_start_wait_time_s": "120",
    }
    with log.open("wb") as told:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdout=told,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(logs: list[Path], seconds: float = 120.0) -> None:
    """Until every node says that it is up."""
    deadline = time.monotonic() + seconds
    while not all("Ray runtime started" in log.read_text(errors="replace") for log in logs):
        if time.monotonic() > deadline:
            said = "\n".join(log.read_text(errors="replace")[-1500:] for log in logs)
            raise TimeoutError(f"Ray did not start within {seconds:.0f} s:\n{said}")
        time.sleep(0.2)
