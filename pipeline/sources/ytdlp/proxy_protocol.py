"""The bytes of a forward proxy: a request's head, and two sockets passing on what they hear."""

from __future__ import annotations

import re
import selectors
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

_MOST_HEAD = 64 << 10  # eight times what common servers take (nginx and Apache: 8 KiB)
_PIECE = 64 << 10  # read at a time: the usual buffer of a pipe on Linux
_END = b"\r\n\r\n"
_PLACE = re.compile(r"http://(?:[^/?#]*@)?([^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)
_HOP = re.compile(rb"\r\n(?:proxy-[a-z-]+|connection|keep-alive|host)[ \t]*:[^\r\n]*", re.I)
_WORDS = {400: "Bad Request", 403: "Forbidden", 502: "Bad Gateway"}


class BadRequestError(Exception):
    """What came in is no request for a proxy."""


@dataclass(frozen=True)
class RequestHead:
    """Where a request wants to go, and what to send there first (for a tunnel: nothing of ours)."""

    host: str
    port: int
    tunnel: bool
    forward: bytes


def read_head(client: socket.socket) -> RequestHead:
    """The head of the request that ``client`` sends, rewritten for the server itself.

    Each connection carries one request ("Connection: close"), so that a second one for another
    server is never sent to the first.

    Raises:
        BadRequestError: it is none, is longer than 64 KiB, or asks for another scheme than http.
    """
    data = b""
    while _END not in data:
        piece = client.recv(_PIECE)
        if not piece or len(data) > _MOST_HEAD:
            raise BadRequestError("no request came")
        data += piece
    head, _, rest = data.partition(_END)
    line, _, fields = head.partition(b"\r\n")
    words = line.decode("latin-1").split(" ")
    if len(words) != 3:
        raise BadRequestError("not a request line")
    method, target, version = words
    if method == "CONNECT":
        host, port = _authority(f"//{target}", 443)
        return RequestHead(host, port, True, rest)
    place = _PLACE.fullmatch(target)
    if place is None:
        raise BadRequestError(f"only http and https are allowed here, not {target.split(':')[0]}")
    host, port = _authority(target, 80)
    path = place[2] if place[2].startswith("/") else f"/{place[2]}"
    kept = _HOP.sub(b"", b"\r\n" + fields)
    first = f"{method} {path} {version}\r\nHost: {place[1]}\r\nConnection: close"
    return RequestHead(host, port, False, first.encode("latin-1") + kept + _END + rest)


def _authority(target: str, default_port: int) -> tuple[str, int]:
    try:
        parts = urlsplit(target)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise BadRequestError(str(error)) from error
    if not host:
        raise BadRequestError("no host")
    return host, port or default_port


def refusal(status: int, reason: str) -> bytes:
    """A whole answer of the proxy itself."""
    body = f"{reason}\n".encode()
    head = (
        f"HTTP/1.1 {status} {_WORDS[status]}\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


class ResponseHead:
    """Passes a server's answer on, and says in its head that the connection ends with it."""

    def __init__(self) -> None:
        self._waiting: bytes | None = b""

    def __call__(self, piece: bytes) -> bytes:
        """What to send for ``piece``; empty while the head is not whole."""
        if self._waiting is None:
            return piece
        self._waiting += piece
        head, end, body = self._waiting.partition(_END)
        if not end:
            return self.rest() if len(self._waiting) > _MOST_HEAD else b""
        if head[9:10] == b"1":  # 100 Continue and the like: the true head follows
            self._waiting = b""
            return self(body) if body else b""
        self._waiting = None
        line, _, fields = head.partition(b"\r\n")
        kept = _HOP.sub(b"", b"\r\n" + fields) if fields else b""
        return line + b"\r\nConnection: close" + kept + _END + body

    def rest(self) -> bytes:
        """What was held back."""
        held, self._waiting = self._waiting or b"", None
        return held


def relay(client: socket.socket, upstream: socket.socket, head: ResponseHead | None) -> None:
    """Pass bytes on in both directions until one side ends.

    Raises:
        ConnectionError: ``upstream`` broke off.
        OSError: ``client`` did.
    """
    with selectors.DefaultSelector() as ready:
        ready.register(client, selectors.EVENT_READ)
        ready.register(upstream, selectors.EVENT_READ)
        while True:
            for key, _ in ready.select():
                if key.fileobj is client:
                    piece = client.recv(_PIECE)
                    if not piece:
                        return
                    upstream.sendall(piece)
                    continue
                piece = upstream.recv(_PIECE)
                if not piece:
                    if head is not None:
                        client.sendall(head.rest())
                    return
                client.sendall(head(piece) if head is not None else piece)
