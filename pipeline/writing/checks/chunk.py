"""Holding a written chunk to the lecture: everything that a program can check, checked."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from pipeline.document.blocks import AnyBlock, Cell, Listing
from pipeline.document.walk import walk
from pipeline.writing.checks.citations import citation_problems, figure_problems
from pipeline.writing.checks.code import code_problems, repeated_code_problems
from pipeline.writing.checks.faithfulness import (
    coverage_problems,
    identifier_problems,
)
from pipeline.writing.checks.invented_numbers import number_problems, time_problems
from pipeline.writing.checks.problems import Problem
from pipeline.writing.checks.reconstruction import reconstruction_problems
from pipeline.writing.checks.style import (
    filler_problems,
    heading_problems,
    language_problems,
    length_problems,
    link_problems,
    repetition_problems,
    spelling_problems,
    voice_problems,
)
from pipeline.writing.checks.terms import term_problems
from pipeline.writing.prompt_context import PromptContext

_CITING_LINE = re.compile(r"\[\[(s\d{1,9})(?:-s\d{1,9})?\]\]\W*$", re.MULTILINE)


def check(
    blocks: Sequence[AnyBlock],
    material: PromptContext,
    same_language: bool = True,
    left_out: Collection[str] = (),
) -> list[Problem]:
    """Everything wrong with a chunk's text, in the order of its blocks; empty when nothing is.

    Args:
        blocks: the chunk's text; ``Problem.block`` is a place in it.
        material: what its writer was given.
        same_language: false for a translation: words are then not compared.
        left_out: segments that the writer left out and named.
    """
    problems = [
        *_fence_problems(blocks, material),
        *heading_problems(blocks, material),
        *citation_problems(blocks, material),
        *figure_problems(blocks, material),
        *link_problems(blocks, material),
        *time_problems(blocks, material),
        *number_problems(blocks, material),
        *identifier_problems(blocks, material),
        *code_problems(blocks, material),
        *repeated_code_problems(blocks, material),
        *reconstruction_problems(blocks, material),
        *coverage_problems(blocks, material, same_language, left_out),
        *spelling_problems(blocks, material),
        *term_problems(blocks, material),
        *repetition_problems(blocks),
        *filler_problems(blocks, material),
        *length_problems(blocks, material, left_out),
        *language_problems(blocks, material),
    ]
    if same_language:
        problems += voice_problems(blocks, material)
    whole = len(blocks)
    return sorted(problems, key=lambda one: whole if one.block is None else one.block)


def _fence_problems(blocks: Sequence[AnyBlock], material: PromptContext) -> list[Problem]:
    """Code that holds passages with citations: its fence was never closed."""
    own = {segment.id for segment in material.chunk.segments}
    return [
        Problem("fence", "this code block is never closed: close it where the code ends", index)
        for index, block in enumerate(blocks)
        if any(
            name in own
            for one in walk([block])
            if isinstance(one, (Cell, Listing))
            for name in _CITING_LINE.findall(one.source)
        )
    ]
