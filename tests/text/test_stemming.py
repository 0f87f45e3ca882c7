"""Stems, also when several threads ask for them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipeline.text import stemming


@pytest.fixture(autouse=True)
def hurried_threads() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_threads_do_not_disturb_each_other() -> None:
    endings = ("ing", "ational", "izers", "fulness", "ically", "es")
    words = [f"{a}{b}rat{ending}" for a in "bcdfgklm" for b in "aeiou" for ending in endings]
    alone = [stemming.stem(word) for word in words]

    def all_stems(_: int) -> list[str]:
        return [stemming.stem(word) for word in words]

    for _ in range(5):
        stemming._stemmed.cache_clear()
        with ThreadPoolExecutor(8) as pool:
            assert all(found == alone for found in pool.map(all_stems, range(8)))
