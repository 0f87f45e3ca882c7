"""The form takes addresses and files within limits."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.testclient import TestClient
from starlette.types import Message

from pipeline.server.app import create_app
from pipeline.server.job_form import safe_name
from pipeline.server.job_model import Job, JobOptions
from pipeline.server.job_routes import JobRoutes
from pipeline.server.jobs import JobQueue
from pipeline.settings.serve import ServeSettings
from pipeline.sources.ids import video_id_of
from tests.tally import Tally


def wait(source: str, output: Path) -> list[str]:
    return [sys.executable, "-c", "import time; time.sleep(30)", "--", source]


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
    "source",
    [
        "/etc/passwd", "file:///etc/passwd", "--force", "javascript:1", "", "https://",
        "ftp://example.org/a.mp4", "http:///a.mp4", "http://[::1/a.mp4", "https://a.example/\0",
        "https://a.example/\nb", "ytsearch:lecture", "data:video/mp4;base64,AAAA",
    ],
)  # fmt: skip
def test_nothing_but_web_addresses_is_taken(form: TestClient, source: str) -> None:
    assert form.post("/jobs", data={"source": source}).status_code == 400


PRIVATE = [
    "http://127.0.0.1/", "http://127.1:8000/a", "http://2130706433/", "http://0x7f000001/",
    "http://①②⑦.⓪.⓪.①/", "http://ｌocalhost/",
    "http://0177.0.0.1/", "http://localhost/", "http://localhost./", "http://a.localhost/",
    "http://10.0.0.1/", "http://172.16.0.1/", "http://192.168.1.1/", "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/", "http://0.0.0.0/", "http://224.0.0.1/",
    "http://255.255.255.255/", "http://[::1]/", "http://[::]/", "http://[fd00::1]/",
    "http://[fe80::1%25eth0]/", "http://[ff02::1]/", "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:a00:1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/",
    "http://user:secret@127.0.0.1/", "http://127.0.0.1./",
]  # fmt: skip


@pytest.mark.parametrize(
    "address",
    ["/etc/passwd", "file:///a.vtt", PRIVATE[0], "https://me:pw@a.example/a.vtt", "x" * 2001],
)
def test_an_address_of_captions_is_held_to_the_same_rules(
    address: str, form: TestClient, tmp_path: Path
) -> None:
    given = {"source": "https://a.example/talk.mp4", "captions_url": address}
    assert form.post("/jobs", data=given).status_code == 400
    upload = form.post("/jobs/upload", params={"name": "a.mp4", **given}, content=b"video")
    assert upload.status_code == 400
    assert not list((tmp_path / ".jobs").glob("*.json"))


def test_an_address_of_captions_goes_along_with_its_video(form: TestClient, tmp_path: Path) -> None:
    address = "https://a.example/talk.en.vtt?part=1"
    given = {"source": "https://a.example/talk.mp4", "captions_url": address}
    assert form.post("/jobs", data=given).status_code == 303
    job = Job.model_validate_json((tmp_path / ".jobs" / "job000001.json").read_bytes())
    assert job.options.arguments() == [f'--set=download.captions_url="{address}"']


def test_what_is_said_last_of_an_address_that_waits_counts(
    form: TestClient, tmp_path: Path
) -> None:
    form.post("/jobs", data={"source": "demo"})  # the one that runs
    talk = {"source": "https://example.org/talk.mp4", "language": "de"}
    for options in ({}, {"start": "0:10", "end": "0:50"}, {"edition": "transcript"}):
        assert form.post("/jobs", data=talk | options).status_code == 303
    jobs = [
        Job.model_validate_json(path.read_bytes()) for path in (tmp_path / ".jobs").glob("*.json")
    ]
    (waiting,) = [job for job in jobs if job.source == talk["source"]]
    assert waiting.options == JobOptions(language="de", edition="transcript")


def test_a_conversion_under_way_says_that_it_takes_no_other_options(
    form: TestClient, tmp_path: Path
) -> None:
    assert form.post("/jobs", data={"source": "demo", "language": "en"}).status_code == 303
    kept = tmp_path / ".jobs" / "job000001.json"
    for _ in range(500):
        if Job.model_validate_json(kept.read_bytes()).state == "running":
            break
        time.sleep(0.02)
    assert form.post("/jobs", data={"source": "demo", "language": "en"}).status_code == 303
    answer = form.post("/jobs", data={"source": "demo", "language": "de"})
    assert answer.status_code == 409 and "with other options" in answer.text


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("0:50", "0:10", "end: '0:10' is not later than the start, 0:50"),
        ("1:00", "60", "end: '60' is not later than the start, 1:00"),
        ("", "0", "end: '0' is not later than the start, 0:00"),
        ("1:75", "", "start: '1:75' is no time"),
    ],
)
def test_a_part_that_ends_before_it_begins_is_refused_at_once(
    form: TestClient, start: str, end: str, said: str
) -> None:
    given = {"source": "https://example.org/talk.mp4", "start": start, "end": end}
    answer = form.post("/jobs", data=given)
    assert answer.status_code == 400 and said in answer.text
    upload = form.post(
        "/jobs/upload", params={"name": "a.mp4", "start": start, "end": end}, content=b"x"
    )
    assert upload.status_code == 400 and said in upload.text


@pytest.mark.parametrize("source", PRIVATE)
def test_an_address_that_is_plainly_private_is_refused_at_once(
    source: str, form: TestClient, tmp_path: Path
) -> None:
    answer = form.post("/jobs", data={"source": source})
    assert answer.status_code == 400
    assert "serve.private_hosts" in answer.text
    assert not list(tmp_path.glob(".jobs/*.json"))


@pytest.mark.parametrize(
    "settings",
    [
        {"private_addresses": "allow"},
        {"private_hosts": ["10.2.0.0/16", "media.localhost"]},
    ],
)
def test_a_private_address_can_be_permitted(tmp_path: Path, settings: dict[str, Any]) -> None:
    app = create_app(tmp_path, ServeSettings(**settings), JobQueue(tmp_path, 1, wait))
    with TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False) as client:
        for source in ("http://10.2.3.4/a.mp4", "http://media.localhost/a.mp4"):
            assert client.post("/jobs", data={"source": source}).status_code == 303


def test_a_form_of_a_hundred_thousand_letters_is_refused(form: TestClient) -> None:
    answer = form.post("/jobs", data={"source": "https://a.example/" + "x" * 100_000})
    assert answer.status_code == 413
    assert "too long" in answer.text


def test_twenty_forms_at_once_are_all_taken(form: TestClient) -> None:
    def post(number: int) -> str:
        data = {"source": f"https://a.example/{number}.mp4"}
        answer = form.post("/jobs", data=data, headers={"Accept": "application/json"})
        return str(answer.json()["id"])

    with ThreadPoolExecutor(20) as threads:
        assert len(set(threads.map(post, range(20)))) == 20


def test_a_full_queue_says_so_and_takes_no_file_either(tmp_path: Path) -> None:
    app = create_app(tmp_path, ServeSettings(), JobQueue(tmp_path, 1, wait, most_waiting=2))
    with TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False) as client:
        statuses = []
        for number in range(6):
            answer = client.post("/jobs", data={"source": f"https://a.example/{number}"})
            statuses.append(answer.status_code)
        assert statuses[:2] == [303, 303]
        assert statuses[-1] == 503
        assert "serve.waiting" in answer.text
        assert client.post("/jobs/upload?name=a.mp4", content=b"x").status_code == 503
    assert not list(tmp_path.glob(".jobs/uploads/*"))


def test_a_file_is_kept_under_a_harmless_name(form: TestClient, tmp_path: Path) -> None:
    answer = form.post("/jobs/upload?name=..%2F..%2Fa%3Cb%3E.mp4", content=b"video")
    assert answer.status_code == 201
    assert (tmp_path / ".jobs" / "uploads" / "a b.mp4").read_bytes() == b"video"


def test_two_files_of_one_name_are_both_kept(form: TestClient, tmp_path: Path) -> None:
    for content in (b"one", b"two"):
        form.post("/jobs/upload?name=talk.mp4", content=content)
    kept = sorted(path.name for path in (tmp_path / ".jobs" / "uploads").iterdir())
    assert kept == ["talk 2.mp4", "talk.mp4"]


def test_nothing_is_written_through_a_link(form: TestClient, tmp_path: Path) -> None:
    uploads = tmp_path / ".jobs" / "uploads"
    uploads.mkdir(parents=True)
    elsewhere = tmp_path / "elsewhere"
    (uploads / "talk.mp4").symlink_to(elsewhere)
    assert form.post("/jobs/upload?name=talk.mp4", content=b"video").status_code == 201
    assert not elsewhere.exists()
    assert (uploads / "talk 2.mp4").read_bytes() == b"video"


def test_a_browser_that_goes_away_leaves_nothing(tmp_path: Path, tally: Tally) -> None:
    app = create_app(tmp_path, ServeSettings(), JobQueue(tmp_path, 1, wait))
    sent: list[Message] = []
    coming: list[Message] = [
        {"type": "http.request", "body": b"half of it", "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return coming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/jobs/upload", "query_string": b"name=a.mp4",
        "headers": [(b"host", b"localhost")], "http_version": "1.1", "scheme": "http",
        "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1), "root_path": "",
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    assert sent[0]["status"] == 400
    assert not list(tmp_path.glob(".jobs/uploads/*"))
    assert not list(tmp_path.glob(".jobs/*.json"))
    tally.survived("upload broken off")


@pytest.mark.parametrize(
    "name",
    ["../../../evil.mp4", "..\\..\\evil.mp4", "/etc/evil.mp4", "evil\0.mp4", "\u202eevil.mp4",
     "CON.mp4", "nul.mp4", "x" * 5000 + ".mp4", "\U00020000" * 300 + ".mp4", "....mp4", "-rf.mp4"],
)  # fmt: skip
def test_no_name_leaves_the_folder_of_uploads(name: str, form: TestClient, tmp_path: Path) -> None:
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    answer = form.post("/jobs/upload", params={"name": name}, content=b"video")
    assert answer.status_code == 201
    (kept,) = (tmp_path / ".jobs" / "uploads").iterdir()
    assert kept.read_bytes() == b"video"
    assert len(kept.name.encode()) <= 230
    assert not kept.name.startswith((".", "-"))
    assert kept.stem.lower() not in ("con", "nul")
    after = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert {path.parent.name for path in after - before} <= {"uploads", ".jobs"}


@pytest.mark.parametrize("job", ["..%2F..%2Fetc", "%00", "job000001.json", "x" * 4000])
def test_no_job_is_found_by_a_strange_id(job: str, form: TestClient) -> None:
    assert form.post(f"/jobs/{job}/cancel").status_code in (404, 405)


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


def test_what_has_a_chapter_can_be_confirmed_and_is_shown_where_nobody_can_be_asked(
    form: TestClient, tmp_path: Path
) -> None:
    source = "https://example.org/talk.mp4"
    name = video_id_of(source)
    page = tmp_path / name / "render" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("page")
    answer = form.post("/jobs", data={"source": source})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/{name}/")
    confirm = "/jobs/job000001/confirm"
    assert form.post(confirm, headers={"Accept": "application/json"}).status_code == 201
    assert form.post(confirm).status_code == 404
