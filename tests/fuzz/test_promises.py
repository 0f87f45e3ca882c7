"""The promises of every parser, on inputs that hypothesis makes of what each one looks for.

``FAULTS=long`` in the environment makes a hundred times as many, and other ones each time.
"""

from __future__ import annotations

import os
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS, kind_of
from tests.tally import TALLY

_LONG = os.environ.get("FAULTS") == "long"
# What opens, closes, divides or repeats in one of our formats.
_MARKS = (
    *("```", "~~~", "`", "``", "[[", "]]", "[", "]", "![", "](", "(frame:f1)", "s0001", "s1", "@5"),
    *(
        "(",
        ")",
        "{",
        "}",
        "<",
        ">",
        "</",
        "/>",
        "<!--",
        "-->",
        "->",
        "<|",
        "|>",
        "|",
        "¦",
        "·",
        "&",
    ),
    *("&amp;", "&#0;", "&lt", "\\", "$", "$$", "#", "## ", "*", "**", "_", "~", "> ", "- ", "1. "),
    *("\n", "\n\n", "\r\n", "\r", "\0", "\t", "    ", "\x0b", "\x0c", "\x1b", "\x85", "\u2028"),
    *(
        "\ufeff",
        "\u202e",
        "\u200b",
        "\ue000",
        "\ue001",
        "\ufffd",
        "é",
        "e\u0301",
        "字",
        "。",
        "👋",
        "ß",
    ),
    *("javascript:", "data:", "//x.y", "http://", " onerror=", '"', "'", "<img src=x", "<script>"),
    *(
        "<svg>",
        "<math>",
        "<style>",
        "==",
        "...",
        "[...]",
        ">>> ",
        "# ",
        "print(",
        "x = 1",
        "0x7f3a9c",
    ),
    *(
        "0",
        "1",
        "9999999999",
        "1.5",
        "1,2,3",
        " thousand",
        "hundred ",
        "00:01.000",
        ":",
        ",",
        "%",
        "=",
    ),
    *(
        "---\n",
        "key: ",
        "WEBVTT",
        "NOTE",
        "um ",
        "the the ",
        "I'm ",
        "GPT-2",
        "get_stats()",
        "[Music]",
    ),
)


def _inputs(target: Target) -> st.SearchStrategy[bytes]:
    """Pieces of the target's own seeds, marks of all formats, and any text or bytes."""
    pieces = [
        piece for seed in target.seeds for piece in re.split(rb"(?<=[\s\]\[<>:])", seed) if piece
    ]
    piece = (
        st.sampled_from(pieces)
        | st.sampled_from([mark.encode() for mark in _MARKS])
        | st.text(max_size=4).map(lambda text: text.encode("utf-8", "surrogatepass"))
    )
    repeated = st.tuples(piece, st.sampled_from([1, 1, 1, 2, 3, 30])).map(lambda it: it[0] * it[1])
    made = st.lists(repeated, max_size=25).map(b"".join)
    return made if target.textual else made | st.binary(max_size=200)


@pytest.mark.parametrize("name", TARGETS)
def test_a_parser_keeps_its_promises(name: str) -> None:
    target = TARGETS[name]

    @settings(
        max_examples=4_000 if _LONG else 60,
        deadline=None,
        derandomize=not _LONG,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(_inputs(target))
    def keeps(data: bytes) -> None:
        target.run(data)
        TALLY.survived(kind_of(target))

    keeps()
