"""The judge: reads, compares and judges what cells gave, in a process of its own that may die.

What comes out of the sandbox was made by hostile code: a line of 4 MB that would take gigabytes to
parse, merges that double 40 times. The judge's process has limits of memory and time, and is
restarted after an answer that was too much for it.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from pydantic import TypeAdapter

from pipeline.cells.oracles.findings import OracleFinding
from pipeline.redaction import without_keys

_log = logging.getLogger(__name__)

_REPLY_BYTES = 4 << 20  # findings have 100 entries of 4,000 letters at most (``judge_process``)
_START_S = 60.0  # a slow machine, and oracles of another field with heavy imports
_QUESTIONS = 500  # that oracles ask a chapter about one cell; ours ask a dozen
_CELL_S = 60.0  # for all oracles on one cell
_FINDINGS = TypeAdapter(tuple[OracleFinding, ...])


@dataclass(frozen=True)
class JudgeLimits:
    """What judging may use.

    Args:
        seconds: for one answer of the judge, without the time that the chapter's functions take.
        memory_mb: MiB. The vocabulary of GPT-4 takes 150.
    """

    seconds: float = 10.0
    memory_mb: int = 1024


class RawCaller(Protocol):
    """What can call a function of the chapter (``FreshCaller``, or a fake)."""

    doubtful: bool
    """Set when an answer came from a process that cells can have changed."""

    def call(self, function: str, inputs: str, seconds: float) -> bytes | None:
        """What the function gives for each input, unread; None when it took too long or died."""


class NoVerdictError(Exception):
    """The judge could not say anything: it took too long, or needed too much memory."""


class Judge:
    """A judge and its process, which ``begin`` or the first question starts. To be closed.

    Args:
        oracles: the names of the oracles, as in ``check.oracles``.
        ranks: published vocabulary files, by their file names.
    """

    def __init__(
        self,
        oracles: Sequence[str] = (),
        ranks: Mapping[str, Path] | None = None,
        limits: JudgeLimits | None = None,
    ) -> None:
        self._oracles = tuple(oracles)
        self._ranks = {name: str(path) for name, path in (ranks or {}).items()}
        self._limits = limits or JudgeLimits()
        self._names: list[str] = []
        self._ready = False
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: queue.Queue[bytes] = queue.Queue(maxsize=4)

    def __enter__(self) -> Judge:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def agree(self, claimed: str, real: str) -> bool:
        """Whether a claimed output is what the real one shows; see ``compare.agree``.

        Raises:
            NoVerdictError: that could not be found out within the limits.
        """
        if claimed == real:
            return True
        return bool(self._ask({"do": "agree", "claimed": claimed, "real": real}))

    def is_picture(self, content: bytes) -> bool:
        """Whether a picture can be shown: it decodes, and is not too large when it has."""
        if not content:
            return False
        with contextlib.suppress(NoVerdictError):
            return bool(self._ask({"do": "picture", "content": content.hex()}))
        return False

    def examine(
        self, defined: frozenset[str], names: Mapping[str, str], caller: RawCaller
    ) -> tuple[OracleFinding, ...]:
        """What the oracles find about the names that a cell defined.

        An oracle that fails is skipped, with its reason.
        """
        request = {"do": "examine", "defined": sorted(defined), "names": dict(names)}
        return self._findings(request, caller)

    def read(self, prose: str, codes: Sequence[str] = ()) -> tuple[OracleFinding, ...]:
        """What the oracles find about the claims in a text, see ``Oracle.read``."""
        return self._findings({"do": "read", "prose": prose, "codes": list(codes)}, None)

    def close(self) -> None:
        """End the process. May be called twice."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()

    def _findings(
        self, request: dict[str, Any], caller: RawCaller | None
    ) -> tuple[OracleFinding, ...]:
        found: list[OracleFinding] = []
        deadline = time.monotonic() + _CELL_S
        self._be_ready()
        for number, name in enumerate(self._names):
            if caller:
                caller.doubtful = False
            try:
                new = _FINDINGS.validate_python(self._ask(request | {"oracle": number}, caller))
                found += map(_doubted, new) if caller and caller.doubtful else new
            except NoVerdictError as error:
                found.append(OracleFinding(name, "skipped", str(error)))
            if time.monotonic() > deadline:
                found.append(
                    OracleFinding("oracles", "skipped", f"judging takes more than {_CELL_S:g} s")
                )
                break
        return tuple(found)

    def _ask(self, request: dict[str, Any], caller: RawCaller | None = None) -> Any:
        """One question and its answer; the judge's own questions to the chapter in between.

        Raises:
            NoVerdictError: the process died or took too long.
        """
        self._be_ready()
        self._say(request)
        for _ in range(_QUESTIONS):
            reply = self._hear(self._limits.seconds)
            if "call" not in reply:
                return reply["result"]
            answer = caller and caller.call(reply["call"], reply["inputs"], reply["seconds"])
            self._say({"answer": answer.decode("ascii", "replace") if answer else None})
        self.close()
        raise NoVerdictError("asks without end")

    def begin(self) -> None:
        """Start the process, and do not wait for it; the first question would do so and wait."""
        if self._process:
            return
        self._ready = False
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pipeline.cells.judge_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=without_keys(),
            start_new_session=True,
        )
        self._lines = queue.Queue(maxsize=4)
        threading.Thread(target=_read, args=(self._process, self._lines), daemon=True).start()
        self._say(
            {
                "path": sys.path,
                "oracles": self._oracles,
                "ranks": self._ranks,
                "seconds": self._limits.seconds,
                "memory": self._limits.memory_mb << 20 if os.name == "posix" else 0,
            }
        )

    def _be_ready(self) -> None:
        self.begin()
        if not self._ready:
            self._names = [str(name) for name in self._hear(_START_S)["oracles"]]
            self._ready = True

    def _say(self, message: dict[str, Any]) -> None:
        assert self._process and self._process.stdin
        with contextlib.suppress(OSError):
            self._process.stdin.write(json.dumps(message).encode("ascii") + b"\n")
            self._process.stdin.flush()

    def _hear(self, seconds: float) -> dict[str, Any]:
        started = time.monotonic()
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            self.close()
            raise NoVerdictError(f"judging it takes more than {seconds:g} s") from None
        if not line.endswith(b"\n"):
            self.close()
            _log.info("the judge ended after %.1f s", time.monotonic() - started)
            raise NoVerdictError(f"judging it takes more than {self._limits.memory_mb} MiB")
        reply: dict[str, Any] = json.loads(line)
        return reply


def _doubted(finding: OracleFinding) -> OracleFinding:
    """What a process said of itself is no proof; that a function is wrong needs none."""
    if finding.status != "passed":
        return finding
    why = "cannot be asked apart from the cells before it; there it seems right"
    return OracleFinding(finding.name, "skipped", f"{why}: {finding.detail}")


def _read(process: subprocess.Popen[bytes], lines: queue.Queue[bytes]) -> None:
    """Pass on what the process says, line by line; an unfinished one is the last."""
    assert process.stdout
    with contextlib.suppress(OSError, ValueError):
        while True:
            line = process.stdout.readline(_REPLY_BYTES)
            lines.put(line)
            if not line.endswith(b"\n"):
                return
