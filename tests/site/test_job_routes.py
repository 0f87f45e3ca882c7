"""The form takes addresses and files within limits."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.testclient import TestClient

from pipeline.settings.serve import ServeSettings
from pipeline.site.job_routes import JobRoutes, safe_name
from pipeline.site.jobs import JobQueue
from pipeline.site.server import create_app


def wait(source: str, output: Path) -> list[str]:
    return [sys.executable, "-c", "import time; time.sleep(30)"]


@pytest.fixture
def form(tmp_path: Path) -> Iterator[TestClient]:
    queue = JobQueue(tmp_path, 1, wait)
    app = create_app(tmp_path, ServeSettings(upload_mb=1), queue)
    with TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False) as client:
        yield client


def test_an_address_is_queued_and_the_browser_goes_back(form: TestClient, tmp_path: Path) -> None:
    answer = form.post("/jobs", data={"source": "https://example.org/talk.mp4"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert (tmp_path / ".jobs" / "job000001.json").is_file()


def test_programs_get_the_jobs_id(form: TestClient) -> None:
    answer = form.post("/jobs", data={"source": "demo"}, headers={"Accept": "application/json"})
    assert answer.json() == {"id": "job000001"}


@pytest.mark.parametrize(
    "source", ["/etc/passwd", "file:///etc/passwd", "--force", "javascript:1", "", "https://"]
)
def test_nothing_but_web_addresses_is_taken(form: TestClient, source: str) -> None:
    assert form.post("/jobs", data={"source": source}).status_code == 400


def test_a_file_is_kept_under_a_harmless_name(form: TestClient, tmp_path: Path) -> None:
    answer = form.post("/jobs/upload?name=..%2F..%2Fa%3Cb%3E.mp4", content=b"video")
    assert answer.status_code == 201
    assert (tmp_path / ".jobs" / "uploads" / "a b.mp4").read_bytes() == b"video"


def test_two_files_of_one_name_are_both_kept(form: TestClient, tmp_path: Path) -> None:
    for content in (b"one", b"two"):
        form.post("/jobs/upload?name=talk.mp4", content=content)
    kept = sorted(path.name for path in (tmp_path / ".jobs" / "uploads").iterdir())
    assert kept == ["talk 2.mp4", "talk.mp4"]


def test_a_file_beyond_the_limit_is_refused_and_leaves_nothing(
    form: TestClient, tmp_path: Path
) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(20):
            yield bytes(100_000)

    answer = form.post("/jobs/upload?name=talk.mp4", content=pieces())
    assert answer.status_code == 413
    assert "1 MiB" in answer.text
    assert not list((tmp_path / ".jobs" / "uploads").glob("*"))


@pytest.mark.parametrize("name", ["page.html", "run.sh", "noname", ""])
def test_only_media_files_are_taken(form: TestClient, name: str) -> None:
    assert form.post(f"/jobs/upload?name={name}", content=b"x").status_code == 415


def test_an_empty_file_is_refused(form: TestClient) -> None:
    assert form.post("/jobs/upload?name=a.mp4", content=b"").status_code == 400


def test_cancel_of_an_unknown_job_is_404(form: TestClient) -> None:
    assert form.post("/jobs/job999999/cancel").status_code == 404


def test_a_queued_job_can_be_cancelled(form: TestClient, tmp_path: Path) -> None:
    form.post("/jobs", data={"source": "demo"})
    assert form.post("/jobs/job000001/cancel").status_code == 303
    text = ""
    for _ in range(100):
        text = (tmp_path / ".jobs" / "job000001.json").read_text()
        if '"cancelled"' in text:
            break
        time.sleep(0.02)
    assert '"cancelled"' in text


def test_an_event_is_written_once_for_all_who_listen(tmp_path: Path) -> None:
    async def first_events() -> tuple[object, object]:
        queue = JobQueue(tmp_path, 1, wait)
        routes = JobRoutes(queue, 1)
        request = Request({"type": "http"})
        answers = [await routes.events(request) for _ in range(2)]
        events = []
        for answer in answers:
            assert isinstance(answer, StreamingResponse)
            events.append(await anext(aiter(answer.body_iterator)))
        return events[0], events[1]

    one, other = asyncio.run(first_events())
    assert one is other and one == "data: []\n\n"


def test_safe_names_are_short_and_plain() -> None:
    assert safe_name("C:\\videos\\Lecture 1.MP4") == "Lecture 1.MP4"
    assert safe_name("\u202emp4.exe\u0000.mp4") == "mp4.exe.mp4"
    assert len(safe_name("x" * 500 + ".mp4")) <= 90
    assert not safe_name("...").startswith(".")
