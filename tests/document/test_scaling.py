"""Reading and writing take time in proportion to the text, on what parsers trip over."""

from __future__ import annotations

import time

import pytest

from pipeline.document.parse import parse
from pipeline.document.serialise import serialise

# The fuzzer's ``test_scaling`` has the rest; these are the marks of this dialect.
UNITS = (
    *("[", "![", "[[", "[^", "[^a", "[[s0001", "\\(", "\\[", "$a", "$$a\n", "\\begin{align}\n"),
    *("<sub>", "</sub>", "~~", "*", "**a ", "字**", "`a|", "| a ", "> - ", "- a\n", "1. a\n"),
    *("[a]: b\n", "[a]: http://b\n", "![a](frame:b) ", "a\\\n", "&#91;", "[a](b", "```\n"),
)


@pytest.mark.parametrize("unit", UNITS)
def test_it_takes_time_in_proportion(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * length)[:length]
        begin = time.process_time()
        serialise(parse(text))
        return time.process_time() - begin

    assert seconds(12_000) < 12 * max(seconds(3_000), 0.05)
