"""The queue behind the form: one at a time, cancelled wholly, kept across restarts."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from pipeline.server.converted import chapter_of
from pipeline.server.job_model import Job
from pipeline.server.job_process import pipeline_command
from pipeline.server.jobs import JobQueue
from pipeline.sources.ids import video_id_of

# A stand-in for the pipeline, as a real process: tells its progress, obeys its source.
PROGRAM = """
import json, os, pathlib, subprocess, sys, time
source, output = sys.argv[1].rpartition("/")[2], pathlib.Path(sys.argv[2])
with (output / "order.txt").open("a") as file:
    file.write(source + " starts\\n")
def say(**event):
    print(json.dumps(event), file=sys.stderr, flush=True)
say(stage="download", begins="missing")
say(stage="download", done=3, total=4, unit="MB", left_s=1.5)
say(stage="download", note="the best format is 720p")
if source == "fails":
    print("error: the video is private", file=sys.stderr)
    sys.exit(1)
if source == "silent":
    say(stage="transcribe", warn="nobody speaks")
    print(output / "silent" / "render" / "index.html")
    print("error: no spoken word", file=sys.stderr)
    sys.exit(1)
if source == "hangs":
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    (output / "child.new").write_text(str(child.pid))
    (output / "child.new").rename(output / "child.txt")
    time.sleep(60)
say(stage="download", stage_done="download", seconds=0.5)
say(stage="transcribe", fresh=True)
with (output / "order.txt").open("a") as file:
    file.write(source + " ends\\n")
print(output / ("chapter-of-" + source) / "render" / "index.html")
"""


def command(source: str, output: Path) -> list[str]:
    return [sys.executable, "-c", PROGRAM, source, str(output)]


async def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never happened")


def with_queue(output: Path, test: Callable[[JobQueue], Awaitable[None]]) -> None:
    """Run ``test`` with a started queue, and stop it whatever happens."""

    async def main() -> None:
        queue = JobQueue(output, 1, command)
        await queue.start()
        try:
            await test(queue)
        finally:
            await queue.stop()

    asyncio.run(main())


def state(queue: JobQueue, title: str) -> str:
    return next(job.state for job in queue.jobs() if job.title == title)


def test_a_job_runs_to_its_end_and_names_its_chapter(tmp_path: Path) -> None:
    async def test(queue: JobQueue) -> None:
        await queue.add("one", "One")
        await until(lambda: state(queue, "One") == "done")
        job = queue.jobs()[0]
        assert job.chapter == "chapter-of-one"
        assert [(stage.name, stage.state) for stage in job.stages[:3]] == [
            ("download", "done"), ("screens", "waiting"), ("transcribe", "fresh"),
        ]  # fmt: skip
        assert job.log == ("the best format is 720p",)

    with_queue(tmp_path, test)


def test_jobs_run_one_after_the_other_in_their_order(tmp_path: Path) -> None:
    async def test(queue: JobQueue) -> None:
        for name in ("one", "two", "three"):
            await queue.add(name, name)
        await until(lambda: all(job.state == "done" for job in queue.jobs()))

    with_queue(tmp_path, test)
    words = "one starts, one ends, two starts, two ends, three starts, three ends"
    assert (tmp_path / "order.txt").read_text().splitlines() == words.split(", ")


def test_the_same_source_is_not_queued_twice(tmp_path: Path) -> None:
    async def test(queue: JobQueue) -> None:
        first = await queue.add("hangs", "A")
        assert (await queue.add("hangs", "A")).id == first.id
        assert len(queue.jobs()) == 1

    with_queue(tmp_path, test)


def test_a_failure_keeps_the_reason(tmp_path: Path) -> None:
    async def test(queue: JobQueue) -> None:
        await queue.add("fails", "F")
        await until(lambda: state(queue, "F") == "failed")
        assert queue.jobs()[0].error == "the video is private"

    with_queue(tmp_path, test)


def test_cancel_ends_the_process_and_the_next_one_starts(tmp_path: Path) -> None:
    async def test(queue: JobQueue) -> None:
        job = await queue.add("hangs", "H")
        await queue.add("two", "T")
        await until(lambda: (tmp_path / "child.txt").is_file())
        assert state(queue, "T") == "queued"
        assert await queue.cancel(job.id)
        await until(lambda: state(queue, "T") == "done")
        assert state(queue, "H") == "cancelled"
        assert not await queue.cancel(job.id)

    with_queue(tmp_path, test)
    child = int((tmp_path / "child.txt").read_text())
    with pytest.raises(ProcessLookupError):
        # The signal went to the whole group: the program's own child is gone, too.
        for _ in range(200):
            os.kill(child, 0)
            status = Path(f"/proc/{child}/status")
            if status.is_file() and "State:\tZ" in status.read_text():
                raise ProcessLookupError


def test_a_stopped_server_takes_its_jobs_up_again(tmp_path: Path) -> None:
    async def begin(queue: JobQueue) -> None:
        await queue.add("https://example.org/hangs", "H")
        await queue.add("https://example.org/two", "T")
        await until(lambda: (tmp_path / "child.txt").is_file())

    async def go_on(queue: JobQueue) -> None:
        assert [(job.title, job.state) for job in queue.jobs()] == [
            ("T", "queued"),
            ("H", "queued"),
        ]
        await queue.cancel("job000001")
        await until(lambda: state(queue, "T") == "done")

    with_queue(tmp_path, begin)
    with_queue(tmp_path, go_on)


def test_a_job_that_a_killed_server_left_running_waits_again(tmp_path: Path) -> None:
    left = Job(
        id="job000007", number=7, source="https://example.org/one", title="One", state="running"
    )
    (tmp_path / ".jobs").mkdir()
    (tmp_path / ".jobs" / "job000007.json").write_text(left.model_dump_json())
    (tmp_path / ".jobs" / "job000008.json").write_text("{damaged")

    async def test(queue: JobQueue) -> None:
        await until(lambda: state(queue, "One") == "done")
        assert (await queue.add("two", "T")).number == 8

    with_queue(tmp_path, test)


def planted(output: Path, name: str, **fields: object) -> None:
    """A job's file that somebody left in an output folder."""
    folder = output / ".jobs"
    folder.mkdir(exist_ok=True)
    fields = {"id": name, "number": 1, "title": name, "source": "demo", "state": "failed"} | fields
    (folder / f"{name}.json").write_text(json.dumps(fields))


