"""The web server: the library with its form, the chapters, and their videos, on this machine."""

from __future__ import annotations

import contextlib
import logging
import mimetypes
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple, Unpack
from urllib.parse import quote

from pipeline.errors import MissingDependencyError, ServeError
from pipeline.settings.llm import LLMSettings
from pipeline.settings.serve import ServeSettings

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

    from pipeline.engine.workspace import Workspace
    from pipeline.server.jobs import JobQueue

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

# Few: they and the event loop take turns, and a turn lasts 5 ms. Videos and pictures are read in
# threads of their own, so that 200 readers of them are not before everyone who opens a page.
PAGE_THREADS = 4
VIDEO_THREADS = 4
FILE_THREADS = 8


def create_app(
    output: Path,
    settings: ServeSettings,
    jobs: JobQueue | None = None,
    llm: LLMSettings | None = None,
) -> Starlette:
    """The application for one output folder.

    ``jobs`` is its queue (None: a new one); where ``llm`` names a model, chapters can be asked.
    """
    from anyio.to_thread import current_default_thread_limiter
    from starlette.applications import Starlette
    from starlette.exceptions import HTTPException
    from starlette.middleware import Middleware
    from starlette.routing import Route

    from pipeline.server.chapter_routes import ChapterRoutes
    from pipeline.server.job_process import guarded_command
    from pipeline.server.job_routes import JobRoutes
    from pipeline.server.jobs import JobQueue
    from pipeline.server.python_in_page import PythonInPage
    from pipeline.server.request_guard import RequestGuard
    from pipeline.sources.address_guard import Exempt

    output = output.absolute()
    queue = jobs or JobQueue(output, settings.jobs, guarded_command(settings), settings.waiting)
    python = PythonInPage(settings.pyodide)
    model = llm if llm and llm.model else None
    pages = _Pages(output, python.address, asks=model is not None)
    chapters = ChapterRoutes(output, model)
    forms = JobRoutes(
        queue,
        settings.upload_mb << 20,
        settings.private_addresses == "allow",
        Exempt.of(settings.private_hosts),
    )

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        # Starlette reads files in anyio's own threads.
        current_default_thread_limiter().total_tokens = FILE_THREADS
        await queue.start()
        yield
        await queue.stop()

    hosts = ("127.0.0.1", "localhost", "::1", settings.host, *settings.allowed_hosts)
    return Starlette(
        routes=[
            Route("/", pages.library),
            Route("/library.js", pages.index),
            Route("/assets/{name}", pages.asset),
            Route("/jobs", forms.add, methods=["POST"]),
            Route("/jobs/upload", forms.upload, methods=["POST"]),
            Route("/jobs/events", forms.events),
            Route("/jobs/{job}/confirm", forms.confirm, methods=["POST"]),
            Route("/jobs/{job}/cancel", forms.cancel, methods=["POST"]),
            Route("/jobs/{job}/retry", forms.retry, methods=["POST"]),
            Route("/jobs/{job}/remove", forms.remove, methods=["POST"]),
            Route("/chapters/{chapter}/delete", chapters.delete, methods=["POST"]),
            Route("/chapters/{chapter}/ask", chapters.ask, methods=["POST"]),
            Route("/chapters/{chapter}/correct", chapters.correct, methods=["POST"]),
            Route("/chapters/{chapter}/rename", chapters.rename, methods=["POST"]),
            Route("/chapters/{chapter}/open", chapters.open, methods=["POST"]),
            Route("/python/worker.js", python.worker),
            Route("/python/minbpe.zip", python.minbpe),
            Route("/python/pyodide/{path:path}", python.file),
            Route("/books/{path:path}", pages.book),
            Route("/{chapter}", pages.front),
            Route("/{chapter}/", pages.front),
            Route("/{chapter}/render/{path:path}", pages.rendered),
            Route("/{chapter}/download/{name}", pages.video),
        ],
        exception_handlers={HTTPException: refused},
        middleware=[Middleware(RequestGuard, hosts=hosts, token=settings.token)],
        lifespan=lifespan,
    )


