"""The web server: the library with its form, the chapters, and their videos, on this machine."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pipeline.errors import MissingDependencyError, ServeError
from pipeline.settings.llm import LLMSettings
from pipeline.settings.serve import ServeSettings

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

    from pipeline.server.jobs import JobQueue

# Starlette's own, which read the videos and pictures that it sends (see ``pages.py``).
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
    from pipeline.server.pages import Pages
    from pipeline.server.python_in_page import PythonInPage
    from pipeline.server.request_guard import RequestGuard
    from pipeline.sources.address_guard import Exempt

    output = output.absolute()
    queue = jobs or JobQueue(output, settings.jobs, guarded_command(settings), settings.waiting)
    python = PythonInPage(settings.pyodide)
    model = llm if llm and llm.model else None
    pages = Pages(output, python.address, asks=model is not None)
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
    from pipeline.server.slow_clients import SlowClientProtocol, connection_limit

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
        limit_concurrency=connection_limit(),
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

    from pipeline.server.library.page import missing_html

    status = getattr(error, "status_code", 500)
    headers = getattr(error, "headers", None)
    if status == 404 and "text/html" in request.headers.get("accept", ""):
        language = request.headers.get("accept-language", "").split(",")[0]
        return HTMLResponse(missing_html(language), 404, headers)
    return PlainTextResponse(getattr(error, "detail", ""), status, headers)
