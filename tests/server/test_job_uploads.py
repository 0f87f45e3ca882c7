"""What the queue does with uploaded files, and with jobs that cannot run; what jobs may reach."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from pipeline.cli.options import options_for_jobs
from pipeline.cli.parser import build_parser
from pipeline.server.job_process import guarded_command
from pipeline.server.jobs import JobQueue
from pipeline.settings.config import load_config
from pipeline.settings.serve import ServeSettings
from tests.server.test_jobs import state, until, with_queue


def test_an_upload_that_never_became_a_job_is_removed_at_the_next_start(tmp_path: Path) -> None:
    uploads = tmp_path / ".jobs" / "uploads"
    wanted, stray = uploads / "wanted.mp4", uploads / "stray.mp4"

    async def first(queue: JobQueue) -> None:
        uploads.mkdir(parents=True)
        for path in (wanted, stray):
            path.write_bytes(b"x")
        await queue.add("hangs", "H")
        await queue.add(str(wanted), "wanted.mp4")

    async def second(queue: JobQueue) -> None:
        assert (wanted.exists(), stray.exists()) == (True, False)

    with_queue(tmp_path, first)
    with_queue(tmp_path, second)


def test_an_upload_goes_with_its_cancelled_job(tmp_path: Path) -> None:
    async def test(queue: JobQueue) -> None:
        queue.uploads.folder.mkdir(parents=True)
        upload = queue.uploads.folder / "talk.mp4"
        upload.write_bytes(b"x")
        await queue.add("hangs", "H")
        job = await queue.add(str(upload), "talk.mp4")
        await queue.cancel(job.id)
        assert not upload.exists()

    with_queue(tmp_path, test)


def test_a_job_that_cannot_be_started_fails_and_the_next_one_runs(tmp_path: Path) -> None:
    def command(source: str, output: Path) -> list[str]:
        program = "/no/such/program" if source == "bad" else sys.executable
        return [program, "-c", f"print({str(output / 'x' / 'render' / 'index.html')!r})"]

    async def main() -> None:
        queue = JobQueue(tmp_path, 1, command)
        await queue.start()
        await queue.add("bad", "bad")
        await queue.add("good", "good")
        await until(lambda: state(queue, "good") == "done")
        assert state(queue, "bad") == "failed"
        await queue.stop()

    asyncio.run(main())


def test_a_job_is_told_what_it_may_reach() -> None:
    settings = ServeSettings(private_hosts=("media.lan", "10.2.0.0/16"))
    words = guarded_command(settings)("https://example.org/a", Path("out"))
    given = [words[place + 1] for place, word in enumerate(words) if word == "--set"]
    download = load_config(None, given, {}).download
    assert download.private_addresses == "refuse"
    assert download.private_hosts == ("media.lan", "10.2.0.0/16")
    assert words[-2:] == ["--", "https://example.org/a"]


def test_what_was_said_to_the_server_holds_for_its_jobs_but_for_its_own_settings() -> None:
    words = ["serve", "--config", "mine.yaml", "--set", "serve.token=s3cret"]
    options = build_parser().parse_args([*words, "--set", "download.max_height=480"])
    given = options_for_jobs(options)
    assert given == ["--config", str(Path("mine.yaml").absolute()), "--set", given[-1]]
    assert given[-1] == "download.max_height=480"
    command = guarded_command(ServeSettings(), given)("https://example.org/a", Path("out"))
    # The server's own word comes last and counts.
    assert command.index("download.max_height=480") < command.index(
        "download.private_addresses=refuse"
    )
