"""The web server: the library, the chapters, and their videos with ranges, on this machine."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import PipelineError, ServeError
from pipeline.model import Video
from pipeline.settings.serve import ServeSettings
from pipeline.site.assets import asset_files
from pipeline.site.library import cards
from pipeline.site.page import environment
from pipeline.site.words import words_for
from pipeline.timecode import spoken_length
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response


def create_app(output: Path, settings: ServeSettings) -> Starlette:
    """The application for one output folder."""
    from starlette.applications import Starlette
    from starlette.routing import Route

    pages = _Pages(output.resolve())
    return Starlette(
        routes=[
            Route("/", pages.library),
            Route("/assets/{name}", pages.asset),
            Route("/{chapter}/", pages.front),
            Route("/{chapter}/render/{path:path}", pages.rendered),
            Route("/{chapter}/download/{name}", pages.video),
        ]
    )


def serve(output: Path, settings: ServeSettings, video_id: str | None) -> None:
    """Serve until interrupted; ``video_id`` is the chapter whose address is announced.

    Raises:
        ServeError: the port is taken or the address cannot be bound.
    """
    import uvicorn

    config = uvicorn.Config(
        create_app(output, settings), host=settings.host, port=settings.port, log_level="warning"
    )
    try:
        uvicorn.Server(config).run()
    except SystemExit as error:
        raise ServeError(
            f"cannot listen on {settings.host}:{settings.port}", "choose another with --port"
        ) from error


class _Pages:
    def __init__(self, output: Path) -> None:
        self._output = output
        self._assets = asset_files()

    async def library(self, request: Request) -> Response:
        from starlette.concurrency import run_in_threadpool
        from starlette.responses import HTMLResponse

        found = await run_in_threadpool(cards, self._output)
        template = environment().get_template("library.html.j2")
        return HTMLResponse(template.render(cards=found, w=words_for("en"), length=spoken_length))

    async def asset(self, request: Request) -> Response:
        from starlette.exceptions import HTTPException
        from starlette.responses import Response

        name = request.path_params["name"]
        if name not in self._assets:
            raise HTTPException(404)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Response(self._assets[name], media_type=kind)

    async def front(self, request: Request) -> Response:
        from starlette.responses import RedirectResponse

        return RedirectResponse(f"/{request.path_params['chapter']}/render/index.html")

    async def rendered(self, request: Request) -> Response:
        folder = self._chapter(request).root / "render"
        return self._file(folder, request.path_params["path"] or "index.html")

    async def video(self, request: Request) -> Response:
        """The chapter's video (with ranges) and nothing else of the download folder."""
        from starlette.exceptions import HTTPException
        from starlette.responses import FileResponse

        workspace = self._chapter(request)
        try:
            path = workspace.video_path(workspace.read("download/video.json", Video))
        except PipelineError as error:
            raise HTTPException(404) from error
        if path.name != request.path_params["name"] or not path.is_file():
            raise HTTPException(404)
        return FileResponse(path)

    def _chapter(self, request: Request) -> Workspace:
        from starlette.exceptions import HTTPException

        name = request.path_params["chapter"]
        root = self._output / name
        if name.startswith(".") or root.parent != self._output or not root.is_dir():
            raise HTTPException(404)
        return Workspace(root)

    def _file(self, folder: Path, name: str) -> Response:
        from starlette.exceptions import HTTPException
        from starlette.responses import FileResponse

        path = (folder / name).resolve()
        hidden = any(part.startswith(".") for part in Path(name).parts)
        if hidden or not path.is_relative_to(folder.resolve()) or not path.is_file():
            raise HTTPException(404)
        return FileResponse(path)
