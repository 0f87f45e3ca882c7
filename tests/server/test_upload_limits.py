"""Uploads: each has a place from its beginning, ends when it crawls, and is refused unheard."""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from pipeline.server.app import create_app
from pipeline.server.job_routes import JobRoutes
from pipeline.server.jobs import JobQueue
from pipeline.server.slow_clients import SlowClientProtocol
from pipeline.settings.serve import ServeSettings


def never(source: str, output: Path) -> list[str]:
    return [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server with room for two waiting jobs, impatient with slow uploads."""
    monkeypatch.setattr(JobRoutes, "slow_after_s", 1.0)
    monkeypatch.setattr(JobRoutes, "least_bytes", 50_000)
    queue = JobQueue(tmp_path, 1, never, most_waiting=2)
    app = create_app(tmp_path, ServeSettings(upload_mb=1), queue)
    config = uvicorn.Config(app, port=0, log_level="critical", http=SlowClientProtocol)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


def begin(port: int, name: str = "a.mp4", length: int = 900_000) -> socket.socket:
    """The head of an upload; its body is still to come."""
    connection = socket.create_connection(("127.0.0.1", port))
    connection.settimeout(30)
    head = f"POST /jobs/upload?name={name} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    connection.sendall(f"{head}Content-Length: {length}\r\n\r\n".encode())
    return connection


def answer(connection: socket.socket) -> str:
    """All that the server says until it closes the connection."""
    said = b""
    while piece := connection.recv(65536):
        said += piece
    return said.decode()


@pytest.mark.parametrize(
    ("name", "length", "status"), [("a.exe", 900_000, 415), ("a.mp4", 3 << 30, 413)]
)
def test_a_refused_file_is_not_listened_to(port: int, name: str, length: int, status: int) -> None:
    said = answer(begin(port, name, length))
    assert said.startswith(f"HTTP/1.1 {status} ")


def test_uploads_on_their_way_count_among_the_waiting(port: int, tmp_path: Path) -> None:
    first, second = begin(port), begin(port)
    for connection in (first, second):
        connection.sendall(b"x" * 60_000)
    uploads = tmp_path / ".jobs" / "uploads"
    deadline = time.monotonic() + 10
    while len(list(uploads.glob("*"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert answer(begin(port)).startswith("HTTP/1.1 503 ")
    first.close()
    while len(list(uploads.glob("*"))) > 1 and time.monotonic() < deadline:
        time.sleep(0.02)
    third = begin(port, length=5)
    third.sendall(b"video")
    said = third.recv(65536).decode()
    assert said.startswith("HTTP/1.1 201 "), said
    second.close()


def test_an_upload_that_crawls_is_ended_and_leaves_nothing(port: int, tmp_path: Path) -> None:
    connection = begin(port)
    began = time.monotonic()
    said = b""
    connection.settimeout(0.1)
    while time.monotonic() - began < 20:
        try:
            connection.sendall(b"x" * 100)
            piece = connection.recv(65536)
        except TimeoutError:
            continue
        except OSError:
            break
        if not piece:
            break
        said += piece
    assert b"408" in said.split(b"\r\n")[0], said
    assert time.monotonic() - began < 10
    assert not list((tmp_path / ".jobs" / "uploads").glob("*"))


def test_what_is_shown_of_a_job_holds_no_process(port: int, tmp_path: Path) -> None:
    connection = socket.create_connection(("127.0.0.1", port))
    connection.settimeout(30)
    connection.sendall(b"GET /jobs/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    said = b""
    while b"data: " not in said or not said.rstrip().endswith(b"]"):
        said += connection.recv(65536)
    assert json.loads(said.rpartition(b"data: ")[2].split(b"\n")[0]) == []
    connection.close()


def test_a_count_of_bytes_that_no_number_holds_is_too_large(port: int) -> None:
    with begin(port, f"a.mp4&captions=a.vtt&captions_bytes={'9' * 5000}") as connection:
        assert "413" in answer(connection).partition("\r\n")[0]
