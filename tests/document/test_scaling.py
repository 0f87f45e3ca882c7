"""Reading and writing take time in proportion to the text, on what parsers trip over."""

from __future__ import annotations

import pytest

from pipeline.document.parse import parse
from pipeline.document.serialise import serialise
from tests.processor_time import seconds

# The fuzzer's ``test_scaling`` has the rest; these are the marks of this dialect.
UNITS = (
    *("[", "![", "[[", "[^", "[^a", "[[s0001", "\\(", "\\[", "$a", "$$a\n", "\\begin{align}\n"),
    *("<sub>", "</sub>", "~~", "*", "**a ", "字**", "`a|", "| a ", "> - ", "- a\n", "1. a\n"),
    *("[a]: b\n", "[a]: http://b\n", "![a](frame:b) ", "a\\\n", "&#91;", "[a](b", "```\n"),
)


@pytest.mark.parametrize("unit", UNITS)
def test_it_takes_time_in_proportion(unit: str) -> None:
    def taken(length: int) -> float:
        text = (unit * length)[:length]
        return seconds(lambda: serialise(parse(text)))

    assert taken(12_000) < 12 * max(taken(3_000), 0.05)
