"""The form of the library page: add a lecture, watch it being made, cancel it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

from pipeline.site.job_model import Job
from pipeline.site.jobs import JobQueue

_MOST_FORM_BYTES = 16_384
# Seconds for the whole form, and between two pieces of a file.
_FORM_PATIENCE_S = 20.0
_FILE_PATIENCE_S = 60.0
_SUFFIXES = {
    ".mp4", ".m4v", ".mkv", ".webm", ".mov", ".avi", ".mpg", ".mpeg", ".ts", ".flv", ".wmv",
    ".ogv", ".3gp", ".mp3", ".m4a", ".wav", ".flac", ".ogg", ".opus", ".aac",
}  # fmt: skip


class JobRoutes:
    """The handlers; ``upload_bytes`` is the size of the largest file taken."""

    def __init__(self, queue: JobQueue, upload_bytes: int) -> None:
        self._queue = queue
        self._upload_bytes = upload_bytes
        self._told: list[Job] = []
        self._event = ""

    async def add(self, request: Request) -> Response:
        """Queue an address from the form; back to the library."""
        body = await _form(request)
        source = dict(parse_qsl(body.decode("utf-8", "replace"))).get("source", "").strip()
        parts = _parts(source)
        # Not a path: whoever reaches the form could read any file of this machine.
        if source != "demo" and not parts:
            raise HTTPException(400, "That is no address of a video (https://...).")
        title = "Demo lecture" if source == "demo" else source
        job = await self._queue.add(source, title)
        return _added(request, job.id)

    async def upload(self, request: Request) -> Response:
        """Take a file as the raw body (``?name=`` is its name) and queue it."""
        name = safe_name(request.query_params.get("name", ""))
        if Path(name).suffix.lower() not in _SUFFIXES:
            raise HTTPException(415, f"{name} is not named like a video or a recording.")
        if int(request.headers.get("content-length") or 0) > self._upload_bytes:
            raise HTTPException(413, self._too_large())
        folder = self._queue.uploads
        folder.mkdir(parents=True, exist_ok=True)
        path = _free(folder / name)
        try:
            await self._store(request, path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        job = await self._queue.add(str(path), name)
        return JSONResponse({"id": job.id}, 201)

    async def cancel(self, request: Request) -> Response:
        """Stop a waiting or running job."""
        if not await self._queue.cancel(request.path_params["job"]):
            raise HTTPException(404)
        return _added(request, request.path_params["job"])

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
            data = [job.model_dump(mode="json", exclude={"source"}) for job in jobs]
            self._told, self._event = jobs, f"data: {json.dumps(data)}\n\n"
        return self._event

    async def _store(self, request: Request, path: Path) -> None:
        size = 0
        try:
            with path.open("wb") as file:
                async with asyncio.timeout(_FILE_PATIENCE_S) as patience:
                    async for piece in request.stream():
                        size += len(piece)
                        if size > self._upload_bytes:
                            raise HTTPException(413, self._too_large())
                        # In a thread: a disk that cannot follow makes nobody else wait.
                        await to_thread.run_sync(file.write, piece)
                        now = asyncio.get_running_loop().time()
                        patience.reschedule(now + _FILE_PATIENCE_S)
        except TimeoutError as error:
            raise HTTPException(408, "The upload came to a halt.") from error
        except ClientDisconnect as error:
            raise HTTPException(400, "The upload was broken off.") from error
        except OSError as error:
            raise HTTPException(507, f"The file cannot be kept: {error.strerror}") from error
        if not size:
            raise HTTPException(400, "The file is empty.")

    def _too_large(self) -> str:
        return f"The file is larger than {self._upload_bytes >> 20} MiB (serve.upload_mb)."


def safe_name(name: str) -> str:
    """A file name made of harmless characters, without any folder.

    >>> safe_name("../../etc/x y<b>.mp4"), safe_name(".mp4")
    ('x y b.mp4', 'lecture.mp4')
    """
    last = re.split(r"[/\\\\]", name)[-1]
    stem, dot, suffix = last.rpartition(".")
    stem = re.sub(r"[^\w .,()+-]+", " ", stem if dot else last).strip(" .-")[:80].strip(" .-")
    suffix = re.sub(r"\W+", "", suffix)[:8] if dot else ""
    return (stem or "lecture") + (f".{suffix}" if suffix else "")


async def _form(request: Request) -> bytes:
    body = b""
    try:
        async with asyncio.timeout(_FORM_PATIENCE_S):
            async for piece in request.stream():
                body += piece
                if len(body) > _MOST_FORM_BYTES:
                    raise HTTPException(413)
    except TimeoutError as error:
        raise HTTPException(408, "The form did not arrive.") from error
    return body


def _free(path: Path) -> Path:
    """``path``, or the first of ``name 2.mp4``, ``name 3.mp4``, ... that is free."""
    number = 2
    free = path
    while free.exists():
        free = path.with_name(f"{path.stem} {number}{path.suffix}")
        number += 1
    return free


def _parts(source: str) -> bool:
    with contextlib.suppress(ValueError):
        parts = urlsplit(source)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    return False


def _added(request: Request, job: str) -> Response:
    """Programs get JSON, a form without scripts goes back to the page."""
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"id": job}, 201)
    return RedirectResponse("/", 303)
