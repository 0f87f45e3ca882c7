"""Serving what is in the output folder: pages and pictures, and videos with ranges."""

from __future__ import annotations

import mimetypes
import os
import threading
from collections import defaultdict
from functools import lru_cache
from html import escape
from pathlib import Path
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from pipeline.artifacts import VIDEO
from pipeline.engine.files import sha256_of
from pipeline.engine.symlink_guard import is_inside
from pipeline.engine.workspace import Workspace
from pipeline.errors import PipelineError
from pipeline.models import Video
from pipeline.render.library_index import BOOKS
from pipeline.render.load import relative_address
from pipeline.server.response_cache import CachedResponse, ResponseCache

_TEXT = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".md": "text/markdown",
    ".json": "application/json",
    ".ipynb": "application/x-ipynb+json",
    ".py": "text/x-python",
    ".txt": "text/plain",
    ".svg": "image/svg+xml",
    ".mjs": "text/javascript",
}
# Larger texts (a notebook full of pictures) are sent from the file, unpacked.
_MOST_TEXT_BYTES = 8 << 20
_KEPT = ResponseCache(64 << 20)
# Pictures up to this size are read at one go.
_PIECE_BYTES = 256 << 10
_HASHING: defaultdict[Path, threading.Lock] = defaultdict(threading.Lock)


class RangeFileResponse(FileResponse):
    """A file, with ranges, in pieces of 256 KiB: each of them is a turn of a thread and of the
    event loop, and for smaller ones the turns cost more than the reading."""

    chunk_size = _PIECE_BYTES


def chapter_of(output: Path, name: str) -> Workspace:
    """The chapter's workspace.

    Raises:
        HTTPException: 404, also for anything that is not a plain folder name.
    """
    root = output / name
    plain = not name.startswith(".") and not set(name) & {"/", "\\", "\0"} and name != BOOKS
    try:
        found = plain and root.parent == output and root.is_dir() and is_inside(root, output)
    except OSError:  # a name that is too long
        found = False
    if not found:
        raise HTTPException(404)
    return Workspace(root)


def file_in(folder: Path, name: str, request: Request) -> Response:
    """A file of ``folder`` by its relative path; hidden files and paths that leave it are 404.

    So is everything where ``folder`` itself is a link that leads out of the folder it lies in.
    """
    try:
        path = (folder / name).resolve()
        inside = is_inside(folder, folder.parent) and is_inside(path, folder) and path.is_file()
    except (OSError, ValueError, RuntimeError):
        inside = False
    if not inside or any(part.startswith(".") for part in Path(name).parts):
        raise HTTPException(404)
    status = path.stat()
    if path.suffix in _TEXT and status.st_size <= _MOST_TEXT_BYTES:
        text = _KEPT.get(_state(path, status), path.read_bytes)
        return answer(request, text, _TEXT[path.suffix])
    kind = _TEXT.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    return _as_it_is(request, path, status, kind or "application/octet-stream")


def page_of(
    workspace: Workspace, request: Request, pyodide: str | None = None, *, asks: bool = False
) -> Response:
    """The chapter's page, with what only a served page has.

    It links to the library, runs its cells where there is Pyodide (its address), and takes
    questions where it ``asks`` a model; a video that was left where it was is found under
    ``download/``.
    """
    file_in(workspace.root / "render", "index.html", request)  # refuses what may not be shown
    page = workspace.root / "render" / "index.html"
    changes = [
        (b"data-library hidden", b'href="../../"'),
        (b'data-assets="', b'data-served data-assets="'),
    ]
    if asks:
        changes.append((b'data-assets="', b'data-ask data-assets="'))
    if pyodide:
        address = escape(pyodide).encode()
        changes.append((b'data-assets="', b'data-pyodide="' + address + b'" data-assets="'))
    try:
        video = workspace.read(VIDEO)
    except PipelineError:
        video = None
    if video and Path(video.path).is_absolute():
        there = relative_address(workspace.video_path(video), workspace.root / "render")
        here = f"../download/{quote(Path(video.path).name)}"
        changes += [(f'"{there}'.encode(), f'"{here}'.encode())] if there else []

    def changed() -> bytes:
        text = page.read_bytes()
        for old, new in changes:
            text = text.replace(old, new)
        return text

    text = _KEPT.get((_state(page, page.stat()), *changes), changed)
    return answer(request, text, _TEXT[".html"])


def video_of(workspace: Workspace, name: str, request: Request) -> Response:
    """The chapter's video, with ranges so that a browser can seek; nothing else of its folder.

    Takes a moment for a video that was left where it was: it must have the recorded content, so
    that a ``video.json`` that someone else wrote shows no file that they did not have.
    """
    try:
        video = workspace.read(VIDEO)
        path = workspace.video_path(video)
        kind = mimetypes.guess_type(path.name)[0] or ""
        given = path.name == name and path.is_file() and _may_be_shown(workspace, video, path)
    except (PipelineError, OSError, ValueError) as error:
        raise HTTPException(404) from error
    if not given or (kind and not kind.startswith(("video/", "audio/"))):
        raise HTTPException(404)
    return _as_it_is(request, path, path.stat(), kind or "video/mp4")


def _may_be_shown(workspace: Workspace, video: Video, path: Path) -> bool:
    if not Path(video.path).is_absolute():
        folder = workspace.root / "download"
        return is_inside(folder, workspace.root) and is_inside(path, folder)
    # A gigabyte takes seconds: requests in the meantime wait for the same read.
    with _HASHING[path]:
        status = path.stat()
        found: str = _hash(path, status.st_mtime_ns, status.st_size)
    return found == video.sha256


@lru_cache(maxsize=64)
def _hash(path: Path, changed_ns: int, size: int) -> str:
    return sha256_of(path)


def answer(request: Request, text: CachedResponse, kind: str) -> Response:
    """``text`` with its entity tag, packed if it may be; 304 when the browser has it."""
    headers = {"ETag": text.tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if text.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    data = text.data
    if text.small is not None and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        data = text.small
    # Given whole, so that Starlette adds the character set to text only.
    return Response(data, media_type=kind, headers=headers)


def _as_it_is(request: Request, path: Path, status: os.stat_result, kind: str) -> Response:
    """The file as it is: a small one at one go, others piece by piece with ranges; 304 when the
    browser has it."""
    headers = {"Cache-Control": "no-cache"}
    pieces = RangeFileResponse(path, media_type=kind, headers=headers, stat_result=status)
    headers["ETag"] = pieces.headers["etag"]
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if status.st_size <= _PIECE_BYTES and "range" not in request.headers:
        headers |= {name: pieces.headers[name] for name in ("last-modified", "accept-ranges")}
        return Response(path.read_bytes(), media_type=kind, headers=headers)
    return pieces


def _state(path: Path, status: os.stat_result) -> tuple[str, int, int, int]:
    """Another one for each state of a file: files are replaced, not changed in place."""
    return str(path), status.st_ino, status.st_mtime_ns, status.st_size
