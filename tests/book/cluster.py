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
def cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """A running cluster; skips where Ray is not installed."""
    pytest.importorskip("ray", reason="Ray is not installed: pip install 'lecture-chapter[ray]'")
    made = Cluster(f"127.0.0.1:{_free_port()}")
    port = made.address.rpartition(":")[2]
    head = ["--head", f"--port={port}", "--include-dashboard=false", f"--temp-dir={folder}"]
    try:
        made.nodes.append(_start(*head, "--num-cpus=1"))
        _wait_for(int(port))
        for _ in range(workers):
            made.nodes.append(_start(f"--address={made.address}", "--num-cpus=1"))
        yield made
    finally:
        for node in made.nodes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(node.pid, signal.SIGKILL)
            node.wait()


def _start(*arguments: str) -> subprocess.Popen[bytes]:
    ray = Path(sys.executable).with_name("ray")
    command = [str(ray), "start", "--block", "--node-ip-address=127.0.0.1", "--disable-usage-stats"]
    command += [f"--object-store-memory={_OBJECT_STORE}", *arguments]
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_DISABLE_DOCKER_CPU_WARNING": "1",
    }
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.2)
    raise TimeoutError(f"no Ray head at port {port} within {seconds} s")