def test_a_list_of_jobs_that_somebody_else_wrote_reaches_no_file_of_this_machine(
    tmp_path: Path,
) -> None:
    output, private = tmp_path / "output", tmp_path / "private.mp4"
    uploads = output / ".jobs" / "uploads"
    uploads.mkdir(parents=True)
    notes = tmp_path / "notes.json"
    for file in (private, notes):
        file.write_text("private")
    climbing = f"{uploads}/../../../private.mp4"
    for number, source in enumerate(
        [str(private), "private.mp4", f"file://{private}", "ytsearch:a", climbing, "../private.mp4"]
    ):
        for state in ("queued", "failed"):
            planted(output, f"job{number:06d}{state}", source=source, state=state)
    planted(output, "job000011", id="../../notes")
    planted(output, "job000012", options={"captions_url": str(private)}, state="queued")
    planted(output, "job000013", source="https://example.org/two", options={"model": "; rm -r"})
    planted(output, "job000015", number=10**300)
    planted(output, "job000014", source="https://example.org/two")

    async def test(queue: JobQueue) -> None:
        queue.uploads.remove(climbing)
        await asyncio.sleep(0.1)
        assert [job.id for job in queue.jobs()] == ["job000014"]
        assert await queue.remove("job000014")

    with_queue(output, test)
    assert not (output / "order.txt").exists()
    assert private.read_text() == notes.read_text() == "private"


def test_a_listener_hears_of_every_change(tmp_path: Path) -> None:
    async def test(queue: JobQueue) -> None:
        heard: list[str] = []

        async def listen() -> None:
            async for jobs in queue.changes():
                heard.extend(job.state for job in jobs)

        listener = asyncio.create_task(listen())
        await queue.add("one", "One")
        await until(lambda: "done" in heard)
        listener.cancel()

    with_queue(tmp_path, test)


