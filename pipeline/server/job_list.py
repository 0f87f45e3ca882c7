"""The list of jobs: kept on disk, and followed by the pages that are open."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from pipeline.engine.files import write_atomic
from pipeline.engine.workspace import to_json
from pipeline.redaction import public_url
from pipeline.server.job_model import Job

log = logging.getLogger(__name__)

_PUBLISH_EVERY_S = 0.25


class JobList(Mapping[str, Job]):
    """The jobs by their ids. Use from one event loop only.

    Args:
        folder: each job is a file in it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._by_id: dict[str, Job] = {}
        self._changed = asyncio.Condition()
        # One for each job: twenty forms at once need not wait for each other's disk writes.
        self._saving: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._version = 0

    def __getitem__(self, name: str) -> Job:
        return self._by_id[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    def listed(self) -> list[Job]:
        """All jobs, the newest first."""
        return sorted(self._by_id.values(), key=lambda job: -job.number)

    def load(self, may_hold: Callable[[Job], bool]) -> None:
        """Take up the jobs in the folder; those that ran are queued again.

        Args:
            may_hold: whether a server can have kept such a job: the folder may be another's gift.
        """
        for path in sorted(self._folder.glob("*.json")):
            try:
                job = Job.model_validate_json(path.read_bytes())
            except (ValidationError, OSError):
                continue
            if job.id != path.stem or not may_hold(job):
                log.warning("%s: no job that a server has kept, passed over", path)
                continue
            if job.state == "running":
                job = job.model_copy(update={"state": "queued"})
            self._by_id[job.id] = job

    async def changes(self) -> AsyncIterator[list[Job]]:
        """The jobs now, and again whenever something has changed (a few times a second at most)."""
        version = -1
        while True:
            async with self._changed:
                while self._version == version:
                    await self._changed.wait()
                version = self._version
            yield self.listed()
            await asyncio.sleep(_PUBLISH_EVERY_S)

    async def put(self, job: Job, save: bool = True) -> None:
        """Put a job on the list, or in the place of what it was; ``save``: on disk too."""
        if job.is_finished:
            job = job.model_copy(update={"source": public_url(job.source)})
        self._by_id[job.id] = job
        if save:
            async with self._saving[job.id]:
                # What is true by now, not what was true when this began to wait.
                data = to_json(self._by_id[job.id])
                await asyncio.to_thread(write_atomic, self._folder / f"{job.id}.json", data)
        await self.notify()

    async def notify(self) -> None:
        """Wake all who follow the list."""
        async with self._changed:
            self._version += 1
            self._changed.notify_all()

    def forget(self, name: str) -> None:
        """Take a job off the list and off the disk."""
        del self._by_id[name]
        self._saving.pop(name, None)
        (self._folder / f"{name}.json").unlink(missing_ok=True)
