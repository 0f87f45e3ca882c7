"""Texts are kept until they change, in bounded memory."""

from __future__ import annotations

import gzip
import random
from functools import partial

from pipeline.server.response_cache import ResponseCache, cached_response


def test_a_text_is_made_once_for_each_state() -> None:
    texts = ResponseCache(1 << 20)
    made: list[str] = []

    def make(text: str) -> bytes:
        made.append(text)
        return text.encode()

    for state in (1, 1, 2, 1):
        text = texts.get(("page", state), partial(make, f"state {state}"))
        assert text.data == f"state {state}".encode()
    assert made == ["state 1", "state 2"]


def test_the_oldest_give_way_when_the_memory_is_used_up() -> None:
    texts = ResponseCache(250_000)
    made: list[int] = []

    def make(number: int) -> bytes:
        made.append(number)
        return random.Random(number).randbytes(50_000)  # about as much again when packed

    for number in (1, 2, 1, 3, 1, 2):
        texts.get(number, partial(make, number))
    assert made == [1, 2, 3, 2]


def test_a_text_larger_than_the_memory_is_made_each_time() -> None:
    texts = ResponseCache(1000)
    assert texts.get("a", lambda: b"x" * 2000) == texts.get("a", lambda: b"x" * 2000)
    assert texts.get("b", lambda: b"small").data == b"small"


def test_the_packed_form_and_the_tag_belong_to_the_text() -> None:
    one, other = cached_response(b"text" * 100), cached_response(b"text" * 101)
    assert one.small is not None and gzip.decompress(one.small) == one.data
    assert one.tag != other.tag
    assert cached_response(b"font", pack=False).small is None
