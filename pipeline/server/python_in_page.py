"""Python for the cells of a served page: Pyodide's files, our ``minbpe``, and the worker."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from pipeline.errors import ServeError
from pipeline.render.formats.notebook import minbpe_archive
from pipeline.server.chapter_files import file_in

_OWN = "/python/pyodide/"


class PythonInPage:
    """The handlers.

    Args:
        pyodide: the folder with Pyodide's files, or their address on the web; None: the cells of
            a page cannot be run.

    Raises:
        ServeError: there is no Pyodide in the folder, or the address is none.
    """

    def __init__(self, pyodide: str | None) -> None:
        self._folder: Path | None = None
        self.address: str | None = None
        if pyodide is None:
            return
        parts = urlsplit(pyodide)
        if parts.scheme in ("http", "https"):
            self.address = pyodide if pyodide.endswith("/") else f"{pyodide}/"
            return
        self._folder, self.address = Path(pyodide).absolute(), _OWN
        if not (self._folder / "pyodide.mjs").is_file():
            raise ServeError(
                f"{pyodide} holds no pyodide.mjs",
                "name the folder of npm's package 'pyodide', or of a release of Pyodide",
            )

    def file(self, request: Request) -> Response:
        """A file of Pyodide's folder."""
        if self._folder is None:
            raise HTTPException(404)
        return file_in(self._folder, request.path_params["path"], request)

    def minbpe(self, request: Request) -> Response:
        """The package ``minbpe`` as a zip file."""
        return Response(minbpe_archive(), media_type="application/zip")

    def worker(self, request: Request) -> Response:
        """The script that runs the cells.

        What a cell does is not to be trusted: the policy lets it load from Pyodide's address and
        ``minbpe`` and from nowhere else, so that it can neither reach the library behind this
        server nor send anything away.
        """
        if self.address is None:
            raise HTTPException(404)
        here = f"{request.url.scheme}://{request.headers['host']}"
        pyodide = f"{here}{_OWN}" if self._folder else self.address
        policy = (
            f"default-src 'none'; script-src {pyodide} 'wasm-unsafe-eval'; "
            f"connect-src {pyodide} {here}/python/minbpe.zip"
        )
        return Response(
            worker_script(),
            media_type="text/javascript",
            headers={"Content-Security-Policy": policy, "Cache-Control": "no-cache"},
        )


@cache
def worker_script() -> str:
    """The worker's JavaScript."""
    return (files("pipeline.server") / "static" / "cells-worker.js").read_text(encoding="utf-8")
