"""The pages of the server that only read: library, chapters, books, and their files."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, TypeVarTuple, Unpack

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pipeline.engine.workspace import Workspace
from pipeline.render.assets import asset_files, library_script
from pipeline.server.chapter_files import answer, chapter_of, file_in, page_of, video_of
from pipeline.server.library.page import Library, LibraryScan
from pipeline.server.response_cache import cached_response

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

# Few: they and the event loop take turns, and a turn lasts 5 ms (sys.getswitchinterval). Videos and
# pictures are read in threads of their own, so that 200 readers of them are not before everyone who
# opens a page (tests/load).
PAGE_THREADS = 4
VIDEO_THREADS = 4


class Pages:
    """The pages that only read. What touches the disk is done in threads of their own, so that it
    waits neither for videos nor makes others wait."""

    def __init__(self, output: Path, pyodide: str | None, *, asks: bool) -> None:
        self._output = output
        self._pyodide = pyodide
        self._asks = asks
        self._library = Library(output)
        files = asset_files() | {"library.js": library_script().encode()}
        self._assets = {
            name: cached_response(data, pack=not name.endswith(".woff2"))
            for name, data in files.items()
        }
        self._threads = CapacityLimiter(PAGE_THREADS)
        self._video_threads = CapacityLimiter(VIDEO_THREADS)
        self._scan = LibraryScan(self._library, self._threads)

    async def library(self, request: Request) -> Response:
        """The library page."""
        language = request.headers.get("accept-language", "").split(",")[0]
        page = await self._in_thread(self._library.page, await self._scan.look(), language)
        return answer(request, page, "text/html")

    async def index(self, request: Request) -> Response:
        """The list of chapters that the search on every page reads."""
        return answer(request, self._library.index(await self._scan.look()), "text/javascript")

    async def asset(self, request: Request) -> Response:
        """A style sheet, a script or a typeface of the pages."""
        name = request.path_params["name"]
        if name not in self._assets:
            raise HTTPException(404)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return answer(request, self._assets[name], kind)

    async def front(self, request: Request) -> Response:
        """The way to a chapter's page from its short address."""
        return await self._in_thread(self._front, request)

    async def rendered(self, request: Request) -> Response:
        """A chapter's page, or a file that belongs to it."""
        return await self._in_thread(self._rendered, request)

    async def book(self, request: Request) -> Response:
        """A page of a book of many chapters, or a file that belongs to one."""
        return await self._in_thread(self._book, request)

    async def video(self, request: Request) -> Response:
        """A chapter's video; in further threads, for some have to be read whole before."""
        return await run_sync(self._video, request, limiter=self._video_threads)

    def _front(self, request: Request) -> Response:
        return RedirectResponse(f"/{self._chapter(request).video_id}/render/index.html")

    def _rendered(self, request: Request) -> Response:
        workspace = self._chapter(request)
        name = request.path_params["path"]
        if name in ("", "index.html"):
            return page_of(workspace, request, self._pyodide, asks=self._asks)
        return file_in(workspace.root / "render", name, request)

    def _book(self, request: Request) -> Response:
        name = request.path_params["path"]
        page = name + "index.html" if name.endswith("/") else name
        return file_in(self._output / "books", page, request)

    def _video(self, request: Request) -> Response:
        return video_of(self._chapter(request), request.path_params["name"], request)

    def _chapter(self, request: Request) -> Workspace:
        return chapter_of(self._output, request.path_params["chapter"])

    async def _in_thread(self, work: Callable[[Unpack[Ts]], T], *arguments: *Ts) -> T:
        return await run_sync(work, *arguments, limiter=self._threads)