def serve(
    output: Path,
    settings: ServeSettings,
    video_id: str | None,
    announce: Callable[[str], None] = lambda address: None,
    jobs: JobQueue | None = None,
    llm: LLMSettings | None = None,
) -> None:
    """Serve until interrupted.

    Args:
        output: the output folder.
        settings: where to listen.
        video_id: the chapter whose address is announced; None: the library's.
        announce: told the address once the server listens.
        jobs: the queue behind the form; None: one that runs the pipeline.
        llm: the model that chapters can be asked with; None, or without a model: they cannot.

    Raises:
        ServeError: the port is taken, the address cannot be bound, it needs a token, or another
            server serves the folder.
        MissingDependencyError: the packages of the server are not installed.
    """
    try:
        import starlette  # noqa: F401
        import uvicorn
    except ImportError as error:
        raise MissingDependencyError(
            f"serve needs packages that are not installed: {error}",
            "pip install 'lecture-chapter[server]'",
        ) from error

    from pipeline.server.job_process import guarded_command
    from pipeline.server.jobs import JobQueue
    from pipeline.server.request_guard import is_loopback
    from pipeline.server.slow_clients import SlowClientProtocol, room

    if not is_loopback(settings.host) and not settings.token:
        raise ServeError(
            f"{settings.host} can be reached by other machines",
            "set a secret with --set serve.token=..., or listen on 127.0.0.1",
        )
    output = output.absolute()
    queue = jobs or JobQueue(output, settings.jobs, guarded_command(settings), settings.waiting)
    config = uvicorn.Config(
        create_app(output, settings, queue, llm),
        host=settings.host,
        port=settings.port,
        log_level=logging.CRITICAL,
        timeout_graceful_shutdown=3,
        http=SlowClientProtocol,
        ws="none",
        limit_concurrency=room(),
    )

    class Announcing(uvicorn.Server):
        async def startup(self, sockets: list[Any] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                port = self.servers[0].sockets[0].getsockname()[1]
                announce(_address(settings, port, video_id))

    server = Announcing(config)
    queue.claim.take()
    try:
        server.run()
    except SystemExit as error:
        raise ServeError(
            f"cannot listen on {settings.host}:{settings.port}",
            "the port is taken or not allowed: choose another with --port",
        ) from error
    except KeyboardInterrupt:
        return
    finally:
        queue.claim.release()


def _address(settings: ServeSettings, port: int, video_id: str | None) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    path = f"{quote(video_id)}/" if video_id else ""
    token = f"?token={quote(settings.token)}" if settings.token else ""
    return f"http://{host}:{port}/{path}{token}"


async def refused(request: Request, error: Exception) -> Response:
    """What a browser is shown instead of a page: the reason, and for a wrong address a way back."""
    from starlette.responses import HTMLResponse, PlainTextResponse

    from pipeline.server.library import missing_html

    status = getattr(error, "status_code", 500)
    headers = getattr(error, "headers", None)
    if status == 404 and "text/html" in request.headers.get("accept", ""):
        language = request.headers.get("accept-language", "").split(",")[0]
        return HTMLResponse(missing_html(language), 404, headers)
    return PlainTextResponse(getattr(error, "detail", ""), status, headers)


class _Pages:
    """The pages that only read. What touches the disk is done in threads of their own, so that it
    waits neither for videos nor makes others wait."""

    def __init__(self, output: Path, pyodide: str | None, *, asks: bool) -> None:
        from anyio import CapacityLimiter

        from pipeline.render.assets import asset_files, library_script
        from pipeline.server.library import Library
        from pipeline.server.library_scan import LibraryScan
        from pipeline.server.response_cache import cached_response

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
        self._lookout = LibraryScan(self._library, self._threads)

    async def library(self, request: Request) -> Response:
        """The library page."""
        from pipeline.server.chapter_files import answer

        language = request.headers.get("accept-language", "").split(",")[0]
        page = await self._in_thread(self._library.page, await self._lookout.look(), language)
        return answer(request, page, "text/html")

    async def index(self, request: Request) -> Response:
        """The list of chapters that the search on every page reads."""
        from pipeline.server.chapter_files import answer

        return answer(request, self._library.index(await self._lookout.look()), "text/javascript")

    async def asset(self, request: Request) -> Response:
        from starlette.exceptions import HTTPException

        from pipeline.server.chapter_files import answer

        name = request.path_params["name"]
        if name not in self._assets:
            raise HTTPException(404)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return answer(request, self._assets[name], kind)

    async def front(self, request: Request) -> Response:
        return await self._in_thread(self._front, request)

    async def rendered(self, request: Request) -> Response:
        """A chapter's page, or a file that belongs to it."""
        return await self._in_thread(self._rendered, request)

    async def book(self, request: Request) -> Response:
        """A page of a book of many chapters, or a file that belongs to one."""
        return await self._in_thread(self._book, request)

    async def video(self, request: Request) -> Response:
        """A chapter's video; in further threads, for some have to be read whole before."""
        from anyio.to_thread import run_sync

        return await run_sync(self._video, request, limiter=self._video_threads)

    def _front(self, request: Request) -> Response:
        from starlette.responses import RedirectResponse

        return RedirectResponse(f"/{self._chapter(request).video_id}/render/index.html")

    def _rendered(self, request: Request) -> Response:
        from pipeline.server.chapter_files import file_in, page_of

        workspace = self._chapter(request)
        name = request.path_params["path"]
        if name in ("", "index.html"):
            return page_of(workspace, request, self._pyodide, asks=self._asks)
        return file_in(workspace.root / "render", name, request)

    def _book(self, request: Request) -> Response:
        from pipeline.server.chapter_files import file_in

        name = request.path_params["path"]
        page = name + "index.html" if name.endswith("/") else name
        return file_in(self._output / "books", page, request)

    def _video(self, request: Request) -> Response:
        from pipeline.server.chapter_files import video_of

        return video_of(self._chapter(request), request.path_params["name"], request)

    def _chapter(self, request: Request) -> Workspace:
        from pipeline.server.chapter_files import chapter_of

        return chapter_of(self._output, request.path_params["chapter"])

    async def _in_thread(self, work: Callable[[Unpack[Ts]], T], *arguments: *Ts) -> T:
        from anyio.to_thread import run_sync

        return await run_sync(work, *arguments, limiter=self._threads)
