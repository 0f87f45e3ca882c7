"""What the form shows names no path of the server."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from pipeline.server.job_text import without_paths
from pipeline.server.jobs import JobQueue
from tests.server.test_jobs import state, until


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("/srv/out put/.jobs/uploads/a b.mp4 is no video", "a b.mp4 is no video"),
        ("/srv/out put/a-1b/download cannot be written", "a-1b/download cannot be written"),
        ("/srv/out put is full", "the output folder is full"),
        ("see '/usr/lib/python3/x.py' and /etc/ssl/certs.pem.", "see 'x.py' and certs.pem."),
        ("C:\\Users\\me\\talks\\a.mp4 is no video", "a.mp4 is no video"),
        ("file:/tmp/x/a.wav: Invalid data", "file:a.wav: Invalid data"),
        ("concat:/tmp/x/a.ts|/tmp/x/b.ts", "concat:a.ts|b.ts"),
        ("<file:///usr/share/x.conf>", "<x.conf>"),
        ("https://example.org/a/b.mp4?c=/d/e answered 404", None),
        ("https://example.org:8000/a/b#file:1/2", None),
        ("1/2 of 3/4 and/or so, 25 MB/s", None),
        ("transcribe: 3/8 windows", None),
    ],
)
def test_paths_are_cut_to_their_last_name(said: str, shown: str | None) -> None:
    known = ["/srv/out put", "/srv/out put/.jobs/uploads"]
    assert without_paths(said, known) == (said if shown is None else shown)


def test_errors_and_notes_of_a_job_name_no_path(tmp_path: Path) -> None:
    def fails(source: str, output: Path) -> list[str]:
        code = (
            "import sys\n"
            f"print({str(output / 'x' / 'download')!r} + ' is odd', file=sys.stderr)\n"
            f"print('error: ' + {str(output / '.jobs' / 'uploads' / 'a.mp4')!r} + ' is no video',"
            " file=sys.stderr)\nsys.exit(1)"
        )
        return [sys.executable, "-c", code]

    async def main() -> None:
        queue = JobQueue(tmp_path, 1, fails)
        await queue.start()
        await queue.add("talk", "Talk")
        await until(lambda: state(queue, "Talk") == "failed")
        job = queue.jobs()[0]
        assert job.error == "a.mp4 is no video"
        assert str(tmp_path) not in job.model_dump_json(exclude={"source"})
        await queue.stop()

    asyncio.run(main())
