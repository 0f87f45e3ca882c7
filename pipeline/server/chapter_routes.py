"""What is done with a chapter: delete or rename it, open its folder, correct its words, ask it."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pipeline.answering import chapters
from pipeline.engine.lock import hold
from pipeline.engine.progress import Silent
from pipeline.errors import LockedError, PipelineError, UsageError
from pipeline.render.library_index import write_list
from pipeline.server.chapter_files import chapter_of
from pipeline.server.correcting import correct, give_title, read_correction, read_title
from pipeline.server.job_text import without_paths
from pipeline.server.request_guard import is_loopback
from pipeline.server.small_body import small_body, text_in
from pipeline.settings.llm import LLMSettings

_MOST_QUESTIONS = 2  # at a time: each asks a server that may be slow
_MOST_QUESTION_BYTES = 8192  # of 2,000 characters (``answering.answer``), four bytes each
_OPENERS = {"darwin": "open", "win32": "explorer"}


class ChapterRoutes:
    """The handlers, for the chapters of ``output``; with a ``model`` they can be asked."""

    def __init__(self, output: Path, model: LLMSettings | None = None) -> None:
        self._output = output
        self._model = model
        self._asking = asyncio.Semaphore(_MOST_QUESTIONS)

    async def delete(self, request: Request) -> Response:
        """Delete a chapter with everything that was made for it; the page has asked before."""
        root = chapter_of(self._output, request.path_params["chapter"]).root
        # Only what the library shows: not any folder that happens to lie there.
        if root.is_symlink() or not (root / "render" / "index.html").is_file():
            raise HTTPException(404)
        try:
            await to_thread.run_sync(_delete, root)
        except LockedError as error:
            raise HTTPException(
                409, "It is being converted right now: cancel that first."
            ) from error
        except OSError as error:
            raise HTTPException(500, f"It cannot be deleted: {error.strerror}") from error
        await to_thread.run_sync(write_list, self._output)
        return JSONResponse({"deleted": root.name})

    async def correct(self, request: Request) -> Response:
        """Correct a word, at one place or everywhere."""
        workspace = chapter_of(self._output, request.path_params["chapter"])
        return await correct(workspace, await read_correction(request))

    async def rename(self, request: Request) -> Response:
        """Give a chapter another title (``{"title": ...}``); an empty one gives its own back."""
        workspace = chapter_of(self._output, request.path_params["chapter"])
        return await give_title(workspace, await read_title(request))

    async def ask(self, request: Request) -> Response:
        """Answer a question (``{"question": ...}``) from what the chapter says."""
        workspace = chapter_of(self._output, request.path_params["chapter"])
        if self._model is None:
            raise HTTPException(404, "No model is set (llm.model).")
        body = await small_body(request, _MOST_QUESTION_BYTES)
        try:
            question = text_in(body, "question")
        except ValueError as error:
            raise HTTPException(400, "That is not a question.") from error
        try:
            async with self._asking:
                found = await to_thread.run_sync(
                    chapters.ask, [workspace], question, self._model, Silent()
                )
        except UsageError as error:
            raise HTTPException(400, error.message) from error
        except PipelineError as error:
            raise HTTPException(502, without_paths(error.message)) from error
        return JSONResponse(chapters.as_data(found))

    async def open(self, request: Request) -> Response:
        """Show a chapter's folder in the file manager of this machine, to who sits at it."""
        if not request.client or not is_loopback(request.client.host):
            raise HTTPException(403, "Folders can be opened only on the server's own machine.")
        root = chapter_of(self._output, request.path_params["chapter"]).root
        opener = shutil.which(_OPENERS.get(sys.platform, "xdg-open"))
        if opener is None:
            raise HTTPException(501, "There is no file manager here.")
        subprocess.Popen(
            [opener, str(root)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        return JSONResponse({"opened": root.name})


def _delete(root: Path) -> None:
    """Out of sight first: a deletion that is broken off leaves no half chapter in the library."""
    with hold(root):
        gone = root.with_name(f".deleted-{root.name}")
        shutil.rmtree(gone, ignore_errors=True)
        root.rename(gone)
    shutil.rmtree(gone)
