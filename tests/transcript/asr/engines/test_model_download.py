"""Models come down whole: resumed, checked, fetched again when damaged."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pipeline.engine.progress import Silent
from pipeline.errors import SpeechError
from pipeline.transcript.asr.engines.models import fetch_checked

DATA = bytes(range(256)) * 4000
SHA256 = hashlib.sha256(DATA).hexdigest()


class ModelServer:
    """Serves ``DATA`` with ranges, the first ``damage`` times damaged; ``asked`` are the ranges."""

    def __init__(self, damage: int = 0) -> None:
        outer = self
        self.damage = damage
        self.asked: list[str | None] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                wanted = self.headers.get("Range")
                outer.asked.append(wanted)
                start = int(wanted[6:-1]) if wanted else 0
                if start >= len(DATA):
                    self.send_error(416)
                    return
                body = DATA[start:]
                if outer.damage:
                    outer.damage -= 1
                    body = bytes(len(body))
                self.send_response(206 if wanted else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/base.pt"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server() -> Iterator[ModelServer]:
    running = ModelServer()
    yield running
    running.close()


def test_a_model_is_fetched_and_checked(server: ModelServer, tmp_path: Path) -> None:
    target = fetch_checked(server.url, tmp_path / "cache" / "base.pt", SHA256, Silent())
    assert target.read_bytes() == DATA
    assert [path.name for path in target.parent.iterdir()] == ["base.pt"]


def test_an_interrupted_download_goes_on(server: ModelServer, tmp_path: Path) -> None:
    (tmp_path / "base.pt.part").write_bytes(DATA[:1000])
    fetch_checked(server.url, tmp_path / "base.pt", SHA256, Silent())
    assert server.asked == ["bytes=1000-"]
    assert (tmp_path / "base.pt").read_bytes() == DATA


def test_a_download_that_was_whole_but_not_moved_is_used(
    server: ModelServer, tmp_path: Path
) -> None:
    (tmp_path / "base.pt.part").write_bytes(DATA)
    assert fetch_checked(server.url, tmp_path / "base.pt", SHA256, Silent()).read_bytes() == DATA


def test_a_damaged_download_is_fetched_again(server: ModelServer, tmp_path: Path) -> None:
    server.damage = 1
    assert fetch_checked(server.url, tmp_path / "base.pt", SHA256, Silent()).read_bytes() == DATA
    assert len(server.asked) == 2


def test_a_download_that_stays_damaged_is_an_error(server: ModelServer, tmp_path: Path) -> None:
    server.damage = 9
    with pytest.raises(SpeechError, match="checksum is wrong"):
        fetch_checked(server.url, tmp_path / "base.pt", SHA256, Silent())
    assert list(tmp_path.iterdir()) == []


def test_no_connection_is_an_error_that_names_the_address(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match=r"http://127\.0\.0\.1:9/base\.pt cannot be downloaded"):
        fetch_checked("http://127.0.0.1:9/base.pt", tmp_path / "base.pt", SHA256, Silent())
