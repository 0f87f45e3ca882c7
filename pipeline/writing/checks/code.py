"""Whether the code that a chunk's screens build stands in its cells, and no code a second time."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from pipeline.document.blocks import AnyBlock
from pipeline.document.walk import cells, figures
from pipeline.models import Frame, Segment
from pipeline.text.stemming import stem
from pipeline.text.words import bare, words
from pipeline.writing.checks.block_text import code_of
from pipeline.writing.checks.citations import nearest_block
from pipeline.writing.checks.problems import Problem
from pipeline.writing.earlier_code import definitions, is_cut_off
from pipeline.writing.prompt_context import PromptContext

# In the tokenizer lecture every function that is built stands longer; code of the lecture before
# it is up for 42 s.
_DWELT_ON_MS = 60_000
_NAME_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")
_DEFINITION = re.compile(r"(?:def|class) +(\w+)")
# A definition is the earlier one where so many of its lines are.
_THE_SAME = 0.8


def code_problems(blocks: Sequence[AnyBlock], material: PromptContext) -> list[Problem]:
    """Functions and classes that are built on screen during the chunk and missing from its cells.

    What was on screen before, is shown as a figure or planned for a later section need not be
    given. What is scrolled past (the code of an earlier lecture, say) is found as "unspoken code":
    nobody speaks of it, the plan does not name it, and it is soon gone. So is what the window cuts
    off.
    """
    said = {stem(word) for word in words(material.speech)}
    chunk = material.chunk
    code = "\n".join(code_of(blocks))
    shown = {figure.frame for figure in figures(blocks)}
    given = (
        set(re.findall(r"\b(?:def|class)\s+(\w+)", code))
        | material.defined_before
        | material.defined_later
    )
    problems = []
    for screen in material.screens:
        if not screen.usable or screen.frame.id in shown:
            continue
        missing = dict.fromkeys(name for name in definitions(screen.frame) if name not in given)
        stays = screen.frame.overlap_ms(chunk.start_ms, chunk.end_ms) >= _DWELT_ON_MS
        spoken = tuple(
            name
            for name in missing
            if not is_cut_off(screen.frame, name)
            and (stays or name in material.section.defines or _is_said(name, said))
        )
        silent = tuple(name for name in missing if name not in spoken)
        where = f"on screen {screen.frame.id}"
        if spoken:
            text = f"{_in_backticks(spoken)} {where}: give the code as a complete cell below this"
            place = _place_of(screen.frame, blocks, chunk.segments)
            problems.append(Problem("code", text, place, spoken))
        if silent:
            text = f"{_in_backticks(silent)} {where}: not spoken of or cut off, not written up"
            problems.append(Problem("unspoken code", text, None, silent))
        given.update(missing)
    return problems


def _place_of(frame: Frame, blocks: Sequence[AnyBlock], segments: Sequence[Segment]) -> int | None:
    """The block below which a screen's code is to stand: that on what is said when the screen is
    complete; None without a text."""
    said = [one for one in segments if one.start_ms <= frame.at_ms] or segments[:1]
    return nearest_block(blocks, said[-1], [one.id for one in segments])


def _is_said(name: str, said: Collection[str]) -> bool:
    """Whether each word of an identifier is said, in any form, or the name as one word.

    >>> _is_said("merge_pairs", {"the", "pair", "merg"})
    True
    >>> _is_said("BigramLanguageModel", {"languag", "model"})
    False
    """
    parts = [part.lower() for part in _NAME_PART.findall(name)]
    return stem("".join(parts)) in said or all(stem(part) in said for part in parts)


def _in_backticks(names: Collection[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def repeated_code_problems(blocks: Sequence[AnyBlock], material: PromptContext) -> list[Problem]:
    """Functions and classes in the chunk's cells that an earlier part has shown already, line by
    line. One that the plan has this section define, or that has changed, is its own."""
    known = {bare(line) for code in material.earlier_code for line in code.splitlines()}
    problems = []
    for index, block in enumerate(blocks):
        again = tuple(
            name
            for cell in cells([block])
            if cell.is_python
            for name, lines in _defined(cell.source)
            if name in material.defined_before
            and sum(bare(line) in known for line in lines) >= _THE_SAME * len(lines)
        )
        if again:
            text = f"{_in_backticks(again)}: an earlier part has shown this already; keep only "
            text += "what is new here"
            problems.append(Problem("code", text, index, again))
    return problems


def _defined(source: str) -> Iterator[tuple[str, list[str]]]:
    """The functions and classes at the left edge of ``source``, each with its lines."""
    name, own = "", list[str]()
    for line in [*source.splitlines(), "end"]:
        if line.strip() and not line[0].isspace():
            if name:
                yield name, own
            found = _DEFINITION.match(line)
            name, own = (found[1] if found else ""), []
        if line.strip():
            own.append(line)
