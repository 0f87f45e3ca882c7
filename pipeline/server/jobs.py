"""The queue behind the library's form: one conversion at a time, kept across restarts.

A job runs ``python -m pipeline run`` as a process of its own, so that stopping the server or
cancelling a job can stop everything it started, and so that the pipeline's own resume takes over
when the job is started again.
"""

from __future__ import annotations

import asyncio
import contextlib
import glob
import logging
import signal
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from pipeline.engine.files import write_atomic
from pipeline.engine.workspace import to_json
from pipeline.redaction import public_url
from pipeline.server import job_process
from pipeline.server.converted import chapter_of
from pipeline.server.job_model import Job, JobOptions
from pipeline.server.job_process import KILL_AFTER_S, pipeline_command
from pipeline.server.job_text import reason_of, without_paths
from pipeline.server.queue_lock import QueueLock

log = logging.getLogger(__name__)

_PUBLISH_EVERY_S = 0.25
_KEPT_FINISHED = 20
CAPTION_SUFFIXES = (".vtt", ".srt", ".sbv")


class QueueFullError(Exception):
    """So many jobs wait already that no further one is taken."""


class JobQueue:
    """All jobs of one output folder. Use from one event loop only.

    Args:
        output: the output folder; jobs are kept in ``.jobs`` under it.
        at_once: how many run at the same time.
        command: the command line for a source.
        most_waiting: how many jobs may wait at the same time.
    """

    def __init__(
        self,
        output: Path,
        at_once: int,
        command: Callable[[str, Path], Sequence[str]] = pipeline_command,
        most_waiting: int = 100,
    ) -> None:
        self._output = output
        self._folder = output / ".jobs"
        self._at_once = at_once
        self._command = command
        self._most_waiting = most_waiting
        self._jobs: dict[str, Job] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        self._changed = asyncio.Condition()
        # One for each job: twenty forms at once need not wait for each other's disk writes.
        self._saving: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._version = 0
        self._stopping = False
        self._arriving = 0
        self._known_paths = (str(self.uploads), str(output), str(Path.home()))
        self.claim = QueueLock(output, self._folder)

    @property
    def uploads(self) -> Path:
        """Where uploaded files are put; a file is removed with its finished job."""
        return self._folder / "uploads"

    def jobs(self) -> list[Job]:
        """All jobs, the newest first."""
        return sorted(self._jobs.values(), key=lambda job: -job.number)

    @property
    def is_full(self) -> bool:
        """Whether ``add`` would refuse; uploads that are on their way have their places."""
        waiting = sum(job.state in ("queued", "asks") for job in self._jobs.values())
        return waiting + self._arriving >= self._most_waiting

    @contextlib.contextmanager
    def place(self) -> Iterator[None]:
        """Keep a place among the waiting for what is on its way.

        Raises:
            QueueFullError: there is none.
        """
        if self.is_full:
            raise QueueFullError
        self._arriving += 1
        try:
            yield
        finally:
            self._arriving -= 1

    async def start(self) -> None:
        """Take up the jobs that a stopped server left behind; running ones are queued again.

        Raises:
            ServeError: another server works on them.
        """
        self.claim.take()  # not in a thread: a lock belongs to the one that took it
        for path in sorted(self._folder.glob("*.json")):
            try:
                job = Job.model_validate_json(path.read_bytes())
            except (ValidationError, OSError):
                continue
            if job.state == "running":
                job = job.model_copy(update={"state": "queued"})
            self._jobs[job.id] = job
        self._remove_stray_uploads()
        await self._next()

    async def stop(self) -> None:
        """Stop the running jobs; they go on when the queue is started again."""
        self._stopping = True
        running = list(self._running.values())
        for name in list(self._processes):
            self._signal(name, signal.SIGTERM)
        if running:
            _, slow = await asyncio.wait(running, timeout=KILL_AFTER_S)
            for name in list(self._processes):
                self._signal(name, signal.SIGKILL)
            if slow:
                await asyncio.wait(slow)
        self.claim.release()

    async def add(
        self,
        source: str,
        title: str,
        options: JobOptions | None = None,
        *,
        has_place: bool = False,
    ) -> Job:
        """Queue a source; returns the job that is already waiting for it, if there is one.

        Where there is a chapter of it already, the job asks before it begins (see ``confirm``).

        Args:
            has_place: the caller is within ``place``.

        Raises:
            QueueFullError: too many wait already.
        """
        chapter = await asyncio.to_thread(chapter_of, source, self._output)
        for job in self._jobs.values():
            if job.source == source and job.state in ("asks", "queued", "running"):
                return job
        if self.is_full and not has_place:
            raise QueueFullError
        number = max((job.number for job in self._jobs.values()), default=0) + 1
        job = Job(
            id=f"job{number:06d}",
            number=number,
            source=source,
            title=title,
            options=options or JobOptions(),
            state="asks" if chapter else "queued",
            chapter=chapter,
        )
        await self._put(job)
        await self._next()
        return self._jobs[job.id]

    async def confirm(self, name: str) -> bool:
        """Let a job that asks begin; False when none by that name does."""
        job = self._jobs.get(name)
        if job is None or job.state != "asks":
            return False
        await self._put(job.model_copy(update={"state": "queued"}))
        await self._next()
        return True

    async def cancel(self, name: str) -> bool:
        """Stop a waiting or running job; False when there is none by that name."""
        job = self._jobs.get(name)
        if job is None or job.state not in ("asks", "queued", "running"):
            return False
        await self._put(job.model_copy(update={"state": "cancelled"}))
        if name in self._processes:
            self._signal(name, signal.SIGTERM)
            asyncio.get_running_loop().call_later(KILL_AFTER_S, self._signal, name, signal.SIGKILL)
        elif name not in self._running:
            self._remove_upload(job)
        await self._next()
        return True

    async def retry(self, name: str) -> bool:
        """Let a failed or cancelled job begin again; False when none does, or its file is gone.

        Raises:
            QueueFullError: too many wait already.
        """
        job = self._jobs.get(name)
        if job is None or job.state not in ("failed", "cancelled") or name in self._running:
            return False
        if Path(job.source).is_absolute() and not await asyncio.to_thread(Path(job.source).is_file):
            return False
        if self.is_full:
            raise QueueFullError
        await self._put(job.again())
        await self._next()
        return True

    async def remove(self, name: str) -> bool:
        """Take a finished job off the list; its chapter stays. False when there is none."""
        job = self._jobs.get(name)
        if job is None or not job.is_finished or name in self._running:
            return False
        self._forget(job)
        await self._tell()
        return True

    async def changes(self) -> AsyncIterator[list[Job]]:
        """The jobs now, and again whenever something has changed (a few times a second at most)."""
        version = -1
        while True:
            async with self._changed:
                while self._version == version:
                    await self._changed.wait()
                version = self._version
            yield self.jobs()
            await asyncio.sleep(_PUBLISH_EVERY_S)

    async def _put(self, job: Job, save: bool = True) -> None:
        if job.is_finished:
            job = job.model_copy(update={"source": public_url(job.source)})
        self._jobs[job.id] = job
        if save:
            async with self._saving[job.id]:
                # What is true by now, not what was true when this began to wait.
                data = to_json(self._jobs[job.id])
                await asyncio.to_thread(write_atomic, self._folder / f"{job.id}.json", data)
        await self._tell()

    async def _tell(self) -> None:
        async with self._changed:
            self._version += 1
            self._changed.notify_all()

    async def _next(self) -> None:
        """Start waiting jobs while there is room, the oldest first."""
        if self._stopping:
            return
        waiting = [
            job
            for job in reversed(self.jobs())
            if job.state == "queued" and job.id not in self._running
        ]
        for job in waiting[: max(0, self._at_once - len(self._running))]:
            # The task is known before anything is awaited: a second call sees it.
            self._running[job.id] = asyncio.create_task(self._run(job.id))

    async def _run(self, name: str) -> None:
        try:
            if self._jobs[name].state == "queued":
                fresh = {"state": "running", "error": None}
                await self._put(self._jobs[name].model_copy(update=fresh))
                await self._convert(name)
        except (OSError, ValueError) as error:  # see ``job_process.start``
            change = {
                "state": "failed",
                "error": f"the run could not be started: {reason_of(error)}",
            }
            await self._put(self._jobs[name].model_copy(update=change))
        finally:
            job = self._jobs.get(name)
            if job is not None and job.state == "cancelled":
                self._remove_upload(job)
            self._running.pop(name, None)
            self._processes.pop(name, None)
            await self._forget_old()
            await self._next()

    async def _convert(self, name: str) -> None:
        job = self._jobs[name]
        if job.process is not None:
            await asyncio.to_thread(job_process.await_end, job.process, job.born)
        options = job.options.arguments()
        process = await job_process.start(self._command, job.source, self._output, options)
        self._processes[name] = process
        born = {"process": process.pid, "born": job_process.birth_of(process.pid)}
        await self._put(self._jobs[name].model_copy(update=born))
        log.info("%s: converts %s (process %d)", name, public_url(job.source), process.pid)
        if self._stopping or self._jobs[name].state == "cancelled":
            self._signal(name, signal.SIGTERM)
        assert process.stdout and process.stderr
        printed, _ = await asyncio.gather(process.stdout.read(), self._listen(name, process.stderr))
        status = await process.wait()
        log.info("%s: ended with status %d", name, status)
        if self._jobs[name].state == "cancelled":
            return
        path = printed.decode("utf-8", "replace").strip()
        page = {"chapter": Path(path).parent.parent.name} if path else {}
        if status == 0:
            change = {"state": "done", **page}
            self._remove_upload(job)
        elif self._stopping:
            # The job waits for the next start.
            change = {"state": "queued"}
        else:
            reason = self._jobs[name].error or f"the run ended with status {status}"
            # A page without a spoken word is no success, and yet there to be read.
            change = {"state": "failed", "error": reason, **page}
            if page:
                self._remove_upload(job)
        await self._put(self._jobs[name].model_copy(update=change))

    async def _listen(self, name: str, stream: asyncio.StreamReader) -> None:
        while True:
            try:
                line = await stream.readline()
            except ValueError:
                continue  # A line longer than the buffer: no progress of ours.
            if not line:
                return
            text = without_paths(line.decode("utf-8", "replace"), self._known_paths)
            await self._put(self._jobs[name].heard(text), save=False)

    def _signal(self, name: str, number: int) -> None:
        """Send a signal to the job's process and all it started, if it still runs."""
        process = self._processes.get(name)
        if process is not None:
            job_process.signal_group(process, number)

    def _remove_upload(self, job: Job) -> None:
        path = Path(job.source)
        if path.is_relative_to(self.uploads):
            for one in (path, *captions_beside(path)):
                with contextlib.suppress(OSError):
                    one.unlink()

    def _remove_stray_uploads(self) -> None:
        """Remove what a server that was killed has left of uploads that never became a job."""
        sources = [Path(job.source) for job in self._jobs.values()]
        wanted = {*sources, *(one for path in sources for one in captions_beside(path))}
        for path in self.uploads.glob("*"):
            if path not in wanted:
                with contextlib.suppress(OSError):
                    path.unlink()

    async def _forget_old(self) -> None:
        finished = [job for job in self.jobs() if job.is_finished]
        for job in finished[_KEPT_FINISHED:]:
            self._forget(job)

    def _forget(self, job: Job) -> None:
        self._remove_upload(job)
        del self._jobs[job.id]
        self._saving.pop(job.id, None)
        (self._folder / f"{job.id}.json").unlink(missing_ok=True)


def captions_beside(video: Path) -> tuple[Path, ...]:
    """The caption files that came with an uploaded video: its name with a further ending."""
    if not video.is_absolute():
        return ()
    return tuple(
        path
        for path in sorted(video.parent.glob(f"{glob.escape(video.stem)}.*"))
        if path.suffix in CAPTION_SUFFIXES
    )
