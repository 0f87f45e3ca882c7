"""Which chunks belong together: drafted in one call, or repaired in one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.writing.prompt_context import PromptContext

Group = tuple[PromptContext, ...]


def call_groups(materials: Sequence[PromptContext], shared_words: int) -> list[Group]:
    """All chunks in order, in groups: the parts of one section, or neighbouring whole sections.

    Args:
        materials: of all chunks of the chapter, so that a group does not hang on what is asked for.
        shared_words: words spoken in neighbouring sections that share a call, at most; 0: none do.
    """
    groups: list[Group] = []
    for section in _sections(materials):
        if groups and _share([*groups[-1], *section], shared_words):
            groups[-1] = (*groups[-1], *section)
        else:
            groups.append(section)
    return groups


def is_shared(group: Group) -> bool:
    """Whether the group is several sections, drafted in one call."""
    return len({material.chunk.section for material in group}) > 1


def _sections(materials: Sequence[PromptContext]) -> Iterator[Group]:
    numbers = dict.fromkeys(material.chunk.section for material in materials)
    for number in numbers:
        yield tuple(material for material in materials if material.chunk.section == number)


def _share(group: Sequence[PromptContext], shared_words: int) -> bool:
    whole = all(material.chunk.parts == 1 for material in group)
    return whole and sum(material.chunk.words for material in group) <= shared_words
