"""How the library server does under load: latency by kind, throughput, memory, handles.

Run ``python -m tests.benchmarks.bench_serve [seconds of a phase]``: makes an output folder of 60
chapters, one of them a lecture of 2 h 13 min, each with a video of 128 MiB; starts the real server
as a process of its own and puts readers on it, from other processes of the same machine. The 20
forms ask for a host that is not there, so their conversions fail, each in a real process.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.benchmarks.bench_site import made_up
from tests.load.census import cpu_s
from tests.load.readers import Heard, add, browse, dawdle, listen, meanwhile, seek, stammer
from tests.load.serving import Server, pipeline_server, serving
from tests.load.shelf import Shelf, fill

CHAPTERS, VIDEO_MB = 60, 128
READERS, BROWSERS, FORMS, LISTENERS = 200, 20, 20, 20
BROWSER_PAUSE_S = 0.1
COLUMNS = f"{'':22}{'requests':>10}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'max ms':>9}"


def seekers(address: str, shelf: Shelf, seconds: float, pause_s: float) -> Heard:
    """200 readers seeking, in a process of their own."""
    heard = Heard()

    async def all_of_them() -> None:
        until = time.monotonic() + seconds
        await asyncio.gather(
            *(seek(address, shelf, heard, until, pause_s, seed) for seed in range(READERS))
        )

    asyncio.run(all_of_them())
    return heard


async def browsing(address: str, shelf: Shelf, heard: Heard, seconds: float) -> None:
    """20 people who open pages."""
    until = time.monotonic() + seconds
    await asyncio.gather(
        *(browse(address, shelf, heard, until, BROWSER_PAUSE_S, seed) for seed in range(BROWSERS))
    )


async def with_forms(address: str, shelf: Shelf, heard: Heard, seconds: float) -> None:
    """The same, with 20 forms sent at once and 20 who watch the jobs."""
    watching = [asyncio.create_task(listen(address, heard)) for _ in range(LISTENERS)]
    async with meanwhile(*watching):
        await asyncio.sleep(0.5)
        forms = [f"https://talks.example/{number}.mp4" for number in range(FORMS)]
        await asyncio.gather(
            browsing(address, shelf, heard, seconds),
            *(add(address, heard, source) for source in forms),
        )


async def with_slow(address: str, shelf: Shelf, heard: Heard, seconds: float) -> None:
    """Pages beside 200 readers at 1 kB/s."""
    slow = [asyncio.create_task(dawdle(address, shelf, heard, n)) for n in range(READERS)]
    async with meanwhile(*slow):
        await asyncio.sleep(1)
        await browsing(address, shelf, heard, seconds)


async def with_halves(address: str, shelf: Shelf, heard: Heard, seconds: float) -> None:
    """Pages beside 500 requests that never become whole."""
    halves = [asyncio.create_task(stammer(address)) for _ in range(500)]
    async with meanwhile(*halves):
        await asyncio.sleep(1)
        await browsing(address, shelf, heard, seconds)


def table(title: str, heard: Heard, took_s: float, used_s: float, server: Server) -> None:
    """Print one phase; ``used_s`` is the server's processor time."""
    print(f"\n{title}\n{COLUMNS}")
    for kind, times in sorted(heard.seconds.items()):
        ms = sorted(1000 * one for one in times)
        ranks = [ms[min(len(ms) - 1, int(len(ms) * part))] for part in (0.5, 0.95, 0.99)]
        cells = "".join(f"{one:9.1f}" for one in (*ranks, ms[-1]))
        print(f"{kind:22}{len(ms):10}{cells}")
    if heard.video_bytes:
        rate = heard.video_bytes / took_s / 1e6
        print(f"{'video throughput':22}{rate:10.0f} MB/s, {heard.broken_off} answers broken off")
    now = server.census()
    print(f"{'server':22}{100 * used_s / took_s:10.0f} % of one core")
    print(
        f"{'':22}{now.rss_mb:10.0f} MB (peak {now.peak_mb:.0f}), {now.handles} handles, "
        f"{now.threads} threads, {now.children} children"
    )
    for mistake in sorted(set(heard.mistakes))[:5]:
        print(f"  WRONG: {mistake[:150]}")


def main() -> None:
    """Measure and print."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 12.0
    spawn = multiprocessing.get_context("spawn")
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(1, mp_context=spawn) as others,
    ):
        output = Path(folder) / "output"
        shelf = fill(output, CHAPTERS - 1, VIDEO_MB, made_up(output / "long"))
        page = output / "long" / "render" / "index.html"
        print(f"{len(shelf.names)} chapters, the longest page {page.stat().st_size / 1000:.0f} kB")
        with serving(pipeline_server(output)) as server:

            def phase(
                title: str,
                people: Callable[[str, Shelf, Heard, float], object],
                pause_s: float | None = None,
            ) -> None:
                heard = Heard()
                began, used = time.perf_counter(), cpu_s(server.process.pid)
                videos = None
                if pause_s is not None:
                    videos = others.submit(seekers, server.address, shelf, seconds, pause_s)
                asyncio.run(people(server.address, shelf, heard, seconds))  # type: ignore[arg-type]
                if videos:
                    both = videos.result()
                    both.seconds |= heard.seconds
                    both.mistakes += heard.mistakes
                    heard = both
                took = time.perf_counter() - began
                table(title, heard, took, cpu_s(server.process.pid) - used, server)

            phase("20 people open pages", browsing)
            phase(
                "... while 200 readers seek (mean pause 2 s) and 20 forms are sent",
                with_forms,
                2.0,
            )
            phase("... while 200 readers seek without a pause", browsing, 0.0)
            phase("... while 200 readers read at 1 kB/s", with_slow)
            phase("... while 500 requests are never finished", with_halves)
            print(f"\nended {server.stop():.1f} s after Ctrl-C")


if __name__ == "__main__":
    main()
