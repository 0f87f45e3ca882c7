"""A server on loopback that misbehaves on purpose: each path does what its ``Fault`` says.

It writes to the socket itself, so that it can lie in every header, cut at any byte and fall silent;
and it counts the bytes of bodies that it sent, so that a test can tell what was loaded twice.
"""

from __future__ import annotations

import contextlib
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Ask:
    """One request: its range is from ``start`` to ``end`` (inclusive; None: the file's). ``start``
    is None without a range. ``number`` counts the requests for this path from 0."""

    method: str
    path: str
    start: int | None
    end: int | None
    number: int
    headers: dict[str, str]


@dataclass
class Answer:
    """What to send: ``body`` may be endless. ``length`` replaces the true Content-Length (None:
    send none). ``cut`` is the byte after which the connection is reset, ``stall`` the one after
    which nothing more comes; ``rate`` in bytes a second. ``drop``: close without a word."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | Iterator[bytes] = b""
    length: int | None = -1
    chunked: bool = False
    cut: int | None = None
    stall: int | None = None
    rate: int | None = None
    drop: bool = False


Fault = Callable[[Ask, bytes], Answer]


def whole(ask: Ask, body: bytes) -> Answer:
    """What a good server answers: all of it, or the range that was asked for."""
    if ask.start is None:
        return Answer(headers={"Accept-Ranges": "bytes"}, body=body)
    if ask.start >= len(body):
        return Answer(416, {"Content-Range": f"bytes */{len(body)}"})
    end = len(body) if ask.end is None else min(ask.end + 1, len(body))
    rest = body[ask.start : end]
    span = f"bytes {ask.start}-{end - 1}/{len(body)}"
    return Answer(206, {"Accept-Ranges": "bytes", "Content-Range": span}, rest)


@dataclass
class _Page:
    body: bytes
    kind: str
    fault: Fault
    asked: int = 0
    sent: int = 0


class BrokenServer:
    """A server for use in a ``with`` block; ``down()`` makes it refuse connections.

    Args:
        host: an address of loopback (all of 127.0.0.0/8 on Linux).
    """

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.host = host
        self.asks: list[Ask] = []
        self._pages: dict[str, _Page] = {}
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._listener: socket.socket | None = None
        self.port = 0

    def __enter__(self) -> BrokenServer:
        self.up()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self.down()

    def up(self) -> None:
        """Listen (again, at the same port)."""
        listener = socket.create_server((self.host, self.port))
        self.port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def down(self) -> None:
        """Refuse connections from now on."""
        listener, self._listener = self._listener, None
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def url(self, path: str) -> str:
        """The address of ``path``."""
        return f"http://{self.host}:{self.port}{path}"

    def put(self, path: str, body: bytes, kind: str = "video/mp4", fault: Fault = whole) -> str:
        """Serve ``body`` at ``path`` in the way of ``fault``; returns the address."""
        with self._lock:
            self._pages[path] = _Page(body, kind, fault)
        return self.url(path)

    def repair(self, path: str) -> None:
        """Serve ``path`` as a good server would, from now on."""
        self._pages[path].fault = whole

    def sent(self, path: str) -> int:
        """How many bytes of bodies went out for ``path``."""
        return self._pages[path].sent

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            data = b""
            while b"\r\n\r\n" not in data:
                piece = client.recv(65536)
                if not piece:
                    return
                data += piece
            self._answer(client, data.decode("latin-1"))

    def _answer(self, client: socket.socket, head: str) -> None:
        line, *fields = head.split("\r\n")
        method, target, _ = line.split(" ")
        path = target.partition("?")[0]
        headers = {
            name.lower(): value.strip()
            for name, _, value in (field.partition(":") for field in fields if field)
        }
        span = re.match(r"bytes=(\d+)-(\d*)", headers.get("range", ""))
        start = int(span[1]) if span else None
        end = int(span[2]) if span and span[2] else None
        page = self._pages.get(path) or _Page(b"", "text/plain", lambda ask, body: Answer(404))
        with self._lock:
            ask = Ask(method, path, start, end, page.asked, headers)
            page.asked += 1
            self.asks.append(ask)
        self._send(client, page, page.fault(ask, page.body), method)

    def _send(self, client: socket.socket, page: _Page, answer: Answer, method: str) -> None:
        if answer.drop:
            return
        fields = {"Content-Type": page.kind, "Connection": "close", **answer.headers}
        if answer.chunked:
            fields["Transfer-Encoding"] = "chunked"
        elif answer.length is not None and isinstance(answer.body, bytes):
            true = len(answer.body)
            fields["Content-Length"] = str(true if answer.length < 0 else answer.length)
        head = f"HTTP/1.1 {answer.status} Whatever\r\n"
        client.sendall(
            (head + "".join(f"{k}: {v}\r\n" for k, v in fields.items()) + "\r\n").encode("latin-1")
        )
        if method == "HEAD":
            return
        body = iter([answer.body]) if isinstance(answer.body, bytes) else answer.body
        done = 0
        for block in body:
            for place in range(0, len(block), 4096):
                piece = block[place : place + 4096]
                piece = self._before_the_fault(client, answer, done, piece)
                client.sendall(b"%x\r\n%b\r\n" % (len(piece), piece) if answer.chunked else piece)
                done += len(piece)
                with self._lock:
                    page.sent += len(piece)
                if answer.rate:
                    time.sleep(len(piece) / answer.rate)
        self._fault(client, answer, done)
        if answer.chunked:
            client.sendall(b"0\r\n\r\n")

    def _before_the_fault(
        self, client: socket.socket, answer: Answer, done: int, piece: bytes
    ) -> bytes:
        """As much of ``piece`` as comes before the fault; the fault itself when nothing does."""
        limit = answer.cut if answer.cut is not None else answer.stall
        if limit is None or done + len(piece) <= limit:
            return piece
        if done < limit:
            return piece[: limit - done]
        self._fault(client, answer, done)
        return piece

    def _fault(self, client: socket.socket, answer: Answer, done: int) -> None:
        if answer.cut is not None and done >= answer.cut:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raise ConnectionAbortedError
        if answer.stall is not None and done >= answer.stall:
            self._ended.wait(60)
            raise ConnectionAbortedError
