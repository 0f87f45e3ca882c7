"""The screen finder beside scene detectors and full decoding: accuracy, speed and memory.

    python -m tests.benchmarks.bench_screen [--folder DIR] [--minutes 10] [--long 120]

Draws screencasts (kept in DIR for the next time), then prints three tables. PySceneDetect comes
with the extra ``bench``; without it its rows are left out.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.media.ocr import read_text
from pipeline.media.screen import ScreenState, find_states
from pipeline.media.tools import ffmpeg_path
from tests.screencast import Scene, Screencast, Truth, draw, lecture, truth

NEAR_MS = 1_500


@dataclass(frozen=True)
class Score:
    """How found states compare with the truth."""

    truth: int
    found: int
    false: int
    full: int
    returns: int
    returned: int


def score(states: Sequence[Truth], found: Sequence[ScreenState]) -> Score:
    """Match each true state with the found one that starts within ``NEAR_MS`` of it."""
    match: dict[int, int] = {}
    for number, state in enumerate(states):
        for k, one in enumerate(found):
            starts = abs(one.start_ms - state.start_ms) <= NEAR_MS
            if starts and state.start_ms <= one.at_ms < state.end_ms and k not in match.values():
                match[number] = k
                break
    returns = [n for n, state in enumerate(states) if state.same_as is not None]
    returned = 0
    for number in returns:
        earlier = states[number].same_as
        if number in match and earlier in match:
            returned += found[match[number]].same_as == match[earlier]
    return Score(
        truth=len(states),
        found=len(match),
        false=len(found) - len(match),
        full=sum(found[k].at_ms >= states[n].full_ms for n, k in match.items()),
        returns=len(returns),
        returned=returned,
    )


def drawn(
    folder: Path, name: str, scenes: Sequence[Scene], size: tuple[int, int], inset: bool
) -> Screencast:
    """The screencast ``name``, encoded unless it lies in ``folder`` already."""
    path = folder / f"{name}.mp4"
    states = tuple(truth(scenes))
    if not path.exists():
        draw(path.with_suffix(".part.mp4"), scenes, size, inset=inset)
        path.with_suffix(".part.mp4").rename(path)
    return Screencast(path, states[-1].end_ms, states)


def repeated(folder: Path, cast: Screencast, times: int) -> Screencast:
    """``cast`` several times in a row, copied without encoding; every state after the first round
    returns."""
    path = folder / f"{cast.path.stem}-x{times}.mp4"
    if not path.exists():
        listing = folder / "parts.txt"
        listing.write_text(f"file '{cast.path.resolve()}'\n" * times, encoding="utf-8")
        command = [ffmpeg_path(), "-y", "-v", "error", "-f", "concat", "-safe", "0"]
        subprocess.run([*command, "-i", str(listing), "-c", "copy", str(path)], check=True)
    states = []
    for round_ in range(times):
        shift = round_ * cast.duration_ms
        for number, state in enumerate(cast.states):
            first = state.same_as if state.same_as is not None else number
            states.append(
                replace(
                    state,
                    start_ms=state.start_ms + shift,
                    end_ms=state.end_ms + shift,
                    full_ms=state.full_ms + shift,
                    same_as=first if round_ else state.same_as,
                )
            )
    return Screencast(path, cast.duration_ms * times, tuple(states))


_CHILD = """
import json, resource, sys, time
from pathlib import Path
from pipeline.media.screen import find_states
began, cpu = time.perf_counter(), time.process_time()
found = find_states(Path(sys.argv[1]), 0, int(sys.argv[2]), lambda at_ms, image: None)
print(json.dumps({
    "wall": time.perf_counter() - began, "cpu": time.process_time() - cpu,
    "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    "states": [(s.at_ms, s.start_ms, s.end_ms, s.same_as) for s in found],
}))
"""


@dataclass(frozen=True)
class Measured:
    """One run of the finder in a process of its own."""

    wall_s: float
    cpu_s: float
    peak_mib: float
    states: tuple[ScreenState, ...]


def measured(cast: Screencast) -> Measured:
    """Find the states of ``cast`` in a fresh process, so that its memory is its own."""
    command = [sys.executable, "-c", _CHILD, str(cast.path), str(cast.duration_ms)]
    reply = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    states = tuple(ScreenState(*state) for state in reply["states"])
    return Measured(reply["wall"], reply["cpu"], reply["mib"], states)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and CPU seconds of ``work``, children included."""
    import os

    before, began = os.times(), time.perf_counter()
    work()
    wall, after = time.perf_counter() - began, os.times()
    cpu = sum(after[k] - before[k] for k in range(4))
    return wall, cpu


def full_decoding(path: Path) -> None:
    """Decode every frame with ffmpeg and drop it."""
    command = [ffmpeg_path(), "-v", "error", "-i", str(path), "-an", "-f", "null", "-"]
    subprocess.run(command, check=True)


