"""Correcting a word of a served chapter, or its title: kept, and laid over its page at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from anyio import to_thread
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pipeline import runner
from pipeline.artifacts import CORRECTIONS
from pipeline.conversion import own_config
from pipeline.document.corrections import Correction, Corrections
from pipeline.engine.files import write_atomic
from pipeline.engine.lock import hold
from pipeline.engine.progress import Silent
from pipeline.engine.workspace import Workspace
from pipeline.errors import LockedError, PipelineError, RenderError
from pipeline.render.corrections import add_correction, corrected, rename
from pipeline.render.load import sources_of
from pipeline.server.job_text import without_paths
from pipeline.server.small_body import small_body, text_in
from pipeline.sources import resolve

MOST_BYTES = 4096  # a word, what it should be, a place: some hundred bytes


async def read_correction(request: Request) -> Correction:
    """The correction in a request's JSON body.

    Raises:
        HTTPException: 413 or 400.
    """
    try:
        return Correction.model_validate_json(await small_body(request, MOST_BYTES))
    except ValidationError as error:
        raise HTTPException(400, "The correction changes nothing.") from error


async def read_title(request: Request) -> str | None:
    """The title in a request's JSON body (``{"title": ...}``); None where it is empty.

    Raises:
        HTTPException: 413 or 400.
    """
    body = await small_body(request, MOST_BYTES)
    try:
        return Corrections(title=text_in(body, "title")).title
    except ValueError as error:  # pydantic's errors are ValueErrors
        raise HTTPException(400, "A title has 1 to 200 letters.") from error


async def correct(workspace: Workspace, correction: Correction) -> Response:
    """Keep it and render the page again.

    Raises:
        HTTPException: 422 where the words stand nowhere, 409 while the chapter is being made, 500
            where its page cannot be made.
    """

    def keep(held: Workspace) -> None:
        _require_change(held, correction)
        add_correction(held, correction)

    await _keep(workspace, keep)
    return JSONResponse({"corrected": correction.right})


async def give_title(workspace: Workspace, title: str | None) -> Response:
    """Keep the title that the chapter is given (None: its own again) and render the page again.

    Raises:
        HTTPException: 409 while the chapter is being made, 500 where its page cannot be made.
    """
    await _keep(workspace, partial(rename, title=title))
    return JSONResponse({"title": title})


async def _keep(workspace: Workspace, keep: Callable[[Workspace], None]) -> None:
    try:
        await to_thread.run_sync(_render_with, workspace, keep)
    except LockedError as error:
        raise HTTPException(409, "The chapter is being converted right now.") from error
    except PipelineError as error:
        raise HTTPException(500, without_paths(error.message)) from error


def _require_change(workspace: Workspace, correction: Correction) -> None:
    before = sources_of(workspace)
    after = corrected(before, [correction])
    same = replace(after, outline=before.outline, segments=before.segments) == before
    if same and after.outline == before.outline:
        raise HTTPException(422, f"“{correction.wrong}” is not there as plain text.")


def _render_with(workspace: Workspace, keep: Callable[[Workspace], None]) -> None:
    """Keep something in ``corrections.json``, and render the page again."""
    with hold(workspace.root) as lease:
        workspace = workspace.guarded(lease.check)
        _, request = resolve.open_existing(workspace.root.parent, workspace.video_id)
        settings = own_config(workspace, None, [])
        path = workspace.root / CORRECTIONS.name
        before = path.read_bytes() if path.is_file() else None
        try:
            keep(workspace)
            sources_of(workspace)
        except RenderError:  # with it the chapter could not be rendered again, by nobody
            path.unlink(missing_ok=True) if before is None else write_atomic(path, before)
            raise
        runner.run_stage(runner.named("render"), workspace, settings, request, Silent())
