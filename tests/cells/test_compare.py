"""What counts as the same output, and what does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cells.compare import agree


@pytest.mark.parametrize(
    ("claimed", "real"),
    [
        ("65", "65\n"),
        ("a  \nb", "a\nb"),
        ("<object at 0x7f1c2a3b4c5d>", "<object at 0x55d0aa11bb22>"),
        ("took 1.52 s", "took 0.97 s"),
        ("12.3 ms per loop", "9 ms per loop"),
        ("2023-02-17 10:11:12", "2026-11-21 09:08:07"),
        ("{'a': 1, 'b': [1, 2]}", "{'b': [1, 2], 'a': 1}"),
        ("{1, 2, 3}", "{3, 2, 1}"),
        ("0.333", "0.3333333333"),
        ("loss 2.50 acc 0.1", "loss 2.4999 acc 0.10000001"),
        ("[1, 2, 3, ...]", "[1, 2, 3, 4, 5, 6]"),
        ("first\n...\nlast", "first\nmiddle\nmore\nlast"),
        ("[1,2]", "[1, 2]"),
        ('"text"', "'text'"),
    ],
)
def test_they_say_the_same(claimed: str, real: str) -> None:
    assert agree(claimed, real)


@pytest.mark.parametrize(
    ("claimed", "real"),
    [
        ("65", "66"),
        ("[1, 2]", "[2, 1]"),
        ("[1, 2]", "[1, 2, 3]"),
        ("0.34", "0.3333"),
        ("1.00", "2.00"),
        ("True", "1"),
        ("hello", "Hello"),
        ("a b", "a  b"),
        ("[1, 2, 3, ...]", "[1, 2, 4, 5]"),
        ("[1, ..., 5, ..., 9]", "[1, 2, 3, 8, 9]"),
        ("...", "anything"),
        ("1\n2", "1"),
        ("", "output"),
        ("24597", "24.597"),
        ("0x10", "0x11"),
        ("{'a': 1}", "{'a': 2}"),
    ],
)
def test_they_differ(claimed: str, real: str) -> None:
    assert not agree(claimed, real)


@given(st.text())
def test_everything_agrees_with_itself(text: str) -> None:
    assert agree(text, text)


@given(st.lists(st.integers(0, 100_000), min_size=1), st.integers(0, 50))
def test_a_changed_id_never_agrees(ids: list[int], at: int) -> None:
    changed = [*ids]
    changed[at % len(ids)] += 1
    assert not agree(repr(ids), repr(changed))
