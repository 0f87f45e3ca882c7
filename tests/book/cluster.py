"""A small Ray cluster of real processes on loopback: a head and two workers, one processor each."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.shared import ROOT

_OBJECT_STORE = 80 << 20  # the least that Ray takes


@dataclass
class Cluster:
    """``address`` of the head; ``nodes`` are the processes of ``ray start --block``."""

    address: str
    nodes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def kill_node(self, index: int) -> None:
        """``kill -9`` for a node and everything on it."""
        os.killpg(self.nodes[index].pid, signal.SIGKILL)
        self.nodes[index].wait()


@contextlib.contextmanager
def cluster(folder: Path, workers: int = 2, cpus: int = 1) -> Iterator[Cluster]:
    """A running cluster; skips where Ray is not installed. Each node claims ``cpus``."""
    pytest.importorskip("ray", reason="Ray is not installed: pip install 'lecture-chapter[ray]'")
    made = Cluster(f"127.0.0.1:{_free_port()}")
    port = made.address.rpartition(":")[2]
    head = ["--head", f"--port={port}", "--include-dashboard=false", f"--temp-dir={folder}"]
    processors = f"--num-cpus={cpus}"
    logs = [folder.with_name(f"{folder.name}-{number}.log") for number in range(workers + 1)]
    try:
        made.nodes.append(_start(logs[0], processors, *head))
        _wait_for(logs[:1])
        for log in logs[1:]:  # at once they can be too much for a busy machine
            made.nodes.append(_start(log, processors, f"--address={made.address}"))
            _wait_for([log])
        yield made
    finally:
        for node in made.nodes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(node.pid, signal.SIGKILL)
            node.wait()


def _start(log: Path, *arguments: str) -> subprocess.Popen[bytes]:
    ray = Path(sys.executable).with_name("ray")
    command = [str(ray), "start", "--block", "--node-ip-address=127.0.0.1", "--disable-usage-stats"]
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
