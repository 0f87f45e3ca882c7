"""How the engines of a book scale: lectures whose steps only wait.

Run: ``python -m tests.benchmarks.bench_book [local] [ray]`` (default: both that are installed).

Speed-up with 1, 2, 4 and 8 workers beside the ideal (from the first step on; what comes before
stands under "start"), what a step costs beyond its wait, and the
driver's memory for 24 and for 1,000 lectures. Waiting takes no processor, so that the numbers are
about the engine and not about the machine.
"""

from __future__ import annotations

import importlib.util
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.book.engines.coordinator import Coordinator, ProgressEvent, SpendingLimits
from pipeline.book.engines.local import LocalEngine
from pipeline.book.engines.plan import (
    STEPS_WITH_MODEL,
    BookLecture,
    BookPlan,
    Engine,
    StepCoordinator,
    StepResult,
)
from pipeline.engine.stage import Request
from pipeline.settings.book import RaySettings
from tests.book.engines.cluster import cluster

LECTURES = 24
MANY = 1000
WAIT_S = 0.5
WORKERS = (1, 2, 4, 8)
# As where a model writes: the fifth step of a lecture waits for the fourth of all before it.
STEPS = tuple(replace(step, lane="checks") for step in STEPS_WITH_MODEL)


@dataclass(frozen=True)
class Waits:
    """A step that waits."""

    seconds: float

    def __call__(self, lecture: BookLecture, step: str, office: StepCoordinator) -> StepResult:
        if lecture.number == 1 and step == STEPS[0].name:
            office.tell(1, step, "note", "first", time.time(), 0.0)
        time.sleep(self.seconds)
        return StepResult(lecture.number, step, self.seconds)


def plan(count: int, seconds: float) -> BookPlan:
    """``count`` lectures of seven steps that all need the same kind of place; one of them waits for
    a step of all earlier lectures, as in a book that a model writes."""
    lectures = tuple(BookLecture(n, f"lecture-{n}", Request(f"{n}")) for n in range(1, count + 1))
    return BookPlan(lectures, Waits(seconds), STEPS)


def run(engine: Engine, work: BookPlan) -> tuple[float, float]:
    """Seconds until the first step began, and from there to the end of the plan."""
    firsts: list[float] = []

    def hear(event: ProgressEvent | StepResult) -> None:
        if isinstance(event, ProgressEvent) and event.text == "first":
            firsts.append(event.done)

    began = time.time()
    last = engine.run(work, Coordinator(SpendingLimits()), hear)
    assert all(done.failure is None for done in last.values()) and len(last) == len(work.lectures)
    return firsts[0] - began, time.time() - firsts[0]


def local(workers: int) -> Engine:
    return LocalEngine({"checks": workers}, in_flight=4 * workers)


def table(name: str, engine_of: Callable[[int], Engine]) -> None:
    """Print the speed-up table of one engine."""
    steps = LECTURES * len(STEPS)
    print(f"\n{name}: {LECTURES} lectures of {len(STEPS)} steps of {WAIT_S} s")
    print("workers   start s   ideal s   took s   speed-up   of ideal   beyond the wait, ms a step")
    for workers in WORKERS:
        engine = engine_of(workers)
        run(engine, plan(2 * workers, 0.1))  # its processes are up: real steps take minutes
        ideal = steps * WAIT_S / workers
        start, took = run(engine, plan(LECTURES, WAIT_S))
        beyond = (took - ideal) * workers / steps * 1000
        speed_up = steps * WAIT_S / took
        share = speed_up / workers
        print(
            f"{workers:7}{start:10.1f}{ideal:10.1f}{took:9.1f}{speed_up:11.2f}{share:11.2f}{beyond:16.1f}",
            flush=True,
        )


def memory(engine: Engine, count: int) -> None:
    """Print what the driver's process came to, in MB, for ``count`` lectures without waits."""
    _, took = run(engine, plan(count, 0.0))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    each = took / count / len(STEPS) * 1000
    print(f"{count:6} lectures: driver's peak {peak:.0f} MB, {each:.1f} ms a step", flush=True)


def ray_engine(address: str, workers: int, folder: Path) -> Engine:
    """The Ray engine; its steps take so much of the cluster's 8 processors that ``workers`` run."""
    from pipeline.book.engines.ray_engine import RayEngine

    return RayEngine(RaySettings(address=address, check_cpus=8 / workers), folder)


def main(arguments: list[str]) -> None:
    """Both engines, or those named."""
    if arguments[:1] == ["memory"]:
        count = int(arguments[1])
        if arguments[2:]:
            memory(ray_engine(arguments[2], 8, Path(arguments[3])), count)
        else:
            memory(local(4), count)
        return
    wanted = arguments or ["local", "ray"]
    if "local" in wanted:
        table("local engine", local)
        for count in (LECTURES, MANY):
            _apart("memory", str(count))
    if "ray" in wanted and importlib.util.find_spec("ray"):
        with TemporaryDirectory(dir="/tmp", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            with cluster(folder / "ray", workers=0, cpus=8) as made:
                table("Ray engine", lambda workers: ray_engine_anew(made.address, workers, folder))
                for count in (LECTURES, MANY):
                    _apart("memory", str(count), made.address, str(folder))


def ray_engine_anew(address: str, workers: int, folder: Path) -> Engine:
    """The engine after leaving the cluster: a process is connected once at a time."""
    import ray

    ray.shutdown()
    return ray_engine(address, workers, folder)


def _apart(*arguments: str) -> None:
    """In a process of its own: a peak is never forgotten."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_book", *arguments]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
