"""Which chunks are drafted and repaired together."""

from __future__ import annotations

from dataclasses import replace

from pipeline.writing.chunks import Chunk
from pipeline.writing.group import call_groups, is_shared
from pipeline.writing.prompt_context import PromptContext
from tests.writing.checks.test_chunk import material


def chunk(section: int, words: int, part: int = 0, parts: int = 1) -> PromptContext:
    own = material()
    return replace(own, chunk=Chunk(section, part, parts, own.chunk.segments, words, 40, 0, 0))


def sections(*words: int, at_most: int) -> list[list[int]]:
    materials = [chunk(number, count) for number, count in enumerate(words)]
    return [[one.chunk.section for one in group] for group in call_groups(materials, at_most)]


def test_neighbours_share_a_call_while_they_are_short_together() -> None:
    assert sections(400, 300, 300, 300, 900, 100, at_most=1000) == [[0, 1, 2], [3], [4, 5]]
    assert sections(400, 300, at_most=0) == [[0], [1]]
    assert sections(at_most=1000) == []


def test_the_parts_of_a_section_stay_together_and_share_no_call() -> None:
    materials = [chunk(0, 100), chunk(1, 100, 0, 2), chunk(1, 100, 1, 2), chunk(2, 100)]
    groups = call_groups(materials, 1000)
    assert [len(group) for group in groups] == [1, 2, 1]
    assert not any(map(is_shared, groups))
    assert is_shared(call_groups([chunk(0, 100), chunk(1, 100)], 1000)[0])
