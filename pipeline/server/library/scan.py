"""One look at the output folder for all who ask for the library at the same time."""

from __future__ import annotations

from anyio import CapacityLimiter, Lock
from anyio.to_thread import run_sync

from pipeline.server.library.page import Library, LibrarySnapshot


class LibraryScan:
    """Looks when asked, in ``threads``; use from one event loop only."""

    def __init__(self, library: Library, threads: CapacityLimiter) -> None:
        self._library = library
        self._threads = threads
        self._looking = Lock()
        self._begun = 0
        self._seen: LibrarySnapshot | None = None

    async def look(self) -> LibrarySnapshot:
        """What is in the folder at some moment after this was asked."""
        before = self._begun
        async with self._looking:
            # A scan that began since then, and has ended, is as good as one's own.
            if self._seen is None or self._begun == before:
                self._begun += 1
                self._seen = None  # stays so when looking fails
                self._seen = await run_sync(self._library.look, limiter=self._threads)
            return self._seen
