"""The screen finder beside scene detectors and full decoding: accuracy, speed and memory.

    python -m tests.benchmarks.bench_screen [--quick] [--folder DIR] [--minutes 10] [--long 120]

Draws screencasts (kept in DIR for the next time) and prints one table; each row is a process of
its own, its start included. The detectors and full decoding are measured on the first ``--sample``
seconds; what is reckoned from them for an hour is marked with ``~``. PySceneDetect comes with the
extra ``bench``; without it its rows are left out. ``--quick`` shows that all of it runs;
its figures say little.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from pipeline.video.programs import ffmpeg_path
from pipeline.video.screens import ScreenState
from tests.benchmarks.screen_score import Score, mini_lecture, score
from tests.screencast import Scene, Screencast, draw, lecture, truth

_FIND = """
import json, sys
from pathlib import Path
from pipeline.video.screens import find_states
found = find_states(Path(sys.argv[1]), 0, int(sys.argv[2]), lambda at_ms, image: None)
print(json.dumps([(s.at_ms, s.start_ms, s.end_ms, s.same_as) for s in found]))
"""
_DETECT = """
import sys, scenedetect
scenedetect.detect(sys.argv[1], getattr(scenedetect, sys.argv[2])(), end_time=float(sys.argv[3]))
"""
_READ = """
import json, sys, time
from pathlib import Path
from pipeline.video.ocr.recognition import read_text
from pipeline.video.screens import find_states
pictures = []
find_states(Path(sys.argv[1]), 0, int(sys.argv[2]), lambda at_ms, image: pictures.append(image))
read_text(pictures[0])  # loads the models
wall, cpu = time.perf_counter(), time.process_time()
for picture in pictures[:int(sys.argv[3])]:
    read_text(picture)
spent = time.perf_counter() - wall, time.process_time() - cpu
print(json.dumps((min(len(pictures), int(sys.argv[3])), *spent)))
"""
HEADING = (
    f"{'':<32}{'video s':>8}{'wall s':>8}{'CPU s':>8}{'CPU s/hour':>12}{'times ours':>12}{'MiB':>6}"
    f"{'found':>9}{'false':>6}{'fullest':>11}{'returns':>10}"
)


@dataclass(frozen=True)
class Spent:
    """What a process took, and what it printed."""

    wall_s: float
    cpu_s: float
    peak_mib: float
    printed: str


def spent(*command: str) -> Spent:
    """Run ``command`` to its end; its own children are not counted.

    Raises:
        RuntimeError: it failed.
    """
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[:4]} ended with {process.returncode}")
    cpu_s = usage.ru_utime + usage.ru_stime
    return Spent(time.perf_counter() - began, cpu_s, usage.ru_maxrss / 1024, printed)


class Table:
    """The rows, printed as they come; speed is compared with the first one."""

    def __init__(self) -> None:
        self._ours: float | None = None
        print(HEADING, flush=True)

    def ours(self, name: str, cast: Screencast) -> None:
        """The finder on a drawn or a known lecture."""
        run = spent(sys.executable, "-c", _FIND, str(cast.path), str(cast.duration_ms))
        states = [ScreenState(*state) for state in json.loads(run.printed)]
        self._row(name, cast.duration_ms / 1000, run, score(cast.states, states))

    def other(self, name: str, sample_s: float, run: Spent) -> None:
        """Something else on the first ``sample_s`` seconds of the first row's video."""
        self._row(name, sample_s, run)

    def _row(self, name: str, video_s: float, run: Spent, scored: Score | None = None) -> None:
        hourly = run.cpu_s * 3600 / video_s
        self._ours = self._ours or hourly
        mark, times = ("", "") if scored else ("~", f"{hourly / self._ours:.1f}")
        print(
            f"{name:<32}{video_s:>8.0f}{run.wall_s:>8.1f}{run.cpu_s:>8.1f}"
            f"{f'{mark}{hourly:.0f}':>12}{times:>12}{run.peak_mib:>6.0f}{scored or ''}",
            flush=True,
        )


