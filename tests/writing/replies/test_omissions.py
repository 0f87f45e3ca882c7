"""What a writer leaves out is named, and is little."""

from __future__ import annotations

from pipeline.document.parse import parse
from pipeline.writing.checks.chunk import check
from pipeline.writing.replies.omissions import (
    is_too_much,
    left_out,
    without_list,
    words_left_out,
)
from tests.writing.checks.test_chunk import GOOD, material

LISTED = f"""{GOOD}
<left-out>
s0002: out-take
- [[s0003]] – said twice
s0099: unknown
</left-out>
"""


def test_the_list_goes_from_the_text_and_names_segments_with_reasons() -> None:
    segments = material().chunk.segments
    assert without_list(LISTED) == GOOD.strip()
    assert left_out(LISTED, segments) == {"s0002": "out-take", "s0003": "said twice"}
    assert left_out(GOOD, segments) == {}


def test_a_list_that_is_never_closed_is_a_list() -> None:
    assert left_out("Text.\n<left-out>\ns0001-s0002: talk", material().chunk.segments) == {
        "s0001": "talk",
        "s0002": "talk",
    }


def test_leaving_out_more_than_a_little_is_a_problem() -> None:
    everything = material()
    names = [segment.id for segment in everything.chunk.segments]
    assert words_left_out(names, everything.chunk.segments) == 1.0
    found = check(parse(GOOD), everything, left_out=names)
    (problem,) = [one for one in found if one.kind == "coverage"]
    assert "you left out 100%" in problem.text


def test_a_single_segment_may_be_left_out_though_it_is_a_third_of_a_short_text() -> None:
    segments = material().chunk.segments
    assert words_left_out(["s0002"], segments) > 0.2
    assert not is_too_much(["s0002"], segments)
    assert is_too_much(["s0002", "s0003"], segments)
    assert is_too_much(["s0002"], segments[1:2])
