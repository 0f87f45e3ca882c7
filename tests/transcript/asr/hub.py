"""A model hub on loopback: the few addresses of huggingface.co that fetching one model asks for."""

from __future__ import annotations

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Hub:
    """Serves ``files`` of every repository; large ones (``model.bin``) by their SHA-256.

    ``got`` are the names that were loaded, in order.
    """

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.got: list[str] = []
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                hub.answer(self, body=False)

            def do_GET(self) -> None:
                hub.answer(self, body=True)

            def log_message(self, format: str, *args: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Hub:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: BaseHTTPRequestHandler, body: bool) -> None:
        """Answer one request as the hub does."""
        path = request.path.partition("?")[0]
        name = path.rsplit("/", 1)[-1]
        if path.startswith("/api/models/"):
            listing = {"id": "m", "sha": COMMIT, "siblings": [{"rfilename": n} for n in self.files]}
            if "/tree/" in path:
                data = json.dumps(
                    [{"type": "file", "path": n, "size": len(d), "oid": "0" * 40}
                     for n, d in self.files.items()]
                ).encode()  # fmt: skip
            else:
                data = json.dumps(listing).encode()
            self._send(request, data, {"Content-Type": "application/json"}, body)
        elif name in self.files:
            data = self.files[name]
            if body:
                self.got.append(name)
            etag = hashlib.sha256(data).hexdigest()
            if name != "model.bin":
                etag = etag[:40]  # small files go by git's hash; any name will do
            self._send(request, data, {"ETag": f'"{etag}"', "X-Repo-Commit": COMMIT}, body)
        else:
            request.send_error(404)

    def _send(
        self, request: BaseHTTPRequestHandler, data: bytes, headers: dict[str, str], body: bool
    ) -> None:
        request.send_response(200)
        for key, value in headers.items():
            request.send_header(key, value)
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        if body:
            request.wfile.write(data)
