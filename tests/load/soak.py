"""Many conversions of the demo lecture in a row, and what they leave behind (it should be nothing).

``python -m tests.load.soak --conversions 100``: half of them through the form of a running server
(a process each; every second one an uploaded file), half within this process. Each begins without
its folder, runs every stage with real code cells, and every fifth reads the text on the pictures,
too. Prints a table and ends with status 1 when something was left behind.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import itertools
import json
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pipeline import demo
from pipeline.engine.lock import hold
from pipeline.engine.stage import Request
from pipeline.runner import run_stages
from pipeline.server.app import FILE_THREADS
from pipeline.server.pages import PAGE_THREADS, VIDEO_THREADS
from pipeline.settings.config import load_config
from pipeline.sources.resolve import open_source
from tests.conftest import make_media
from tests.load.census import Census, census
from tests.load.client import Connection
from tests.load.serving import Server, serving
from tests.recording import RecordingProgress

MARK = "LECTURE_SOAK"
OCR_EVERY = 5
# Memory that may be gained for each conversion, as a trend over many; Python's own unevenness
# between two conversions is larger than that.
MOST_MB_EACH = 0.5
ENOUGH_FOR_A_TREND = 20
_CONVERSION_S = 900.0
# The journal of a stage, the name of who holds the lock, and files not yet renamed to their names.
_UNFINISHED = re.compile(r"\.journal|\.lock\.json|\..+\.[a-z0-9_]{8}")
# Those of asyncio's own pool, too.
_SERVER_THREADS = PAGE_THREADS + VIDEO_THREADS + FILE_THREADS + min(32, (os.cpu_count() or 1) + 4)


@dataclass
class Course:
    """The censuses of one process: ``before``, and one ``after`` each conversion.

    ``more_threads`` may start by and by: a server starts the threads it may have as it needs them.
    """

    name: str
    before: Census
    more_threads: int = 0
    after: list[Census] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def mb_each(self) -> float:
        """The trend of the memory, MB per conversion (Theil and Sen's: the median of the slopes
        between all pairs), without the first fifth; 0 for less than three conversions."""
        known = [one.rss_mb for one in self.after[len(self.after) // 5 :]]
        pairs = itertools.combinations(enumerate(known), 2)
        slopes = [(late - soon) / (j - i) for (i, soon), (j, late) in pairs]
        return statistics.median(slopes) if len(slopes) > 1 else 0.0

    def is_calm(self, now: Census) -> bool:
        """Whether nothing of a conversion is under way."""
        return now.children == 0 and now.handles <= self.before.handles

    def problems(self) -> list[str]:
        """What grew, in words."""
        last, found = self.after[-1], []
        if last.handles > self.before.handles:
            found.append(f"{self.name}: {last.handles - self.before.handles} handles are open")
        if last.threads > self.before.threads + self.more_threads:
            found.append(f"{self.name}: {last.threads - self.before.threads} threads are running")
        if last.children:
            found.append(f"{self.name}: {last.children} child processes are left")
        if len(self.after) >= ENOUGH_FOR_A_TREND and self.mb_each > MOST_MB_EACH:
            found.append(f"{self.name}: {self.mb_each:.2f} MB more with each conversion")
        return found

    def lines(self) -> list[str]:
        """A row for each thing counted: before, after, most, per conversion."""
        last, rows = self.after[-1], []
        per = f"{self.mb_each:+10.3f}"
        most = max(one.rss_mb for one in self.after)
        rows.append(("memory, MB", self.before.rss_mb, last.rss_mb, max(most, last.peak_mb), per))
        for what in ("handles", "threads", "children"):
            numbers = [getattr(one, what) for one in self.after]
            row = (what, getattr(self.before, what), numbers[-1], max(numbers), "")
            rows.append(row)
        head = f"{self.name} ({len(self.after)} conversions, median {self.median_s:.1f} s)"
        return [head, *(f"  {w:14}{b:10.0f}{a:10.0f}{m:10.0f}{p}" for w, b, a, m, p in rows)]

    @property
    def median_s(self) -> float:
        """The median of the conversions' seconds."""
        return statistics.median(self.seconds)


