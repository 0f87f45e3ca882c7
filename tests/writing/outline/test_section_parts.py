"""An outline that a person edited is checked before anything is built on it."""

from __future__ import annotations

import pytest

from pipeline.document.outline import Outline, OutlineSection
from pipeline.errors import OutlineError
from pipeline.writing.outline.section_parts import section_parts, section_ranges
from tests.writing.transcript_edition.lectures import lecture

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


TALK, SAID = lecture(["We count bytes. Now we merge", "pairs of them. It is done.", "The end."])
MERGE_MS = SAID.words[3].start_ms


def shared_outline(at_ms: int | None, second: str = "s0001") -> Outline:
    sections = (
        OutlineSection(id="a", title="A", first_segment="s0001", last_segment="s0001"),
        OutlineSection(
            id="b", title="B", first_segment=second, last_segment="s0003", starts_at_ms=at_ms
        ),
    )
    return Outline(title="A lecture", edition="transcript", sections=sections)


def test_neighbours_share_a_segment_and_each_has_its_own_words_of_it() -> None:
    counting, merging = section_parts(shared_outline(MERGE_MS), TALK, SAID)
    assert [piece.text for piece in counting] == ["We count bytes."]
    assert merging[0].text == "Now we merge"
    assert [piece.id for piece in merging] == ["s0001", "s0002", "s0003"]
    assert counting[-1].end_ms == merging[0].start_ms == MERGE_MS
    words = [
        at
        for part in (counting, merging)
        for s in part
        for at in range(s.first_word, s.last_word + 1)
    ]
    assert words == list(range(len(SAID.words)))


def test_a_start_outside_its_first_segment_names_the_section() -> None:
    with pytest.raises(OutlineError, match=r"section b .* outside its first segment s0001"):
        section_parts(shared_outline(39_000), TALK, SAID)


def test_a_segment_is_shared_only_where_the_later_section_starts_inside_it() -> None:
    with pytest.raises(OutlineError, match=r"section b .* overlaps"):
        section_parts(shared_outline(None), TALK, SAID)