def test_an_uploaded_file_goes_with_its_finished_job(tmp_path: Path) -> None:
    async def test(queue: JobQueue) -> None:
        queue.uploads.folder.mkdir(parents=True)
        upload = queue.uploads.folder / "talk.mp4"
        upload.write_bytes(b"x")
        await queue.add(str(upload), "talk.mp4")
        await until(lambda: state(queue, "talk.mp4") == "done")
        assert not upload.exists()

    with_queue(tmp_path, test)


def test_a_conversion_gives_way_to_the_server(tmp_path: Path) -> None:
    async def test(queue: JobQueue) -> None:
        await queue.add("hangs", "H")
        await until(lambda: (tmp_path / "child.txt").is_file())
        child = int((tmp_path / "child.txt").read_text())
        wanted = min(19, os.getpriority(os.PRIO_PROCESS, 0) + 10)
        # The server sets it once the program has started, which may have been quicker.
        await until(lambda: os.getpriority(os.PRIO_PROCESS, os.getpgid(child)) == wanted)

    with_queue(tmp_path, test)


def test_no_source_can_be_taken_for_an_option() -> None:
    words = pipeline_command("--help", Path("out"))
    assert words[-2:] == ["--", "--help"]


def test_a_page_without_a_word_is_no_success_and_can_be_read(tmp_path: Path) -> None:
    async def test(queue: JobQueue) -> None:
        await queue.add("silent", "S")
        await until(lambda: state(queue, "S") == "failed")
        job = queue.jobs()[0]
        assert (job.error, job.chapter) == ("no spoken word", "silent")
        assert job.warnings == ("nobody speaks",)

    with_queue(tmp_path, test)


def rendered_chapter(output: Path, source: str) -> str:
    name = video_id_of(source)
    page = output / name / "render" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("page")
    return name


def test_what_has_a_chapter_asks_before_it_is_converted_anew(tmp_path: Path) -> None:
    source = "https://example.org/talk.mp4"
    name = rendered_chapter(tmp_path, source)

    async def test(queue: JobQueue) -> None:
        job = await queue.add(source, "T")
        assert (job.state, job.chapter) == ("asks", name)
        assert (await queue.add(source, "T")).id == job.id
        await asyncio.sleep(0.3)
        assert not (tmp_path / "order.txt").exists()
        assert await queue.confirm(job.id)
        await until(lambda: state(queue, "T") == "done")
        assert not await queue.confirm(job.id)

    with_queue(tmp_path, test)


def test_a_question_outlives_a_restart_and_can_be_declined(tmp_path: Path) -> None:
    upload = tmp_path / ".jobs" / "uploads" / "talk.mp4"

    async def ask(queue: JobQueue) -> None:
        upload.parent.mkdir(parents=True)
        upload.write_bytes(b"a video")
        rendered_chapter(tmp_path, str(upload))
        assert (await queue.add(str(upload), "talk.mp4")).state == "asks"

    async def decline(queue: JobQueue) -> None:
        assert await queue.cancel(queue.jobs()[0].id)
        await until(lambda: not upload.exists())
        assert state(queue, "talk.mp4") == "cancelled"

    with_queue(tmp_path, ask)
    assert upload.exists()
    with_queue(tmp_path, decline)


def test_the_same_file_under_another_name_has_that_chapter(tmp_path: Path) -> None:
    first, second = tmp_path / "talk.mp4", tmp_path / "copy of it.mp4"
    first.write_bytes(b"a video")
    second.write_bytes(b"a video")
    name = rendered_chapter(tmp_path, str(first))
    assert chapter_of(str(second), tmp_path) == name
    second.write_bytes(b"another")
    assert chapter_of(str(second), tmp_path) is None
    assert chapter_of("https://example.org/talk.mp4", tmp_path) is None
    assert chapter_of("no such file", tmp_path) is None
    assert chapter_of("demo", tmp_path) is None
