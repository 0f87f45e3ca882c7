"""The judge's own process: ``python -m pipeline.cells.judge_process``.

Lines of JSON on standard input, one answer for each on standard output. It writes no files and
starts nothing; more memory than it may have is a ``MemoryError``, which ends one question, or ends
the process, which is restarted.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from pipeline.cells.compare import agree
from pipeline.cells.oracles.answers import CallResult, read_answer
from pipeline.cells.oracles.findings import OracleFinding
from pipeline.cells.oracles.oracle import Oracle, Scope, load_oracles

_MOST_PIXELS = 40_000_000  # as of any other picture of a lecture
_MOST_FINDINGS = 100  # of one cell, one for each function or claim: far more than it can hold
_LONGEST = 2000  # letters of a finding: what differs stands at its beginning
# Beyond the time for an answer: by then the parent has ended this process, unless it died.
_GRACE_S = 60.0


class _Chapter:
    """Asks for the chapter's functions to be called, over the same pipe."""

    def __init__(self, say: Callable[[dict[str, Any]], None], hear: Callable[[], Any]) -> None:
        self._say, self._hear = say, hear

    def call(
        self, function: str, inputs: list[tuple[Any, ...]], seconds: float
    ) -> CallResult | None:
        """What the function gives for each input; None when it took too long or died.

        Raises:
            ValueError: what it gives cannot be read.
        """
        self._say({"call": function, "inputs": repr(inputs), "seconds": seconds})
        answer = self._hear()["answer"]
        return None if answer is None else read_answer(answer)


class _Bench:
    """Answers questions."""

    def __init__(
        self, oracles: tuple[Oracle, ...], ranks: dict[str, Path], chapter: _Chapter
    ) -> None:
        self._oracles, self._ranks, self._chapter = oracles, ranks, chapter

    def answer(self, request: dict[str, Any]) -> object:
        """The answer to one question."""
        if request["do"] == "agree":
            return agree(request["claimed"], request["real"])
        if request["do"] == "picture":
            return _is_picture(bytes.fromhex(request["content"]))
        oracle = self._oracles[request["oracle"]]
        found = _found_by(oracle, self._asked(oracle, request))
        return [
            asdict(one) | {"detail": one.detail[:_LONGEST], "name": one.name[:_LONGEST]}
            for one in found[:_MOST_FINDINGS]
        ]

    def _asked(
        self, oracle: Oracle, request: dict[str, Any]
    ) -> Callable[[], Iterable[OracleFinding]]:
        if request["do"] == "read":
            return lambda: oracle.read(request["prose"], request["codes"], self._ranks)
        scope = Scope(frozenset(request["defined"]), request["names"], self._chapter, self._ranks)
        return lambda: oracle.examine(scope)


def _found_by(oracle: Oracle, ask: Callable[[], Iterable[OracleFinding]]) -> list[OracleFinding]:
    """The findings of one oracle; what it raises ends it alone."""
    found: list[OracleFinding] = []
    try:
        found.extend(ask())
    except Exception as error:
        why = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        why = f"could not judge what the cell gives ({why})"
        found.append(OracleFinding(_name_of(oracle), "skipped", why))
    return found


def _name_of(oracle: Oracle) -> str:
    return type(oracle).__name__.lstrip("_")


def _is_picture(content: bytes) -> bool:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                return False
            picture.load()
    except Exception:  # Pillow raises many kinds for files that are none
        return False
    return True


def _alarm(seconds: float) -> None:
    """End this process after ``seconds``: who asked may have been killed. 0 calls it off."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _limit_memory(size: int) -> None:
    if size:
        import resource

        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def _serve(commands: IO[bytes], answers: IO[bytes]) -> None:
    def say(message: dict[str, Any]) -> None:
        answers.write(json.dumps(message).encode("ascii") + b"\n")
        answers.flush()

    def hear() -> Any:
        _alarm(0)
        line = commands.readline()
        if not line:
            os._exit(0)
        _alarm(settings["seconds"] + _GRACE_S)
        return json.loads(line)

    settings: dict[str, Any] = {"seconds": 0}
    settings |= hear()
    sys.path[:] = settings["path"]
    oracles = load_oracles(settings["oracles"])
    ranks = {name: Path(path) for name, path in settings["ranks"].items()}
    _limit_memory(settings["memory"])
    bench = _Bench(oracles, ranks, _Chapter(say, hear))
    say({"oracles": [_name_of(oracle) for oracle in oracles]})
    while True:
        request = hear()
        try:
            result = bench.answer(request)
        except MemoryError:
            os._exit(1)  # what is left of the memory is not worth judging with
        say({"result": result})


def main() -> None:
    """Take standard input and output for questions and answers; oracles that print say nothing."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    _serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
