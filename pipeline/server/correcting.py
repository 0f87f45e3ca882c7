"""Correcting a word of a served chapter: kept, and laid over its page at once."""

from __future__ import annotations

from dataclasses import replace

from anyio import to_thread
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pipeline import runner
from pipeline.conversion import own_config
from pipeline.engine.lock import hold
from pipeline.engine.progress import Silent
from pipeline.engine.workspace import Workspace
from pipeline.errors import LockedError, PipelineError
from pipeline.render.corrections import Correction, add_correction, corrected
from pipeline.render.load import sources_of
from pipeline.server.job_text import without_paths
from pipeline.server.small_body import small_body
from pipeline.sources import resolve

MOST_BYTES = 4096


async def read_correction(request: Request) -> Correction:
    """The correction in a request's JSON body.

    Raises:
        HTTPException: 413 or 400.
    """
    try:
        return Correction.model_validate_json(await small_body(request, MOST_BYTES))
    except ValidationError as error:
        raise HTTPException(400, "That corrects nothing.") from error


async def correct(workspace: Workspace, correction: Correction) -> Response:
    """Keep it and render the page again.

    Raises:
        HTTPException: 422 where the words stand nowhere, 409 while the chapter is being made, 500
            where its page cannot be made.
    """
    try:
        await to_thread.run_sync(_correct, workspace, correction)
    except LockedError as error:
        raise HTTPException(409, "The chapter is being made right now.") from error
    except PipelineError as error:
        raise HTTPException(500, without_paths(error.message)) from error
    return JSONResponse({"corrected": correction.right})


def _correct(workspace: Workspace, correction: Correction) -> None:
    with hold(workspace.root) as lease:
        workspace = workspace.guarded(lease.check)
        before = sources_of(workspace)
        after = corrected(before, [correction])
        same = replace(after, outline=before.outline, segments=before.segments) == before
        if same and after.outline == before.outline:
            raise HTTPException(422, f"“{correction.wrong}” does not stand there as plain text.")
        _, request = resolve.open_existing(workspace.root.parent, workspace.video_id)
        settings = own_config(workspace, None, [])
        add_correction(workspace, correction)
        runner.run_stage(runner.named("render"), workspace, settings, request, Silent())
