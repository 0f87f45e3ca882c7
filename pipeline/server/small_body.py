"""Reading the small bodies of the page's own requests."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request


async def small_body(request: Request, most: int) -> bytes:
    """The whole body.

    Raises:
        HTTPException: 413 for one of more than ``most`` bytes.
    """
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise HTTPException(413, "That is far too long.")
    return body
