"""``kill -9`` at any moment, then the same command again: nothing lost, nothing done twice."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from pipeline.runner import STAGES
from tests.shared import ROOT

KILLS = 20


def start(source: Path, output: Path) -> subprocess.Popen[str]:
    """The real program, in its own process group, reporting as JSON lines on stderr."""
    command = [sys.executable, "-m", "pipeline", "run", str(source)]
    command += ["--output", str(output), "--progress", "json", "--set", "segment.workers=1"]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finish(process: subprocess.Popen[str]) -> list[str]:
    """Wait for a run, which must succeed; the stages it worked on."""
    _, lines = process.communicate(timeout=300)
    assert process.returncode == 0, lines
    return [json.loads(line)["stage"] for line in lines.splitlines() if '"begins"' in line]


def finished_stages(output: Path) -> set[str]:
    return {path.parent.name for path in output.glob("*/*/manifest.json")}


def contents(output: Path) -> dict[str, bytes]:
    """Every artifact by its path, without the times of day in manifests and partial work."""
    found = {}
    for path in sorted(output.rglob("*")):
        name = path.relative_to(output).as_posix()
        if not path.is_file() or "/work/" in name or path.name.startswith("."):
            continue
        data = path.read_bytes()
        if path.name == "manifest.json":
            manifest = json.loads(data)
            del manifest["finished_at"], manifest["duration_ms"]
            data = json.dumps(manifest).encode()
        found[name] = data
    return found


def test_twenty_kills_leave_the_chapter_of_an_undisturbed_run(
    narrated_video: Path, tmp_path: Path
) -> None:
    began = time.monotonic()
    assert finish(start(narrated_video, tmp_path / "undisturbed")) == [s.name for s in STAGES]
    length_s = time.monotonic() - began
    expected = contents(tmp_path / "undisturbed")

    moments = random.Random(20)
    kills = repeated = 0
    while kills < KILLS:
        output = tmp_path / "killed"
        shutil.rmtree(output, ignore_errors=True)
        for _ in range(4):
            process = start(narrated_video, output)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(moments.uniform(0.05, 0.75) * length_s)
            if process.poll() is not None:
                process.communicate()
                break
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            kills += 1
        done_before = finished_stages(output)
        repeated += len(done_before.intersection(finish(start(narrated_video, output))))
        assert contents(output) == expected
    assert repeated == 0
