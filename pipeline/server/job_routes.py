"""The form of the library page: add a lecture, watch it being made, cancel it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import BinaryIO
from urllib.parse import parse_qsl, quote

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

from pipeline.redaction import has_secret, public_url
from pipeline.server.job_form import (
    cannot_keep,
    captions_in,
    closing,
    create_file,
    host_of,
    options_from,
    safe_name,
)
from pipeline.server.job_model import Job, JobOptions
from pipeline.server.jobs import JobQueue, OtherOptionsError, QueueFullError
from pipeline.server.small_body import small_body
from pipeline.server.uploads import captions_beside
from pipeline.sources.address_guard import Exempt, is_private_name, literal

_MOST_FORM_BYTES = 16_384  # two addresses of 2,000 characters, percent-encoded: 12,000 bytes
_NONE = Exempt()
_SUFFIXES = {
    ".mp4", ".m4v", ".mkv", ".webm", ".mov", ".avi", ".mpg", ".mpeg", ".ts", ".flv", ".wmv",
    ".ogv", ".3gp", ".mp3", ".m4a", ".wav", ".flac", ".ogg", ".opus", ".aac",
}  # fmt: skip


class JobRoutes:
    """The handlers.

    Args:
        upload_bytes: size of the largest file that is taken.
        private: whether addresses of private networks are taken, and which are in any case.

    Attributes:
        slow_after_s: seconds in which ``least_bytes`` of a file have to come; slower ones are ended
            (17 kB/s is a poor mobile network), since each holds a place of the queue.
    """

    slow_after_s = 60.0
    least_bytes = 1 << 20

    def __init__(
        self, queue: JobQueue, upload_bytes: int, private: bool = False, exempt: Exempt = _NONE
    ) -> None:
        self._queue = queue
        self._upload_bytes = upload_bytes
        self._private = private
        self._exempt = exempt
        self._told: list[Job] = []
        self._event = ""

    async def add(self, request: Request) -> Response:
        """Queue an address from the form; back to the library."""
        body = await small_body(request, _MOST_FORM_BYTES)
        given = dict(parse_qsl(body.decode("utf-8", "replace")))
        source = given.get("source", "").strip()
        if source != "demo":
            self._check(source)
        title = "Demo lecture" if source == "demo" else public_url(source)
        job = await self._add(source, title, self._options(given))
        # Without scripts nobody can be asked: the chapter that there is, is shown.
        back = f"/{quote(job.chapter)}/" if job.state == "asks" and job.chapter else "/"
        return _added(request, job.id, back)

    async def upload(self, request: Request) -> Response:
        """Take a file as the raw body (``?name=`` is its name) and queue it.

        With ``captions=NAME`` and ``captions_bytes=N`` the first N bytes are a caption file, and
        the video follows.
        """
        name = safe_name(request.query_params.get("name", ""))
        if Path(name).suffix.lower() not in _SUFFIXES:
            raise closing(415, f"{name} is not named like a video or a recording.")
        if int(request.headers.get("content-length") or 0) > self._upload_bytes:
            raise closing(413, self._too_large())
        try:
            with self._queue.place():  # kept, or refused, before the file is sent
                return await self._uploaded(request, name, self._options(request.query_params))
        except QueueFullError:
            raise _full() from None

    async def _uploaded(self, request: Request, name: str, options: JobOptions) -> Response:
        size, suffix = captions_in(request)
        path, file = create_file(self._queue.uploads.folder / name)
        try:
            with file:
                await self._store(request, file, path.with_suffix(suffix) if size else None, size)
            job = await self._queue.add(str(path), name, options, has_place=True)
            return JSONResponse({"id": job.id, "state": job.state}, 201)
        except BaseException:
            for one in (path, *captions_beside(path)):
                one.unlink(missing_ok=True)
            raise

    async def retry(self, request: Request) -> Response:
        """Begin a failed or cancelled job again."""
        try:
            found = await self._queue.retry(request.path_params["job"])
        except QueueFullError:
            raise _full() from None
        if not found:
            raise HTTPException(404, "That cannot be retried: add the lecture again.")
        return _added(request, request.path_params["job"])

    async def remove(self, request: Request) -> Response:
        """Take a finished job off the list."""
        return await self._act(request, self._queue.remove)

    async def cancel(self, request: Request) -> Response:
        """Stop a waiting or running job."""
        return await self._act(request, self._queue.cancel)

    async def confirm(self, request: Request) -> Response:
        """Convert again what already has a chapter."""
        return await self._act(request, self._queue.confirm)

    async def _act(self, request: Request, action: Callable[[str], Awaitable[bool]]) -> Response:
        """The answer to what is done to a job; 404 where there is no such job in that state."""
        name = request.path_params["job"]
        if not await action(name):
            raise HTTPException(404)
        return _added(request, name)

    async def events(self, request: Request) -> Response:
        """Server-sent events: all jobs, whenever one of them changes."""

        async def stream() -> AsyncIterator[str]:
            async for jobs in self._queue.changes():
                yield self._as_event(jobs)

        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(stream(), media_type="text/event-stream", headers=headers)

    def _as_event(self, jobs: list[Job]) -> str:
        """Written once for all who listen."""
        if jobs != self._told or not self._event:
            hidden = {"source", "process", "born"}
            data = [job.model_dump(mode="json", exclude=hidden) for job in jobs]
            self._told, self._event = jobs, f"data: {json.dumps(data)}\n\n"
        return self._event

    def _options(self, given: Mapping[str, str]) -> JobOptions:
        """What a form says of how to convert; an address of captions is held to the same rules as
        that of a video, and may hold no secret, for it is kept with the lecture."""
        options = options_from(given)
        if options.captions_url:
            self._check(options.captions_url, "captions")
            if has_secret(options.captions_url):
                raise HTTPException(
                    400,
                    "The address of the captions holds a password or a token, which would be "
                    "stored: upload the file instead.",
                )
        return options

    def _check(self, source: str, what: str = "a video") -> None:
        """Refuse what is plainly no address to load from; the job itself checks where it leads."""
        host = host_of(source)
        # Not a path: whoever reaches the form could read any file of this machine.
        if not host:
            raise HTTPException(400, f"That is not the address of {what} (https://...).")
        address = literal(host)
        exempt = self._exempt.has_name(host) or (address and self._exempt.has_address(address))
        if is_private_name(host) and not self._private and not exempt:
            raise HTTPException(
                400,
                f"{host} is an address of this machine or of its own network, which the form does "
                "not load from (see the setting serve.private_hosts).",
            )

    async def _add(self, source: str, title: str, options: JobOptions) -> Job:
        try:
            return await self._queue.add(source, title, options)
        except QueueFullError:
            raise _full() from None
        except OtherOptionsError:
            raise HTTPException(
                409,
                "It is being converted just now, with other options: wait until it is done, or "
                "cancel it, and add it again.",
            ) from None

    async def _store(
        self, request: Request, file: BinaryIO, captions: Path | None, ahead: int
    ) -> None:
        """Write the body to ``file``, but for its first ``ahead`` bytes, which are ``captions``."""
        size = expected = 0
        words = b""
        try:
            async with asyncio.timeout(self.slow_after_s) as limit:
                async for piece in request.stream():
                    size += len(piece)
                    if size > self._upload_bytes:
                        raise closing(413, self._too_large())
                    if missing := ahead - len(words):
                        words, piece = words + piece[:missing], piece[missing:]
                        if captions and len(words) == ahead:
                            await to_thread.run_sync(_write_new, captions, words)
                    # In a thread: a disk that cannot follow makes nobody else wait.
                    await to_thread.run_sync(file.write, piece)
                    if size >= expected:
                        expected = size + self.least_bytes
                        now = asyncio.get_running_loop().time()
                        limit.reschedule(now + self.slow_after_s)
        except TimeoutError as error:
            raise closing(408, "The upload stalled, or nearly so.") from error
        except ClientDisconnect as error:
            raise HTTPException(400, "The upload was interrupted.") from error
        except OSError as error:
            raise cannot_keep(error) from error
        if size <= ahead:
            raise HTTPException(400, "The file is empty.")

    def _too_large(self) -> str:
        return f"The file is larger than {self._upload_bytes >> 20} MiB (serve.upload_mb)."


def _write_new(path: Path, data: bytes) -> None:
    """Write a file in the place of what lies there, never through a link."""
    path.unlink(missing_ok=True)
    with path.open("xb") as file:
        file.write(data)


def _full() -> HTTPException:
    return HTTPException(
        503,
        "The queue of lectures is full (serve.waiting); come back when some are done.",
        {"Retry-After": "600", "Connection": "close"},
    )


def _added(request: Request, job: str, back: str = "/") -> Response:
    """Programs get JSON, a form without scripts goes back to the page."""
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"id": job}, 201)
    return RedirectResponse(back, 303)
