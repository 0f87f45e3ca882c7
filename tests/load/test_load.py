"""200 readers at once, with forms, listeners and people who never finish: nothing is left behind.

How fast the answers are is for ``tests.benchmarks.bench_serve``; here is what holds on any machine.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.load.census import needs_proc
from tests.load.client import Connection
from tests.load.readers import Heard, add, browse, dawdle, listen, meanwhile, seek, stammer
from tests.load.serving import REASON, Server, serving, stand_in_server
from tests.load.shelf import Shelf, fill
from tests.tally import Tally

pytestmark = needs_proc

SEEKERS, BROWSERS, LISTENERS, SLOW, STAMMERERS, FORMS = 200, 10, 10, 40, 40, 20
SECONDS = 4.0
# The server itself takes 60 MB, its texts at most 64 more; the rest is for pieces under way.
MOST_MB = 300


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Twelve chapters with a video of 16 MiB."""
    return fill(tmp_path_factory.mktemp("shelf") / "output", 12, 16)


@pytest.fixture
def server(shelf: Shelf) -> Iterator[Server]:
    """A server process; a conversion takes it a tenth of a second."""
    with serving(stand_in_server(shelf.output, 0.1)) as running:
        yield running


async def everybody(address: str, shelf: Shelf, heard: Heard, round_: int) -> None:
    """All kinds of readers at once, for some seconds."""
    until = time.monotonic() + SECONDS
    background = [listen(address, heard) for _ in range(LISTENERS)]
    background += [dawdle(address, shelf, heard, seed) for seed in range(SLOW)]
    background += [stammer(address) for _ in range(STAMMERERS)]
    async with meanwhile(*(asyncio.create_task(one) for one in background)):
        await asyncio.gather(
            *(seek(address, shelf, heard, until, 0.5, seed) for seed in range(SEEKERS)),
            *(browse(address, shelf, heard, until, 0.05, seed) for seed in range(BROWSERS)),
            # Each address twice: the second is the job that waits already.
            *(
                add(address, heard, f"https://talks.example/{round_}-{number // 2}.mp4")
                for number in range(2 * FORMS)
            ),
        )


def jobs(output: Path) -> list[dict[str, object]]:
    """What is kept of the jobs."""
    found = []
    for path in sorted((output / ".jobs").glob("*.json")):
        with contextlib.suppress(FileNotFoundError):  # forgotten meanwhile
            found.append(json.loads(path.read_bytes()))
    return found


def wait_for_jobs(output: Path) -> None:
    """Until the queue is empty."""
    until = time.monotonic() + 120
    while any(job["state"] in ("queued", "running") for job in jobs(output)):
        assert time.monotonic() < until, "the jobs do not end"
        time.sleep(0.1)


def test_a_crowd_is_served_rightly_and_leaves_nothing_behind(
    server: Server, shelf: Shelf, tally: Tally
) -> None:
    asyncio.run(browse(server.address, shelf, Heard(), time.monotonic() + 0.5, 0.0, 1))
    before = server.census()
    after = []
    heard = Heard()
    for round_ in range(2):
        asyncio.run(everybody(server.address, shelf, heard, round_))
        assert heard.mistakes == []
        wait_for_jobs(shelf.output)
        after.append(
            server.settled(lambda now: now.children == 0 and now.handles <= before.handles)
        )
    assert heard.broken_off and heard.events and len(heard.seconds["page"]) > BROWSERS
    # Every form once, and each to its end; the server keeps the newest 20.
    kept = jobs(shelf.output)
    assert sorted(str(job["source"]) for job in kept) == sorted(
        f"https://talks.example/1-{number}.mp4" for number in range(FORMS)
    )
    assert {job["number"] for job in kept} == set(range(FORMS + 1, 2 * FORMS + 1))
    assert {(job["state"], job["error"]) for job in kept} == {("failed", REASON)}
    for now in after:
        assert now.handles <= before.handles
        assert now.children == 0
        assert now.peak_mb < MOST_MB
    # The second crowd found the threads that the first one needed (or some of them: they come by
    # need, up to the limits of the server).
    assert after[1].threads < 32
    tally.survived("reader broke off", heard.broken_off)
    tally.survived("request never finished", 2 * STAMMERERS)
    tally.survived("reader at 1 kB/s", 2 * SLOW)


def test_it_ends_within_seconds_with_readers_in_the_middle(server: Server, shelf: Shelf) -> None:
    async def interrupted() -> float:
        heard = Heard()
        readers = [dawdle(server.address, shelf, heard, seed) for seed in range(50)]
        readers += [listen(server.address, heard) for _ in range(10)]
        tasks = [asyncio.create_task(one) for one in readers]
        while not heard.events:
            await asyncio.sleep(0.05)
        async with Connection(server.address) as connection:
            form = b"source=https%3A%2F%2Ftalks.example%2Flast.mp4"
            await connection.ask("/jobs", {"Accept": "application/json"}, form)
        took = await asyncio.to_thread(server.stop)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return took

    # 3 s of patience with the readers, and up to 10 s for a conversion to end.
    assert asyncio.run(interrupted()) < 30
    assert server.process.returncode == 0
