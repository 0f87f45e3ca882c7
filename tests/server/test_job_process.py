"""A server that is killed, or not alone: no orphan goes on paying, no job is lost or done twice."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.engine.files import is_alive
from pipeline.errors import ServeError
from pipeline.server import job_process
from pipeline.server.job_process import await_end, birth_of
from pipeline.server.jobs import JobQueue
from tests.server.test_jobs import command, state, until
from tests.shared import ROOT

# A conversion that notes when it is at work, ends with its server, and takes a lock as runs do.
CONVERSION = """
import sys, time
from pathlib import Path
from filelock import FileLock, Timeout
from pipeline.cli.process import end_with_input, set_up
set_up()
end_with_input()
output = Path(sys.argv[2])
try:
    lock = FileLock(output / ".lock", timeout=0).acquire()
except Timeout:
    print("error: the folder is in use", file=sys.stderr)
    sys.exit(1)
with (output / "at-work").open("a") as file:
    file.write("x")
if len((output / "at-work").read_text()) == 1:
    try:
        time.sleep(60)
    finally:
        time.sleep(1)  # an orderly end takes a while
        (output / "ended").touch()
print(output / "talk" / "render" / "index.html")
"""

# A server that begins one conversion and is killed.
SERVER = """
import asyncio, sys
from pathlib import Path
from tests.server.test_job_process import conversion
from pipeline.server.jobs import JobQueue
async def main():
    queue = JobQueue(Path(sys.argv[1]), 1, conversion)
    await queue.start()
    await queue.add("https://example.org/talk", "Talk")
    await asyncio.sleep(60)
asyncio.run(main())
"""


def conversion(source: str, output: Path) -> list[str]:
    return [sys.executable, "-c", CONVERSION, source, str(output)]


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < deadline, f"no {path.name}"
        time.sleep(0.02)


def test_a_conversion_ends_with_its_killed_server_and_the_next_one_does_it(tmp_path: Path) -> None:
    server = subprocess.Popen([sys.executable, "-c", SERVER, str(tmp_path)], cwd=ROOT)
    wait_for(tmp_path / "at-work")
    server.send_signal(signal.SIGKILL)
    server.wait()

    async def next_server() -> None:
        queue = JobQueue(tmp_path, 1, conversion)
        await queue.start()
        try:
            await until(lambda: state(queue, "Talk") in ("done", "failed"))
            # It was not begun before the orphan, which holds the lecture's lock, had ended.
            assert (state(queue, "Talk"), queue.jobs()[0].error) == ("done", None)
        finally:
            await queue.stop()

    asyncio.run(next_server())
    assert (tmp_path / "ended").exists()
    assert (tmp_path / "at-work").read_text() == "xx"


def test_a_run_of_the_command_line_ends_with_its_input(tmp_path: Path) -> None:
    run = subprocess.Popen(
        [
            *(sys.executable, "-m", "pipeline", "run", "--output", str(tmp_path)),
            *("--end-with-input", "--set", "download.private_addresses=allow"),
            "http://127.0.0.1:9/never.mp4",
        ],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    assert run.stdin
    run.stdin.close()
    assert run.wait(timeout=60) in (1, 130)


def test_a_process_is_told_from_a_later_one_of_its_number() -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        began = time.monotonic()
        await_end(child.pid, "another birth")
        assert time.monotonic() - began < 5
        assert is_alive(child.pid)
        assert birth_of(child.pid) == birth_of(child.pid) != birth_of(os.getpid())
    finally:
        child.kill()
        child.wait()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="tells births apart by /proc")
def test_no_process_is_ended_that_is_no_conversion_whatever_the_list_of_jobs_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(job_process, "KILL_AFTER_S", 0.2)
    ended: list[int] = []
    monkeypatch.setattr(os, "killpg", lambda pid, number: ended.append(pid))
    wait = [sys.executable, "-c", "import time; time.sleep(60)"]
    mine = subprocess.Popen(wait, start_new_session=True)
    orphan = subprocess.Popen([*wait, "--end-with-input"], start_new_session=True)
    try:
        for pid in (0, 1, -1, os.getpid(), mine.pid, orphan.pid, 10**30):
            await_end(pid, birth_of(pid))
    finally:
        for one in (mine, orphan):
            one.kill()
            one.wait()
    assert ended == [orphan.pid]


def test_one_server_only_works_on_an_output_folder(tmp_path: Path) -> None:
    upload = tmp_path / ".jobs" / "uploads" / "talk.mp4"

    async def main() -> None:
        first = JobQueue(tmp_path, 1, command)
        await first.start()
        upload.parent.mkdir(parents=True)
        upload.write_bytes(b"on its way")
        with pytest.raises(ServeError, match=rf"is served already, by process {os.getpid()}"):
            await JobQueue(tmp_path, 1, command).start()
        assert upload.exists()
        await first.stop()
        second = JobQueue(tmp_path, 1, command)
        await second.start()
        await second.stop()

    asyncio.run(main())


def test_a_second_serve_is_an_error_that_names_the_first(tmp_path: Path) -> None:
    queue = JobQueue(tmp_path, 1, command)
    queue.claim.take()
    try:
        ran = subprocess.run(
            [sys.executable, "-m", "pipeline", "serve", "--port", "0", "--output", str(tmp_path)],
            capture_output=True,
            text=True,
            cwd=ROOT,
            timeout=60,
        )
    finally:
        queue.claim.release()
    assert ran.returncode == 1
    assert f"is served already, by process {os.getpid()}" in ran.stderr
    assert ran.stderr.count("\n") == 1
