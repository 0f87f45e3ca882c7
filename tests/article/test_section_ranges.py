"""An outline that a person edited is checked before anything is built on it."""

from __future__ import annotations

import pytest

from pipeline.article.section_ranges import section_ranges
from pipeline.errors import OutlineError
from pipeline.model import Outline, OutlineSection
from tests.article.lectures import lecture

SEGMENTS, _ = lecture(["one", "two", "three", "four"])


def outline(*sections: tuple[str, str, str]) -> Outline:
    planned = [
        OutlineSection(id=title, title=title, first_segment=first, last_segment=last)
        for title, first, last in sections
    ]
    return Outline(title="A lecture", edition="transcript", sections=tuple(planned))


def test_a_whole_outline_gives_the_range_of_each_section() -> None:
    whole = outline(("A", "s0001", "s0001"), ("B", "s0002", "s0004"))
    assert section_ranges(whole, SEGMENTS) == [(0, 1), (1, 4)]


@pytest.mark.parametrize(
    ("sections", "problem"),
    [
        ([("A", "s0001", "s0001"), ("B", "s0003", "s0004")], "section B .* leaves a gap.*s0002"),
        ([("A", "s0001", "s0002"), ("B", "s0002", "s0004")], "section B .* overlaps.*s0003"),
        ([("A", "s0001", "s0003")], "section A .* last one, but segments from s0004"),
        ([("A", "s0002", "s0001"), ("B", "s0002", "s0004")], "section A .* before it starts"),
        ([("A", "s0001", "s0009")], "section A .* s0009, which is no segment"),
        ([], "no sections"),
    ],
)
def test_a_gap_an_overlap_and_an_unknown_segment_name_their_section(
    sections: list[tuple[str, str, str]], problem: str
) -> None:
    with pytest.raises(OutlineError, match=problem):
        section_ranges(outline(*sections), SEGMENTS)
