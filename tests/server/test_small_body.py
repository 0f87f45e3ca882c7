"""The page's own requests are short, and come whole within seconds."""

from __future__ import annotations

import asyncio

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from pipeline.server.small_body import small_body, text_in


def request(*pieces: bytes, ends: bool = True) -> Request:
    """One whose body comes in ``pieces``; without an end nothing follows them."""
    waiting = list(pieces)

    async def receive() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(0), "more_body": True}
        if not ends:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": b"", "more_body": False}

    return Request({"type": "http", "method": "POST", "headers": []}, receive)


def test_a_body_in_pieces_is_read_whole() -> None:
    assert asyncio.run(small_body(request(b"source=", b"demo"), 11)) == b"source=demo"


def test_a_body_that_is_too_long_is_refused() -> None:
    with pytest.raises(HTTPException) as refused:
        asyncio.run(small_body(request(b"source=", b"demo!"), 11))
    assert refused.value.status_code == 413


def test_a_client_that_stops_in_the_middle_is_not_waited_for() -> None:
    with pytest.raises(HTTPException) as refused:
        asyncio.run(small_body(request(b"source=", ends=False), 11, whole_s=0.05))
    assert refused.value.status_code == 408


def test_a_text_is_found_in_an_object() -> None:
    assert text_in(b'{"question": "Why?", "other": [1]}', "question") == "Why?"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[1]", b"NaN", b"[" * 4000, b'{"question":' * 600 + b"1" + b"}" * 600,
        b'{"question": "what \\ud800 is"}', b'{"question": "\xff"}', b'{"question": {"a": 1}}',
        b'{"question": null}', b'{"other": "Why?"}', b'{"question": ' + b"9" * 5000 + b"}",
    ],
)  # fmt: skip
def test_what_holds_no_text_is_an_error_of_one_kind(body: bytes) -> None:
    with pytest.raises(ValueError):
        text_in(body, "question")
