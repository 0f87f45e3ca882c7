"""Real runs of the real program: what they say, and what they leave behind."""

from __future__ import annotations

import contextlib
import json
import os
import random
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.shared import ROOT

LONG = os.environ.get("FAULTS") == "long"
_PATIENCE_S = 240.0
_MARK = "RUN_MARK"


def wait_for(condition: Callable[[], object], what: str) -> None:
    """Poll until ``condition`` holds; fail, saying ``what``, when it never does."""
    deadline = time.monotonic() + _PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.01)


class Run:
    """``python -m pipeline run``, reporting as JSON lines, with a folder of its own for temporary
    files; everything it starts can be found by a mark in its environment."""

    def __init__(self, source: Path | str, output: Path, *words: str, tmp: Path) -> None:
        tmp.mkdir(exist_ok=True)
        self.tmp = tmp
        self._mark = secrets.token_hex(8)
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "pipeline", "run", str(source), "--output", str(output)),
                *("--progress", "json", "--set", "screens.workers=1", *words),
            ],
            cwd=ROOT,
            env=os.environ | {"TMPDIR": str(tmp), _MARK: self._mark, "OPENAI_API_KEY": "none"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []
        self._readers = [threading.Thread(target=self._read, daemon=True)]
        self._readers[0].start()

    def _read(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self.lines.append(line.rstrip("\n"))

    @property
    def events(self) -> list[dict[str, Any]]:
        """What it reported so far."""
        return [json.loads(line) for line in list(self.lines) if line.startswith("{")]

    @property
    def errors(self) -> list[str]:
        """Its ``error:`` lines."""
        return [line for line in self.lines if line.startswith("error:")]

    def begun(self) -> list[str]:
        """The stages it has begun, in order."""
        return [event["stage"] for event in self.events if "begins" in event]

    def wait_until(self, holds: Callable[[dict[str, Any]], object]) -> bool:
        """Wait for an event; False when the run ends without it."""
        wait_for(
            lambda: any(map(holds, self.events)) or not self._readers[0].is_alive(), "an event"
        )
        return any(map(holds, self.events))

    def wait_for_stage(self, name: str) -> bool:
        """Wait until a stage begins; False when the run ends without beginning it."""
        return self.wait_until(lambda event: event["stage"] == name and "begins" in event)

    def signal(self, number: int, *, everyone: bool = False) -> None:
        """Send a signal to the process, or (as a terminal does) to its whole group."""
        with contextlib.suppress(ProcessLookupError):
            if everyone:
                os.killpg(self.process.pid, number)
            else:
                self.process.send_signal(number)

    def end(self) -> int:
        """Wait for its end and return the exit status; nothing it started lives on."""
        status = self.process.wait(_PATIENCE_S)
        self._readers[0].join(_PATIENCE_S)
        wait_for(lambda: not self.survivors(), f"the end of {self.survivors()}")
        assert not any("Traceback" in line or "Exception" in line for line in self.lines), (
            self.lines
        )
        return status

    def finish(self) -> list[str]:
        """Wait for a run that must succeed; the stages it worked on."""
        assert self.end() == 0, self.lines
        return self.begun()

    def fail(self) -> str:
        """Wait for a run that must fail; its one error line."""
        assert self.end() == 1, self.lines
        assert len(self.errors) == 1, self.lines
        return self.errors[0]

    def kill(self) -> None:
        """``kill -9``."""
        self.signal(signal.SIGKILL)
        self.end()

    def survivors(self) -> list[str]:
        """The command lines of living processes that this run started, or of itself."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if f"{_MARK}={self._mark}".encode() in (folder / "environ").read_bytes():
                    found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        return found


def lengths(run: Run) -> dict[str, float]:
    """The seconds that each stage of a finished run took."""
    return {e["stage_done"]: e["seconds"] for e in run.events if "stage_done" in e}


def moment(moments: random.Random, length_s: float) -> None:
    """Wait for a random part of ``length_s``."""
    time.sleep(moments.uniform(0.0, length_s))


def finished_stages(output: Path) -> set[str]:
    """The stages with a manifest."""
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


def litter(*folders: Path) -> list[Path]:
    """Temporary files that nobody will come back for."""
    return [
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.name.endswith((".tmp", ".taking"))
        or path.name.startswith(("tmp", "cells-", "taking"))
    ]