def detectors(path: Path) -> list[tuple[str, Callable[[], object]]]:
    """PySceneDetect's detectors with their defaults; none where it is not installed."""
    try:
        from scenedetect import AdaptiveDetector, ContentDetector, detect
    except ImportError:
        return []
    return [
        ("ContentDetector", lambda: detect(str(path), ContentDetector())),
        ("AdaptiveDetector", lambda: detect(str(path), AdaptiveDetector())),
    ]


def mini_lecture() -> tuple[Screencast, Path] | None:
    """The mini lecture with the states by ``screen`` name of its truth, where it is at hand."""
    folder = Path(__file__).parents[2].parent / "shared" / "media" / "bpe-mini-lecture"
    if not folder.is_dir():
        return None
    screens = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["screens"]
    states: list[Truth] = []
    names: list[str] = []
    for screen in screens:
        words = tuple(screen["text"].split())
        if names and names[-1] == screen["screen"]:
            states[-1] = replace(states[-1], end_ms=screen["end_ms"], words=words)
            states[-1] = replace(states[-1], full_ms=screen["start_ms"])
        else:
            first = names.index(screen["screen"]) if screen["screen"] in names else None
            states.append(
                Truth(screen["start_ms"], screen["end_ms"], screen["start_ms"], words, first)
            )
            names.append(screen["screen"])
    return Screencast(folder / "bpe-mini-lecture.mp4", 202_775, tuple(states)), folder


def accuracy_row(name: str, cast: Screencast, run: Measured) -> None:
    """One row of the first table."""
    s = score(cast.states, run.states)
    hours = cast.duration_ms / 3_600_000
    print(
        f"{name:<30}{s.found:>4}/{s.truth:<5}{s.false:>5} {s.full:>5}/{s.found:<5}"
        f"{s.returned:>4}/{s.returns:<4}{run.wall_s:>9.1f}{run.cpu_s:>8.1f}"
        f"{run.wall_s / hours:>9.1f}{run.peak_mib:>7.0f}",
        flush=True,
    )


def main(argv: Sequence[str] | None = None) -> None:
    """Draw, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="where the drawn videos are kept")
    parser.add_argument("--minutes", type=int, default=10)
    parser.add_argument("--long", type=int, default=120, help="minutes of the long video")
    chosen = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        tables(folder, chosen.minutes, chosen.long)


def tables(folder: Path, minutes: int, long: int) -> None:
    """The three tables."""
    scenes = lecture(1, minutes)
    hd = drawn(folder, f"1080p-{minutes}", scenes, (1920, 1080), inset=False)
    inset = drawn(folder, f"720p-inset-{minutes}", lecture(2, minutes), (1280, 720), inset=True)
    print(
        f"{'video':<30}{'found':>10}{'false':>5} {'fullest':>10}{'returns':>9}"
        f"{'wall s':>9}{'cpu s':>8}{'s/hour':>9}{'MiB':>7}"
    )
    ours = measured(hd)
    accuracy_row(f"1080p, {minutes} min", hd, ours)
    accuracy_row(f"720p with inset, {minutes} min", inset, measured(inset))
    times = max(1, round(long / minutes))
    longer = repeated(folder, hd, times)
    accuracy_row(f"1080p, {times * minutes} min", longer, measured(longer))
    if mini := mini_lecture():
        accuracy_row("mini lecture", mini[0], measured(mini[0]))
    heading = f"on 1080p, {minutes} min"
    print(f"\n{heading:<30}{'wall s':>9}{'cpu s':>8}{'times ours (wall, cpu)':>26}")
    rows = [("every frame by ffmpeg", lambda: full_decoding(hd.path)), *detectors(hd.path)]
    print(f"{'this finder':<30}{ours.wall_s:>9.1f}{ours.cpu_s:>8.1f}")
    for name, work in rows:
        wall, cpu = timed(work)
        print(
            f"{name:<30}{wall:>9.1f}{cpu:>8.1f}{wall / ours.wall_s:>19.1f}{cpu / ours.cpu_s:>7.1f}",
            flush=True,
        )
    reading(mini[0] if mini else hd)


def reading(cast: Screencast) -> None:
    """The third table: words read, and what reading costs."""
    texts: list[str] = []
    spent: list[float] = []

    def take(at_ms: int, image: object) -> None:
        began = time.process_time()
        texts.append(read_text(image))  # type: ignore[arg-type]
        spent.append(time.process_time() - began)

    find_states(cast.path, 0, cast.duration_ms, take)
    print(f"\nreading: {sum(spent) / len(spent):.2f} CPU s per kept frame ({len(spent)} frames)")


if __name__ == "__main__":
    main()
