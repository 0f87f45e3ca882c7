"""A small web server on loopback that hands out media, and can break off, stall or refuse."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

_TYPES = {
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".m4a": "audio/mp4",
    ".m3u8": "application/vnd.apple.mpegurl",
    ".ts": "video/mp2t",
    ".vtt": "text/vtt",
    ".html": "text/html",
}


@dataclass
class Page:
    """What is served at one path.

    ``cuts`` are the byte counts after which the connection breaks, one for each request in turn
    (none left: the whole answer is sent). ``stall`` holds the rest of an answer back from byte
    ``pause_after`` on, until it is set; the server's ``paused`` tells that this has begun.
    """

    body: bytes
    content_type: str = "application/octet-stream"
    status: int = 200
    ranges: bool = True
    cuts: list[int] = field(default_factory=list)
    location: str | None = None
    stall: threading.Event | None = None
    pause_after: int = 0


@dataclass(frozen=True)
class Call:
    """One request that came in; ``start`` is where its Range header begins, 0 without one."""

    method: str
    path: str
    start: int
    cookies: str


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that hangs up is part of the tests."""


class MediaServer:
    """A server with a dict of pages, for use in a ``with`` block."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.calls: list[Call] = []
        self.paused = threading.Event()
        self._server = _QuietServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> MediaServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def url(self, path: str) -> str:
        """The address of ``path`` (which begins with a slash)."""
        return f"http://127.0.0.1:{self._server.server_address[1]}{path}"

    def add(self, path: str, page: Page) -> str:
        """Serve ``page`` at ``path``; returns its address."""
        self.pages[path] = page
        return self.url(path)

    def add_file(self, file: Path, path: str | None = None) -> str:
        """Serve ``file`` at ``path`` (default: its name) with the type its suffix says."""
        kind = _TYPES.get(file.suffix, "application/octet-stream")
        return self.add(path or f"/{file.name}", Page(file.read_bytes(), kind))

    def add_folder(self, folder: Path, prefix: str) -> None:
        """Serve all files of ``folder`` below ``prefix``."""
        for file in sorted(folder.iterdir()):
            self.add_file(file, f"{prefix}/{file.name}")

    def starts(self, path: str) -> list[int]:
        """Where each GET of ``path`` began, in order."""
        return [call.start for call in self.calls if call.path == path and call.method == "GET"]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._answer(send_body=True)

            def do_HEAD(self) -> None:
                self._answer(send_body=False)

            def log_message(self, format: str, *args: object) -> None:
                pass

            def _answer(self, send_body: bool) -> None:
                path = urlsplit(self.path).path
                page = server.pages.get(path) or Page(b"not here", "text/plain", status=404)
                start, end = self._range(page)
                cookies = self.headers.get("Cookie", "")
                server.calls.append(Call(self.command, path, start, cookies))
                body = page.body[start:end]
                partial = page.ranges and "Range" in self.headers and page.status == 200
                if partial and not body:
                    self._refuse_range(page)
                    return
                self.send_response(206 if partial else page.status)
                self.send_header("Content-Type", page.content_type)
                self.send_header("Content-Length", str(len(body)))
                if page.ranges:
                    self.send_header("Accept-Ranges", "bytes")
                if page.location:
                    self.send_header("Location", page.location)
                if partial:
                    last = start + len(body) - 1
                    self.send_header("Content-Range", f"bytes {start}-{last}/{len(page.body)}")
                self.end_headers()
                if send_body:
                    self._send(page, body)

            def _range(self, page: Page) -> tuple[int, int]:
                match = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
                if not match or not page.ranges:
                    return 0, len(page.body)
                return int(match[1]), int(match[2]) + 1 if match[2] else len(page.body)

            def _refuse_range(self, page: Page) -> None:
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{len(page.body)}")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def _send(self, page: Page, body: bytes) -> None:
                if page.cuts and len(body) > page.cuts[0]:
                    body = body[: page.cuts.pop(0)]
                    self.close_connection = True
                try:
                    if page.stall is not None and len(body) > page.pause_after:
                        self._send_in_two(page, body, page.stall)
                    else:
                        self.wfile.write(body)
                except OSError:
                    self.close_connection = True

            def _send_in_two(self, page: Page, body: bytes, stall: threading.Event) -> None:
                self.wfile.write(body[: page.pause_after])
                self.wfile.flush()
                server.paused.set()
                stall.wait(timeout=60)
                self.wfile.write(body[page.pause_after :])

        return Handler
