"""Reading the small bodies of the page's own requests."""

from __future__ import annotations

import asyncio
from typing import Any

from pydantic import TypeAdapter
from starlette.exceptions import HTTPException
from starlette.requests import Request

# For the whole body: a form of 16 KiB comes in this time at 7 kbit/s.
_WHOLE_S = 20.0
# Not the reader of the standard library, which ends at deep brackets and takes halves of letters.
_OBJECT = TypeAdapter(dict[str, Any])


async def small_body(request: Request, most: int, whole_s: float = _WHOLE_S) -> bytes:
    """The whole body.

    Raises:
        HTTPException: 413 for one of more than ``most`` bytes, 408 where it has not come within
            ``whole_s`` seconds.
    """
    body = b""
    try:
        async with asyncio.timeout(whole_s):
            async for piece in request.stream():
                body += piece
                if len(body) > most:
                    raise HTTPException(413, "The request is too long.")
    except TimeoutError as error:
        raise HTTPException(408, "The rest of the request did not arrive.") from error
    return body


def text_in(body: bytes, name: str) -> str:
    """The text that the JSON object ``body`` has under ``name``.

    Raises:
        ValueError: there is none, or ``body`` is no such object.
    """
    found = _OBJECT.validate_json(body).get(name)
    if not isinstance(found, str):
        raise ValueError(f"no text is called {name}")
    return found
