"""Citations and figures are found, and brought into their one form."""

from __future__ import annotations

import pytest

from pipeline.document.citation_markup import (
    find_citations,
    find_figures,
    span_ms,
    tidy_citations,
)

IDS = [f"s{number:04d}" for number in range(1, 20)]


@pytest.mark.parametrize(
    ("written", "tidy"),
    [
        ("Text. [[s0003]]", "Text. [[s0003]]"),
        ("Text. [s0003]", "Text. [[s0003]]"),
        ("Text. [[s3]]", "Text. [[s0003]]"),
        ("Text. [[S0003]]", "Text. [[s0003]]"),
        ("Text. [[s0003–s0005]]", "Text. [[s0003-s0005]]"),
        ("Text. [[s0003 to s0005]]", "Text. [[s0003-s0005]]"),
        ("Text. [[s0003, s0004, s0005]]", "Text. [[s0003-s0005]]"),
        ("Text. [[s0003]][[s0004]]", "Text. [[s0003-s0004]]"),
        ("Text. [[s0003]] [[s0004]] More.", "Text. [[s0003-s0004]] More."),
    ],
)
def test_what_models_write_becomes_the_one_form(written: str, tidy: str) -> None:
    assert tidy_citations(written, IDS).rstrip("\n") == tidy


@pytest.mark.parametrize(
    "kept",
    [
        "```python\nx = [[s1]]\n```",
        "An index `ids[[s1]]` stays.",
        "[s3](https://example.org) is a link.",
        "A list [1, 2] of numbers.",
    ],
)
def test_code_and_links_are_left_alone(kept: str) -> None:
    assert tidy_citations(kept, IDS).rstrip("\n") == kept


def test_citations_and_figures_are_found_in_order() -> None:
    text = "A [[s0001]] b [[s0002-s0004]] ![cap \\] tion](frame:f0007)"
    assert [(c.first, c.last) for c in find_citations(text)] == [
        ("s0001", "s0001"),
        ("s0002", "s0004"),
    ]
    assert [(f.caption, f.frame) for f in find_figures(text)] == [("cap \\] tion", "f0007")]


def test_a_citation_spans_its_speech() -> None:
    times = {"s0001": (0, 30), "s0002": (30, 70)}
    first, second = find_citations("[[s0001-s0002]] [[s0001-s0009]]")
    assert span_ms(first, times) == (0, 70)
    assert span_ms(second, times) is None
