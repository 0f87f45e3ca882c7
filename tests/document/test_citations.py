"""Citations are read in their one form, and in a model's reply in all forms that models write."""

from __future__ import annotations

import pytest

from pipeline.document.parse import parse
from pipeline.document.serialise import serialise

IDS = [f"s{number:04d}" for number in range(1, 20)]


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("Text. [[s0003]]", "Text. [[s0003]]"),
        ("Text. [s0003]", "Text. [[s0003]]"),
        ("Text. [[s3]]", "Text. [[s0003]]"),
        ("Text. [[S0003]]", "Text. [[s0003]]"),
        ("Text. [[s0003–s0005]]", "Text. [[s0003-s0005]]"),
        ("Text. [[s0003 to s0005]]", "Text. [[s0003-s0005]]"),
        ("Text. [[s0003, s0004, s0005]]", "Text. [[s0003-s0005]]"),
        ("Text. [[s0005, s0003]]", "Text. [[s0003-s0005]]"),
        ("Text. [[s0003@12500]]", "Text. [[s0003]]"),
        ("Text. [[s0003]][[s0004]]", "Text. [[s0003-s0004]]"),
        ("Text. [[s0003]] [[s0004]] More.", "Text. [[s0003-s0004]] More."),
        ("Text. [[s0003]] [[s0005-s0006]]", "Text. [[s0003]] [[s0005-s0006]]"),
        ("Text. [[s0003-s0004]] [[s0012]]", "Text. [[s0003-s0004]] [[s0012]]"),
        ("Text. [[s0003]] [s4] [s12, s13]", "Text. [[s0003-s0004]] [[s0012-s0013]]"),
    ],
)
def test_what_models_write_becomes_the_one_form(written: str, form: str) -> None:
    assert serialise(parse(written, segments=IDS)).rstrip("\n") == form


@pytest.mark.parametrize(
    "kept",
    [
        "```python\nx = [[s1]]\n```",
        "An index `ids[[s1]]` stays.",
        "[s3](https://example.org) is a link.",
        "A list [1, 2] of numbers.",
    ],
)
def test_code_and_links_are_no_citations(kept: str) -> None:
    assert serialise(parse(kept, segments=IDS)).rstrip("\n") == kept


@pytest.mark.parametrize("text", ["Text. [s0003]", "Text. [[s0003 to s0005]]", "[[S0003]]"])
def test_in_a_file_only_the_one_form_is_a_citation(text: str) -> None:
    assert not parse(text)[0].citations
