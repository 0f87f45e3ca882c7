"""The queue behind the library's form: one conversion at a time, kept across restarts.

A job runs ``python -m pipeline run`` as a process of its own, so that stopping the server or
cancelling a job can stop everything it started, and so that the pipeline's own resume takes over
when the job is started again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path

from pipeline.redaction import public_url
from pipeline.server import job_process
from pipeline.server.converted import chapter_of
from pipeline.server.job_form import host_of
from pipeline.server.job_list import JobList
from pipeline.server.job_model import Job, JobOptions
from pipeline.server.job_process import KILL_AFTER_S, pipeline_command
from pipeline.server.job_text import reason_of, without_paths
from pipeline.server.queue_lock import QueueLock
from pipeline.server.uploads import Uploads

log = logging.getLogger(__name__)

_KEPT_FINISHED = 20
_MOST_JOBS = 10**9  # a number becomes a file name


class QueueFullError(Exception):
    """So many jobs wait already that no further one is taken."""


class OtherOptionsError(Exception):
    """The source is being converted with other options than it is asked for with."""


class JobQueue:
    """All jobs of one output folder. Use from one event loop only.

    Args:
        output: the output folder; jobs are kept in ``.jobs`` under it.
        at_once: how many run at the same time.
        command: the command line for a source.
        most_waiting: how many jobs may wait at the same time.

    Attributes:
        uploads: the uploaded files; each is removed with its finished job.
        claim: on the folder; one server at a time has it.
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
        self._jobs = JobList(self._folder)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        self._stopping = False
        self._arriving = 0
        self.uploads = Uploads(self._folder / "uploads")
        self._known_paths = (str(self.uploads.folder), str(output), str(Path.home()))
        self.claim = QueueLock(output, self._folder)

    def jobs(self) -> list[Job]:
        """All jobs, the newest first."""
        return self._jobs.listed()

    def changes(self) -> AsyncIterator[list[Job]]:
        """The jobs now, and again whenever something has changed (a few times a second at most)."""
        return self._jobs.changes()

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
        self._jobs.load(self._may_hold)
        self.uploads.remove_all_but(job.source for job in self._jobs.values())
        await self._next()

    def _may_hold(self, job: Job) -> bool:
        """Whether the form can have asked for it: an address, the demo, a file that was uploaded.

        Whoever passes on a folder must not have any other file of this machine converted.
        """
        captions = job.options.captions_url
        is_askable = job.source == "demo" or host_of(job.source) or self.uploads.holds(job.source)
        return bool(is_askable and (not captions or host_of(captions)) and job.number < _MOST_JOBS)

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
        self, source: str, title: str, options: JobOptions | None = None, *, has_place: bool = False
    ) -> Job:
        """Queue a source; returns the job that is already waiting for it, if there is one, with the
        options that were given last.

        Where there is a chapter of it already, the job asks before it begins (see ``confirm``).

        Args:
            has_place: the caller is within ``place``.

        Raises:
            QueueFullError: too many wait already.
            OtherOptionsError: it is being converted with other options.
        """
        options = options or JobOptions()
        chapter = await asyncio.to_thread(chapter_of, source, self._output)
        for job in self._jobs.values():
            if job.source == source and job.state in ("asks", "queued", "running"):
                return await self._asked_again(job, options)
        if self.is_full and not has_place:
            raise QueueFullError
        number = max((job.number for job in self._jobs.values()), default=0) + 1
        job = Job(
            id=f"job{number:06d}",
            number=number,
            source=source,
            title=title,
            options=options,
            state="asks" if chapter else "queued",
            chapter=chapter,
        )
        await self._jobs.put(job)
        await self._next()
        return self._jobs[job.id]

    async def _asked_again(self, job: Job, options: JobOptions) -> Job:
        if options == job.options:
            return job
        if job.state == "running":
            raise OtherOptionsError
        await self._jobs.put(job.model_copy(update={"options": options}))
        return self._jobs[job.id]

    async def confirm(self, name: str) -> bool:
        """Let a job that asks begin; False when none by that name does."""
        job = self._jobs.get(name)
        if job is None or job.state != "asks":
            return False
        await self._jobs.put(job.model_copy(update={"state": "queued"}))
        await self._next()
        return True

    async def cancel(self, name: str) -> bool:
        """Stop a waiting or running job; False when there is none by that name."""
        job = self._jobs.get(name)
        if job is None or job.state not in ("asks", "queued", "running"):
            return False
        await self._jobs.put(job.model_copy(update={"state": "cancelled"}))
        if name in self._processes:
            self._signal(name, signal.SIGTERM)
            asyncio.get_running_loop().call_later(KILL_AFTER_S, self._signal, name, signal.SIGKILL)
        elif name not in self._running:
            self.uploads.remove(job.source)
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
        await self._jobs.put(job.again())
        await self._next()
        return True

    async def remove(self, name: str) -> bool:
        """Take a finished job off the list; its chapter stays. False when there is none."""
        job = self._jobs.get(name)
        if job is None or not job.is_finished or name in self._running:
            return False
        self._forget(job)
        await self._jobs.notify()
        return True

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
                await self._jobs.put(self._jobs[name].model_copy(update=fresh))
                await self._convert(name)
        except (OSError, ValueError) as error:  # see ``job_process.start``
            reason = f"the run could not be started: {reason_of(error)}"
            change = {"state": "failed", "error": reason}
            await self._jobs.put(self._jobs[name].model_copy(update=change))
        finally:
            job = self._jobs.get(name)
            if job is not None and job.state == "cancelled":
                self.uploads.remove(job.source)
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
        await self._jobs.put(self._jobs[name].model_copy(update=born))
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
            self.uploads.remove(job.source)
        elif self._stopping:
            # The job waits for the next start.
            change = {"state": "queued"}
        else:
            reason = self._jobs[name].error or f"the run ended with status {status}"
            # A page without a spoken word is no success, and yet there to be read.
            change = {"state": "failed", "error": reason, **page}
            if page:
                self.uploads.remove(job.source)
        await self._jobs.put(self._jobs[name].model_copy(update=change))

    async def _listen(self, name: str, stream: asyncio.StreamReader) -> None:
        while True:
            try:
                line = await stream.readline()
            except ValueError:
                continue  # A line longer than the buffer: no progress of ours.
            if not line:
                return
            text = without_paths(line.decode("utf-8", "replace"), self._known_paths)
            await self._jobs.put(self._jobs[name].heard(text), save=False)

    def _signal(self, name: str, number: int) -> None:
        """Send a signal to the job's process and all it started, if it still runs."""
        process = self._processes.get(name)
        if process is not None:
            job_process.signal_group(process, number)

    async def _forget_old(self) -> None:
        finished = [job for job in self.jobs() if job.is_finished]
        for job in finished[_KEPT_FINISHED:]:
            self._forget(job)

    def _forget(self, job: Job) -> None:
        self.uploads.remove(job.source)
        self._jobs.forget(job.id)
