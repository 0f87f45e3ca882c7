"""A plain HTTP/1.1 client over one socket that can stop halfway or read slowly, as readers do."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    """A whole answer; times in seconds from the request to its head and to its last byte."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    head_s: float
    whole_s: float


class Connection:
    """One kept-alive connection to the server at ``address`` (``http://127.0.0.1:1234``).

    Usable as an async context manager; a broken connection raises ``OSError`` or ``EOFError``.
    """

    def __init__(self, address: str) -> None:
        self._host = urlsplit(address).netloc
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def __aenter__(self) -> Connection:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    async def ask(
        self, path: str, headers: Mapping[str, str] | None = None, form: bytes | None = None
    ) -> Answer:
        """GET ``path``, or POST ``form`` to it, and read the whole answer."""
        began = time.perf_counter()
        status, fields = await self.begin(path, headers, form)
        head_s = time.perf_counter() - began
        body = await self.read(int(fields.get("content-length", 0))) if status != 304 else b""
        answer = Answer(status, fields, body, head_s, time.perf_counter() - began)
        if fields.get("connection", "").lower() == "close":
            self.close()
        return answer

    async def begin(
        self, path: str, headers: Mapping[str, str] | None = None, form: bytes | None = None
    ) -> tuple[int, dict[str, str]]:
        """Send the request and read only the answer's head."""
        reader, writer = await self._open()
        lines = [f"{'GET' if form is None else 'POST'} {path} HTTP/1.1", f"Host: {self._host}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if form is not None:
            lines.append(f"Content-Length: {len(form)}")
        writer.write("\r\n".join([*lines, "", ""]).encode() + (form or b""))
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = (line.split(": ", 1) for line in head[1:] if line)
        return int(head[0].split()[1]), {name.lower(): value for name, value in pairs}

    async def read(self, size: int) -> bytes:
        """Exactly ``size`` bytes of the answer's body."""
        reader, _ = await self._open()
        return await reader.readexactly(size)

    async def line(self) -> bytes:
        """The next line of the answer's body, empty when it has ended."""
        reader, _ = await self._open()
        return await reader.readline()

    async def send(self, data: bytes) -> None:
        """Send raw bytes: a request that never becomes whole, for one."""
        _, writer = await self._open()
        writer.write(data)
        await writer.drain()

    def close(self) -> None:
        """Break the connection off, wherever the answer is."""
        if self._writer is not None:
            self._writer.transport.abort()
        self._reader = self._writer = None

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._reader is None or self._writer is None:
            host, _, port = self._host.rpartition(":")
            self._reader, self._writer = await asyncio.open_connection(
                host, int(port), limit=1 << 18
            )
        return self._reader, self._writer