def by_form(folder: Path, conversions: int, until: float) -> Course:
    """Conversions through the form of a server whose output folder is ``folder/output``."""
    output = folder / "output"
    output.mkdir(parents=True)
    talk = _with_captions(folder / "talk.mp4")
    command = [sys.executable, "-m", "pipeline", "serve", "--output", str(output)]
    command += ["--port", "0", "--config", str(folder / "config.yaml")]
    _configure(folder, ocr=False)
    with serving(command) as server:
        asyncio.run(_visit(server, "/"))  # what the first page needs is there from now on
        time.sleep(1)  # and the visitor's connection is closed
        course = Course("server", server.census(), _SERVER_THREADS)
        for number in range(conversions):
            _configure(folder, ocr=number % OCR_EVERY == OCR_EVERY - 1)
            began = time.perf_counter()
            asyncio.run(_convert_by_form(server, output, talk if number % 2 else None))
            course.seconds.append(time.perf_counter() - began)
            course.after.append(server.settled(course.is_calm, within_s=5))
            _say(course, conversions)
            if time.monotonic() > until:
                break
    return course


def in_process(folder: Path, conversions: int, until: float) -> Course:
    """Conversions by this process; the first is not counted: it loads what the others use."""
    output = folder / "output"
    course: Course | None = None
    for number in range(conversions + 1):
        began = time.perf_counter()
        _convert(output, ocr=conversions >= OCR_EVERY and number % OCR_EVERY == 0)
        took = time.perf_counter() - began
        gc.collect()
        now = census(os.getpid())
        if course is None:
            course = Course("in one process", now)
        else:
            course.after.append(now)
            course.seconds.append(took)
            _say(course, conversions)
            if time.monotonic() > until:
                break
    assert course
    return course


def _convert(output: Path, ocr: bool) -> None:
    config = load_config(Path(os.devnull), [f"screens.ocr={str(ocr).lower()}"], {})
    request = Request(str(demo.video()))
    workspace = open_source(output, request)
    with hold(workspace.root):
        ran = run_stages(workspace, config, request, RecordingProgress())
    assert all(stage.seconds is not None for stage in ran), "a stage found its work done"
    _remove(workspace.root)


def _with_captions(path: Path) -> Path:
    """The demo lecture as one file that can be sent: with the captions that lie beside it."""
    video = demo.video()
    captions = video.with_suffix(".en.vtt")
    return make_media(
        path,
        *("-i", str(video), "-i", str(captions), "-map", "0", "-map", "1", "-c", "copy"),
        *("-c:s", "mov_text", "-metadata:s:s:0", "language=eng"),
    )


async def _convert_by_form(server: Server, output: Path, talk: Path | None) -> None:
    """Send the form (or the file ``talk``), wait for the chapter, read it, and remove it."""
    async with Connection(server.address) as connection:
        path, form = "/jobs", b"source=demo"
        if talk:
            path, form = f"/jobs/upload?name={talk.name}", talk.read_bytes()
        answer = await connection.ask(path, {"Accept": "application/json"}, form)
        assert answer.status == 201, answer.body
    name = await _finished(server, within_s=_CONVERSION_S)
    await _visit(server, f"/{name}/render/index.html")
    _remove(output / name)


async def _finished(server: Server, within_s: float) -> str:
    """The newest job's chapter, once it is done."""
    async with asyncio.timeout(within_s), Connection(server.address) as connection:
        await connection.begin("/jobs/events")
        while True:
            line = await connection.line()
            if line.startswith(b"data: "):
                job = json.loads(line.removeprefix(b"data: "))[0]
                assert job["state"] not in ("failed", "cancelled"), job
                if job["state"] == "done":
                    return str(job["chapter"])


