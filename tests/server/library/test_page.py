"""Many who ask for the library at the same time do not look at the folder one after the other."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from anyio import CapacityLimiter

from pipeline.server.library.page import Library, LibraryScan, LibrarySnapshot


class Slow(Library):
    """Counts its looks; each takes a moment, and the first may fail."""

    def __init__(self, output: Path, fails: bool = False) -> None:
        super().__init__(output)
        self.looks = 0
        self.fails = fails

    def look(self) -> LibrarySnapshot:
        self.looks += 1
        time.sleep(0.05)
        if self.fails and self.looks == 1:
            raise PermissionError
        return super().look()


def put(output: Path, name: str) -> None:
    """A page, which makes the folder a chapter."""
    (output / name / "render").mkdir(parents=True)
    (output / name / "render" / "index.html").write_text("page")


def test_who_asks_at_the_same_time_shares_a_scan(tmp_path: Path) -> None:
    put(tmp_path, "one")
    library = Slow(tmp_path)

    async def all_at_once() -> list[LibrarySnapshot]:
        scan = LibraryScan(library, CapacityLimiter(1))
        return list(await asyncio.gather(*(scan.look() for _ in range(50))))

    assert {seen.names for seen in asyncio.run(all_at_once())} == {("one",)}
    # The one that the first began, and the one for those who came during it.
    assert library.looks <= 2


def test_what_came_during_a_look_is_seen_by_who_asks_then(tmp_path: Path) -> None:
    async def late() -> LibrarySnapshot:
        library = Slow(tmp_path)
        scan = LibraryScan(library, CapacityLimiter(1))
        first = asyncio.create_task(scan.look())
        while not library.looks:
            await asyncio.sleep(0)
        put(tmp_path, "new")
        others = [asyncio.create_task(scan.look()) for _ in range(2)]
        await first
        seen = await asyncio.gather(*others)
        assert seen[0] is seen[1]
        return seen[0]

    assert asyncio.run(late()).names == ("new",)


def test_a_look_that_fails_is_nobody_elses(tmp_path: Path) -> None:
    put(tmp_path, "one")

    async def all_at_once() -> list[LibrarySnapshot | BaseException]:
        scan = LibraryScan(Slow(tmp_path, fails=True), CapacityLimiter(1))
        looks = (scan.look() for _ in range(3))
        return list(await asyncio.gather(*looks, return_exceptions=True))

    first, *others = asyncio.run(all_at_once())
    assert isinstance(first, PermissionError)
    assert all(isinstance(one, LibrarySnapshot) and one.names == ("one",) for one in others)
