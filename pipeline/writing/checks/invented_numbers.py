"""Numbers and times in the prose that the lecture does not give."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.document.blocks import AnyBlock, List, Table
from pipeline.text.numbers.number_words import reads_number_words
from pipeline.text.numbers.reading import known_numbers, numbers_in
from pipeline.writing.checks.block_text import code_of, text_of
from pipeline.writing.checks.problems import Problem
from pipeline.writing.prompt_context import PromptContext

_CLOCK = re.compile(r"(?<![\d:.])\d{1,2}:[0-5]\d(?::[0-5]\d)?(?![\d:])")
_VERSION = re.compile(r"(?<!\d)\d++(?:\.\d++){2,}")


def number_problems(blocks: Sequence[AnyBlock], material: PromptContext) -> list[Problem]:
    """Numbers in the prose that stand neither in the lecture nor in the chunk's code.

    A text may count the entries of the list or the rows of the table beside it. None where numbers
    that are said in words are not read: it cannot be told what was said.
    """
    if not reads_number_words(material.spoken_in):
        return []
    known = known_numbers(*material.sources(), *code_of(blocks), language=material.spoken_in)
    problems = []
    for index, block in enumerate(blocks):
        text = text_of(block)
        found = numbers_in(_VERSION.sub("", _CLOCK.sub("", text)), material.written_in)
        right = known | _counted(blocks[max(0, index - 1) : index + 2])
        invented = tuple(
            dict.fromkeys(one.value for one in found if right.isdisjoint(one.readings))
        )
        if invented:
            problems.append(
                Problem(
                    "number",
                    f"{', '.join(invented)} stands neither in the speech nor on a screen nor in "
                    "the code: give the lecture's own number or leave it out",
                    index,
                    invented,
                )
            )
    return problems


def _counted(blocks: Sequence[AnyBlock]) -> set[str]:
    """How many entries these lists and how many rows these tables have."""
    lists = {str(len(block.items)) for block in blocks if isinstance(block, List)}
    return lists | {str(len(block.rows)) for block in blocks if isinstance(block, Table)}


def time_problems(blocks: Sequence[AnyBlock], material: PromptContext) -> list[Problem]:
    """Clock times in the prose: only the program may tell when something was said."""
    known = set(_CLOCK.findall(" ".join(material.sources())))
    problems = []
    for index, block in enumerate(blocks):
        times = tuple(found for found in _CLOCK.findall(text_of(block)) if found not in known)
        if times:
            text = f"remove the time {', '.join(times)}: times are added by the program"
            problems.append(Problem("time", text, index, times))
    return problems