async def _visit(server: Server, path: str) -> None:
    async with Connection(server.address) as connection:
        assert (await connection.ask(path)).status == 200


def _remove(chapter: Path) -> None:
    """Remove a finished chapter, which must hold nothing unfinished."""
    left = [path for path in chapter.rglob(".*") if _UNFINISHED.fullmatch(path.name)]
    assert not left, f"left in the chapter: {left}"
    shutil.rmtree(chapter)


def _configure(folder: Path, ocr: bool) -> None:
    (folder / "config.yaml").write_text(f"screens:\n  ocr: {str(ocr).lower()}\n")


def _say(course: Course, of: int) -> None:
    now = course.after[-1]
    sys.stderr.write(
        f"{course.name}: {len(course.after)} of {of}, {course.seconds[-1]:.1f} s, "
        f"{now.rss_mb:.0f} MB, {now.handles} handles\n"
    )


@contextmanager
def _in_environment(more: Mapping[str, str]) -> Iterator[None]:
    """With ``more`` in the environment of this process and those it starts."""
    kept = {name: os.environ.get(name) for name in more}
    os.environ.update(more)
    try:
        yield
    finally:
        for name, value in kept.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _marked() -> list[str]:
    """The command lines of all other processes of this soak, wherever they are by now."""
    found = []
    mark = f"{MARK}={os.getpid()}\0".encode()
    for home in Path("/proc").glob("[0-9]*"):
        try:
            if int(home.name) != os.getpid() and mark in (home / "environ").read_bytes():
                found.append((home / "cmdline").read_text().replace("\0", " ").strip())
        except OSError:
            continue  # It has ended, or is another user's.
    return found


def soak(form: int, process: int, within_s: float) -> tuple[list[str], list[str]]:
    """So many conversions of each kind, or as many as can be begun ``within_s`` each; the table's
    lines, and what was left behind (nothing, if all is well)."""
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        folder = Path(name)
        own = folder / "tmp"
        own.mkdir()
        with _in_environment({"TMPDIR": str(own), MARK: str(os.getpid())}):
            tempfile.tempdir = None  # so that TMPDIR is looked at again
            courses = [by_form(folder / "form", form, time.monotonic() + within_s)] if form else []
            courses += (
                [in_process(folder / "process", process, time.monotonic() + within_s)]
                if process
                else []
            )
            files = [path for path in own.rglob("*") if not path.is_dir()]
            running = _marked()
        tempfile.tempdir = None
        kept = [
            path.relative_to(folder)
            for path in folder.glob("*/output/**/*")
            if path.is_file()
            and path.name != "library.js"
            # The record of jobs, and the lock of a server that is killed in the end.
            and not path.match(".jobs/*.json")
            and not path.match(".jobs/server/*")
        ]
    problems = [problem for course in courses for problem in course.problems()]
    problems += [f"a temporary file is left: {path}" for path in files]
    problems += [f"a process is left: {line}" for line in running]
    problems += [f"a file is left in the output folder: {path}" for path in kept]
    lines = [f"{'':16}{'before':>10}{'after':>10}{'peak':>10}{'each':>10}"]
    lines += [line for course in courses for line in course.lines()]
    lines.append(f"left: {len(files)} temporary files, {len(kept)} other files, "
                 f"{len(running)} processes")  # fmt: skip
    return lines, problems


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.soak", description=__doc__)
    parser.add_argument("--conversions", type=int, default=100, metavar="N", help="default: 100")
    parser.add_argument("--form", type=int, metavar="N", help="through the form; default: half")
    parser.add_argument("--within", type=float, default=3600, metavar="S", help="for each half")
    options = parser.parse_args(arguments)
    form = (options.conversions + 1) // 2 if options.form is None else options.form
    began = time.perf_counter()
    lines, problems = soak(form, options.conversions - form, options.within)
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.write(f"all in {time.perf_counter() - began:.0f} s\n")
    for problem in problems:
        sys.stdout.write(f"LEFT BEHIND: {problem}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
