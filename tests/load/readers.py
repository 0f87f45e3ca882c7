"""Readers of the library, as many at once as wanted, and how long each of their requests took."""

from __future__ import annotations

import asyncio
import contextlib
import mmap
import random
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.load.client import Connection
from tests.load.shelf import Shelf


@dataclass
class Heard:
    """What the readers saw: seconds of each request by its kind, bytes of video, and mistakes."""

    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    video_bytes: int = 0
    broken_off: int = 0
    events: int = 0
    mistakes: list[str] = field(default_factory=list)

    def took(self, kind: str, seconds: float) -> None:
        """One request of this kind is answered."""
        self.seconds[kind].append(seconds)

    def expect(self, right: bool, what: str) -> None:
        """Write down a wrong answer."""
        if not right:
            self.mistakes.append(what)


async def seek(
    address: str, shelf: Shelf, heard: Heard, until: float, pause_s: float, seed: int
) -> None:
    """Ask for 1 to 4 MB at random places of a video until ``until`` (``time.monotonic``).

    Every second answer is broken off halfway, as browsers do; ``pause_s`` is the mean wait between.
    """
    chance = random.Random(seed)
    path = shelf.video_of(chance.choice(shelf.names))
    with shelf.video.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as at:
        whole = len(at)
        async with Connection(address) as connection:
            await asyncio.sleep(chance.uniform(0, 2 * pause_s))
            while time.monotonic() < until:
                size = min(chance.randrange(1_000_000, 4_000_000), whole // 2)
                start = chance.randrange(0, whole - size)
                began = time.perf_counter()
                status, fields = await connection.begin(
                    path, {"Range": f"bytes={start}-{start + size - 1}"}
                )
                heard.took("video, first byte", time.perf_counter() - began)
                wanted = f"bytes {start}-{start + size - 1}/{whole}"
                heard.expect(status == 206, f"video: {status}")
                heard.expect(fields.get("content-range") == wanted, f"range: {fields}")
                broken_off = chance.random() < 0.5
                part = size // 2 if broken_off else size
                data = await connection.read(part)
                heard.expect(data == at[start : start + part], f"wrong bytes at {start}")
                heard.video_bytes += part
                if broken_off:
                    connection.close()
                    heard.broken_off += 1
                else:
                    heard.took("video, 1 to 4 MB", time.perf_counter() - began)
                await asyncio.sleep(chance.uniform(0, 2 * pause_s))


async def browse(
    address: str, shelf: Shelf, heard: Heard, until: float, pause_s: float, seed: int
) -> None:
    """Open the library, chapters and what belongs to them, every second time known already."""
    chance = random.Random(seed)
    tags: dict[str, str] = {}
    async with Connection(address) as connection:
        while time.monotonic() < until:
            name = chance.choice(shelf.names)
            for kind, path in _visit(shelf, name):
                headers = {"Accept-Encoding": "gzip"}
                known = path in tags and chance.random() < 0.5
                if known:
                    headers["If-None-Match"] = tags[path]
                answer = await connection.ask(path, headers)
                heard.took(kind, answer.whole_s)
                good = answer.status == 200 or (known and answer.status == 304)
                heard.expect(good, f"{path}: {answer.status}")
                if "etag" in answer.headers:
                    tags[path] = answer.headers["etag"]
                await asyncio.sleep(chance.uniform(0, 2 * pause_s))


def _visit(shelf: Shelf, name: str) -> Sequence[tuple[str, str]]:
    render = f"/{name}/render"
    return (
        ("library", "/"),
        ("library.js", "/library.js"),
        ("page", f"{render}/index.html"),
        ("assets", f"{render}/assets/chapter.css"),
        ("assets", f"{render}/assets/chapter.js"),
        ("assets", f"{render}/assets/text.woff2"),
        ("search data", f"{render}/assets/search.js"),
        ("picture", f"{render}/assets/f0001-small.webp"),
    )


async def add(address: str, heard: Heard, source: str) -> None:
    """Send the form."""
    async with Connection(address) as connection:
        form = urlencode({"source": source}).encode()
        answer = await connection.ask("/jobs", {"Accept": "application/json"}, form)
        heard.took("form", answer.whole_s)
        heard.expect(answer.status == 201, f"form: {answer.status} {answer.body!r}")


async def listen(address: str, heard: Heard) -> None:
    """Follow the jobs until cancelled."""
    async with Connection(address) as connection:
        status, _ = await connection.begin("/jobs/events")
        heard.expect(status == 200, f"events: {status}")
        while line := await connection.line():
            heard.events += line.startswith(b"data: ")


async def dawdle(address: str, shelf: Shelf, heard: Heard, seed: int) -> None:
    """Read a whole video at 1 kB a second until cancelled."""
    name = random.Random(seed).choice(shelf.names)
    async with Connection(address) as connection:
        status, _ = await connection.begin(shelf.video_of(name))
        heard.expect(status == 200, f"slow video: {status}")
        while True:
            await connection.read(1000)
            await asyncio.sleep(1)


async def stammer(address: str) -> None:
    """Send a request's headers, a few bytes a second, without an end; ends with the connection."""
    async with Connection(address) as connection:
        await connection.send(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        with contextlib.suppress(OSError):
            while True:
                await connection.send(b"X: y\r\n")
                await asyncio.sleep(0.5)


@contextlib.asynccontextmanager
async def meanwhile(*work: asyncio.Task[None]) -> AsyncIterator[None]:
    """Run ``work`` during the block and cancel it at its end; what failed in it is raised."""
    try:
        yield
    finally:
        for task in work:
            task.cancel()
        ends = await asyncio.gather(*work, return_exceptions=True)
    for end in ends:
        if isinstance(end, Exception):
            raise end
