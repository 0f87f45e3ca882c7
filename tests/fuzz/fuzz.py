"""Fuzzing a parser for a bounded time, guided by coverage.

    python -m tests.fuzz.fuzz                         the names of the targets
    python -m tests.fuzz.fuzz TARGET --seconds 60     one of them
    python -m tests.fuzz.fuzz all --seconds 20        each of them, 20 s

What breaks a promise is written to ``tests/fuzz/corpus/TARGET/``, once for each place in the code
where it breaks, and the exit status is 1; ``test_corpus.py`` replays the folder from then on. With
atheris (``pip install -e '.[fuzz]'``) new code reached decides which inputs are varied further;
where it has no wheels, inputs are varied blindly from the seeds.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

from tests.fuzz.target import CORPUS, Target

# Processor time that one input may take. Inputs are at most 4 kB.
_LIMIT_S = 4.0
_LONGEST = 4096


class TooSlowError(Exception):
    """One input took longer than its limit."""


class Finder:
    """Runs a target on inputs, and keeps those that break it, one for each place."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.runs = 0
        self.places: set[str] = set()
        signal.signal(signal.SIGVTALRM, _late)

    def __call__(self, data: bytes) -> None:
        """Try one input."""
        self.runs += 1
        signal.setitimer(signal.ITIMER_VIRTUAL, _LIMIT_S)
        try:
            self.target.run(data)
        except Exception as error:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            self._keep(data, error)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)

    def _keep(self, data: bytes, error: Exception) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        own = [one for one in frames if "site-packages" not in one.filename][-3:]
        place = f"{type(error).__name__} " + " < ".join(f"{f.name}:{f.lineno}" for f in own[::-1])
        if place in self.places:
            return
        self.places.add(place)
        self.target.corpus.mkdir(parents=True, exist_ok=True)
        path = self.target.corpus / f"found-{hashlib.sha256(data).hexdigest()[:10]}"
        path.write_bytes(data)
        _say(f"{self.target.name}: {place}: {str(error)[:200]!r}\n  kept as {path}")


def _late(_signal: int, _frame: FrameType | None) -> None:
    raise TooSlowError(f"more than {_LIMIT_S} s of processor time")


def main() -> int:
    """Run the command line; returns the exit status (1: something was found)."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.fuzz", description=__doc__)
    parser.add_argument("target", nargs="?", help="a name, or all")
    parser.add_argument("--seconds", type=int, default=20, help="for each target")
    parser.add_argument(
        "--seed", type=int, default=0, help="of the random numbers; 0: another each"
    )
    parser.add_argument("--blind", action="store_true", help="without atheris")
    options = parser.parse_args()
    if options.target == "all":
        return _all(options.seconds, options.seed)
    guided = bool(options.target and not options.blind and find_spec("atheris"))
    targets = _instrumented() if guided else _plain()
    if options.target not in targets:
        _say("\n".join(targets))
        return 0 if options.target is None else 2
    finder = Finder(targets[options.target])
    run: Callable[[Finder, int, int], None] = _guided if guided else _blind
    run(finder, options.seconds, options.seed)
    _say(f"{finder.target.name}: {finder.runs} inputs, {len(finder.places)} findings")
    return 1 if finder.places else 0


def _all(seconds: int, seed: int) -> int:
    status = 0
    for name in _plain():
        command = [sys.executable, "-m", "tests.fuzz.fuzz", name, f"--seconds={seconds}"]
        status |= subprocess.run([*command, f"--seed={seed}"], check=False).returncode != 0
    return int(status)


def _plain() -> dict[str, Target]:
    from tests.fuzz.targets import TARGETS

    return TARGETS


def _instrumented() -> dict[str, Target]:
    import atheris

    # Comparisons of texts, which most of our parsers are made of.
    atheris.enabled_hooks.add("str")
    with atheris.instrument_imports(include=["pipeline", "minbpe"]):
        return _plain()


def _guided(finder: Finder, seconds: int, seed: int) -> None:
    """With atheris; it ends the process, so that findings are reported as they come."""
    import atheris

    folder = Path(CORPUS.parent, ".work", finder.target.name)
    folder.mkdir(parents=True, exist_ok=True)
    for data in finder.target.seeds:
        (folder / hashlib.sha256(data).hexdigest()[:10]).write_bytes(data)
    arguments = [f"-max_total_time={seconds}", f"-max_len={_LONGEST}", f"-seed={seed}"]
    quiet = ["-timeout=60", "-rss_limit_mb=4096", "-print_final_stats=0", "-verbosity=1"]
    atheris.Setup([sys.argv[0], *arguments, *quiet, str(folder)], finder)
    atheris.Fuzz()


def _blind(finder: Finder, seconds: int, seed: int) -> None:
    """Without atheris: pieces of the seeds cut, doubled, repeated and mixed at random."""
    chance = random.Random(seed or None)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        data = chance.choice((*finder.target.seeds, b""))
        for _ in range(chance.randrange(1, 6)):
            data = _varied(data, chance, finder.target.seeds)
        finder(data[:_LONGEST])


def _varied(data: bytes, chance: random.Random, seeds: tuple[bytes, ...]) -> bytes:
    begin, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    other = chance.choice(seeds)
    return chance.choice((
        data[:begin] + data[end:],
        data[:begin] + data[begin:end] * chance.randrange(2, 40) + data[end:],
        data[:begin] + chance.randbytes(chance.randrange(1, 5)) + data[begin:],
        data[:begin] + other[begin:end] + data[end:],
        data[:begin] + bytes([chance.choice(b"[](){}<>`*_#$|&;:,.-=!\\/ \n\t\0019")]) + data[end:],
    ))  # fmt: skip


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
