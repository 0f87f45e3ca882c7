"""Commands at the prompt of a shell, and whether the cells of a screen tell what they print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.models import Frame
from pipeline.text.words import bare
from pipeline.writing.transcript_edition.screen_code.extraction import ScreenCell
from pipeline.writing.transcript_edition.screen_code.rows import is_shell_prompt

# Of the printed lines of a command so many may be in no cell: a line or two are misread.
_UNTOLD = 0.5


def has_untold_command(frame: Frame, cells: Sequence[ScreenCell]) -> bool:
    """Whether a command on the frame prints what stands in no cell.

    A program that is printed by ``cat``, and the output of one that is run, stand in the cells of
    the lecture; what ``git status`` or ``ls`` print is to be seen on the picture alone.
    """
    told = bare("\n".join(f"{cell.source}\n{cell.output}" for cell in cells))
    for printed in _printed(frame.text.splitlines()):
        untold = [line for line in printed if bare(line) not in told]
        if untold and len(untold) > _UNTOLD * len(printed):
            return True
    return False


def _printed(lines: Sequence[str]) -> Iterator[list[str]]:
    """The lines below each prompt, up to the next one; those above the first belong to none."""
    prompts = [place for place, line in enumerate(lines) if is_shell_prompt(line)]
    for prompt, end in pairwise([*prompts, len(lines)]):
        if printed := [line for line in lines[prompt + 1 : end] if bare(line)]:
            yield printed