def drawn(
    folder: Path,
    name: str,
    scenes: Sequence[Scene],
    size: tuple[int, int],
    inset: bool = False,
    key_s: float = 5,
) -> Screencast:
    """The screencast ``name``, encoded unless it lies in ``folder`` already."""
    path = folder / f"{name}.mp4"
    states = tuple(truth(scenes))
    if not path.exists():
        draw(path.with_suffix(".part.mp4"), scenes, size, inset=inset, key_s=key_s)
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
    for turn in range(times):
        shift = turn * cast.duration_ms
        for number, state in enumerate(cast.states):
            first = state.same_as if state.same_as is not None else number
            states.append(
                replace(
                    state,
                    start_ms=state.start_ms + shift,
                    end_ms=state.end_ms + shift,
                    full_ms=state.full_ms + shift,
                    same_as=first if turn else state.same_as,
                )
            )
    return Screencast(path, cast.duration_ms * times, tuple(states))


def minutes_of(folder: Path, cast: Screencast, minutes: float) -> Screencast:
    """``cast`` repeated until it lasts about ``minutes``."""
    return repeated(folder, cast, max(1, round(minutes * 60_000 / cast.duration_ms)))


def others(table: Table, path: Path, sample_s: float) -> None:
    """PySceneDetect's detectors at their defaults, and decoding every frame with ffmpeg."""
    if find_spec("scenedetect"):
        for name in ("ContentDetector", "AdaptiveDetector"):
            command = (sys.executable, "-c", _DETECT, str(path), name, str(sample_s))
            table.other(f"PySceneDetect {name}", sample_s, spent(*command))
    decode = (ffmpeg_path(), "-v", "error", "-t", str(sample_s), "-i", str(path), "-an")
    table.other("every frame, ffmpeg", sample_s, spent(*decode, "-f", "null", "-"))


def reading(cast: Screencast, count: int) -> None:
    """What reading the text of a kept frame costs."""
    run = spent(sys.executable, "-c", _READ, str(cast.path), str(cast.duration_ms), str(count))
    frames, wall_s, cpu_s = json.loads(run.printed)
    print(
        f"\nreading text: {wall_s / frames:.2f} s, {cpu_s / frames:.2f} CPU s per kept frame"
        f" ({frames} frames of {cast.path.name}, one at a time; {run.peak_mib:.0f} MiB)"
    )


def main(argv: Sequence[str] | None = None) -> None:
    """Draw, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small and short: does it run?")
    parser.add_argument("--folder", type=Path, help="where the drawn videos are kept")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--long", type=float, default=120, help="minutes of the long video")
    parser.add_argument("--sample", type=float, default=120, help="seconds for the others")
    chosen = parser.parse_args(argv)
    if chosen.quick:
        chosen.minutes, chosen.long, chosen.sample = 2.5, 5, 10
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        table(folder, chosen)


def table(folder: Path, chosen: argparse.Namespace) -> None:
    """The whole table."""
    width, height = (1280, 720) if chosen.quick else (1920, 1080)
    large, middle = f"{height}p", (640, 360) if chosen.quick else (1280, 720)
    scenes = lecture(1, chosen.minutes / 2)
    cast = drawn(folder, f"{large}-{len(scenes)}", scenes, (width, height))
    inset = drawn(
        folder,
        f"{middle[1]}p-inset-{len(scenes)}",
        lecture(2, chosen.minutes / 2),
        middle,
        inset=True,
    )
    spaced = {
        key_s: drawn(folder, f"{large}-keys-{key_s}", lecture(3, 1), (width, height), key_s=key_s)
        for key_s in ((30,) if chosen.quick else (2, 10, 30))
    }
    short = minutes_of(folder, cast, chosen.minutes)
    long = minutes_of(folder, cast, chosen.long)
    rows = Table()
    rows.ours(f"ours, {large}, {short.duration_ms / 60_000:.0f} min", short)
    others(rows, short.path, chosen.sample)
    rows.ours(f"ours, {large}, {long.duration_ms / 60_000:.0f} min", long)
    rows.ours(f"ours, {middle[1]}p with a webcam inset", inset)
    for key_s, one in spaced.items():
        rows.ours(f"ours, {large}, key frames {key_s} s apart", one)
    mini = mini_lecture()
    if mini:
        rows.ours("ours, mini lecture (720p)", mini)
    print("~ reckoned from the seconds of video that were measured; other rows are whole videos")
    reading(mini or short, 2 if chosen.quick else 8)


if __name__ == "__main__":
    main()
