"""Serving what is in the output folder: pages and pictures, and videos with ranges."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from pipeline.errors import PipelineError
from pipeline.model import Video
from pipeline.site.load import relative_address
from pipeline.workspace import Workspace

_TEXT = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".md": "text/markdown",
    ".json": "application/json",
    ".ipynb": "application/x-ipynb+json",
    ".txt": "text/plain",
    ".svg": "image/svg+xml",
}


def chapter_of(output: Path, name: str) -> Workspace:
    """The chapter's workspace.

    Raises:
        HTTPException: 404, also for anything that is not a plain folder name.
    """
    root = output / name
    if name.startswith(".") or "\\" in name or root.parent != output or not root.is_dir():
        raise HTTPException(404)
    return Workspace(root)


def file_in(folder: Path, name: str, request: Request) -> Response:
    """A file of ``folder`` by its relative path; hidden files and paths that leave it are 404."""
    try:
        path = (folder / name).resolve()
        inside = path.is_relative_to(folder.resolve()) and path.is_file()
    except (OSError, ValueError):
        inside = False
    if not inside or any(part.startswith(".") for part in Path(name).parts):
        raise HTTPException(404)
    if path.suffix in _TEXT:
        status = path.stat()
        data, small = _text(path, status.st_mtime_ns, status.st_size)
        return answer(request, data, _TEXT[path.suffix], small)
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return FileResponse(path, media_type=kind, headers={"Cache-Control": "no-cache"})


def page_of(workspace: Workspace, request: Request) -> Response:
    """The chapter's page; a video that was left where it was is found under ``download/``."""
    response = file_in(workspace.root / "render", "index.html", request)
    try:
        video = workspace.read("download/video.json", Video)
    except PipelineError:
        return response
    if not Path(video.path).is_absolute():
        return response
    there = relative_address(workspace.video_path(video), workspace.root / "render")
    here = f"../download/{quote(Path(video.path).name)}"
    data = (workspace.root / "render" / "index.html").read_bytes()
    if there is not None:
        data = data.replace(f'"{there}'.encode(), f'"{here}'.encode())
    return answer(request, data, _TEXT[".html"], packed(data))


def video_of(workspace: Workspace, name: str) -> Response:
    """The chapter's video, with ranges so that a browser can seek; nothing else of its folder."""
    try:
        path = workspace.video_path(workspace.read("download/video.json", Video))
    except PipelineError as error:
        raise HTTPException(404) from error
    if path.name != name or not path.is_file():
        raise HTTPException(404)
    kind = mimetypes.guess_type(path.name)[0] or "video/mp4"
    return FileResponse(path, media_type=kind)


def answer(request: Request, data: bytes, kind: str, small: bytes | None = None) -> Response:
    """``data`` with an entity tag; 304 when the browser has it; ``small`` (packed) if it may be."""
    tag = f'"{hashlib.sha256(data).hexdigest()[:24]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if small is not None and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        data = small
    # Given whole, so that Starlette adds the character set to text only.
    return Response(data, media_type=kind, headers=headers)


@lru_cache(maxsize=32)
def packed(data: bytes) -> bytes:
    """``data`` packed with gzip."""
    return gzip.compress(data, 6, mtime=0)


@lru_cache(maxsize=64)
def _text(path: Path, changed_ns: int, size: int) -> tuple[bytes, bytes]:
    """A text file and its packed form, kept until the file changes."""
    data = path.read_bytes()
    return data, packed(data)
