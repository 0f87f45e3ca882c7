"""Having faulty blocks written again: all those of a section, or of several that share a call, at
once."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.document.blocks import AnyBlock
from pipeline.document.parse import parse_edited
from pipeline.document.walk import cells
from pipeline.llm.chat import ModelRequest
from pipeline.llm.client import Client, all_finished
from pipeline.llm.transport import CutReplyError, RefusedError, UnrecordedError
from pipeline.writing.checks.problems import weight
from pipeline.writing.draft import Attempt, problems_of
from pipeline.writing.draft_prompts import Style
from pipeline.writing.prompt_context import PromptContext
from pipeline.writing.repairs.request import fit_together, repair_messages
from pipeline.writing.replies.omissions import left_out, without_list
from pipeline.writing.replies.reply_cleanup import tidied

_BLOCK = re.compile(r"^[#* ]*=== *block +(\d{1,6}) *===[* \t]*$", re.MULTILINE)


async def repaired(client: Client, attempts: Sequence[Attempt], style: Style) -> list[Attempt]:
    """The chunks with what is wrong written again, as often as the style allows.

    One call repairs all of them, where the model's window has room for that; a chunk takes its new
    text where less is wrong with it.

    Args:
        attempts: the chunks of one section, or those that share a call.
    """
    current = list(attempts)
    for number in range(1, style.repairs + 1):
        faulty = [one for one in current if one.to_repair]
        calls = [faulty] if faulty else []
        if len(faulty) > 1 and not fit_together(faulty, style):
            calls = [[one] for one in faulty]
        results = await all_finished(_again(client, call, style, number) for call in calls)
        better = [one for call in results for one in call]
        if better == faulty:
            break
        taken = iter(better)
        current = [next(taken) if one.to_repair else one for one in current]
    return current


def repair_label(attempts: Sequence[Attempt], number: int) -> str:
    """What the ``number``-th call that repairs these chunks is called, from 1."""
    first, last = attempts[0].material.label, attempts[-1].material.label
    return f"{first if first == last else f'{first} to {last}'}, repair {number}"


async def _again(
    client: Client,
    faulty: Sequence[Attempt],
    style: Style,
    number: int,
) -> list[Attempt]:
    """These chunks with the faulty blocks written again in one call; as they are without a usable
    reply."""
    repair = ModelRequest(
        label=repair_label(faulty, number),
        messages=await repair_messages(client, faulty, style),
        max_output_tokens=sum(one.ask.max_output_tokens for one in faulty),
        take=max(one.ask.take for one in faulty),
    )
    try:
        reply = await client.ask(repair)
    except (CutReplyError, RefusedError, UnrecordedError):
        return list(faulty)  # the draft stands, and what is wrong with it is reported
    return await asyncio.to_thread(_laid_over, faulty, reply, style)


def _laid_over(faulty: Sequence[Attempt], reply: str, style: Style) -> list[Attempt]:
    texts = repaired_texts(reply)
    made: list[Attempt] = []
    begin = 0
    for number, one in enumerate(faulty, 1):
        end = begin + len(one.blocks)
        own = {
            at - begin: text
            for at, text in texts.items()
            if begin <= at and (at < end or number == len(faulty))
        }
        skipped = {**left_out(reply, one.material.chunk.segments), **one.left_out}
        made.append(_better(one, own, skipped, style) if own or skipped else one)
        begin = end
    return made


def _better(
    one: Attempt, texts: Mapping[int, str], skipped: Mapping[str, str], style: Style
) -> Attempt:
    """The chunk with these blocks and these segments left out, if less is wrong with it then."""
    blocks = patched(one.blocks, texts, one.material)
    problems = problems_of(blocks, one.material, style, skipped)
    if weight(problems) >= weight(one.problems):
        return one
    repairs = one.repairs + new_blocks(one.blocks, blocks)
    return replace(one, blocks=blocks, problems=tuple(problems), left_out=skipped, repairs=repairs)


def repaired_texts(reply: str) -> dict[int, str]:
    """The text for each block in a reply, by its number from 0; none where no number is given."""
    marked = _BLOCK.split(without_list(reply))
    pieces: defaultdict[int, list[str]] = defaultdict(list)
    for number, text in zip(marked[1::2], marked[2::2], strict=True):
        pieces[int(number) - 1].append(text.strip())
    return {at: "\n\n".join(found) for at, found in pieces.items() if at >= 0}


def patched(
    blocks: Sequence[AnyBlock], texts: Mapping[int, str], material: PromptContext
) -> tuple[AnyBlock, ...]:
    """The blocks with the texts laid over those of their numbers (from 0).

    Each text is read by itself, so that a fence it leaves open ends with it. A number after the
    last one adds to the end. Cells that are as they were keep their ids.
    """
    used = {cell.id for cell in cells(blocks)}
    fresh = (name for name in material.cell_ids if name not in used)
    segments = [segment.id for segment in material.chunk.segments]
    made: list[AnyBlock] = []
    for place in sorted({*range(len(blocks)), *texts}):
        old = blocks[place : place + 1]
        if place in texts:
            made += parse_edited(texts[place], old, fresh, segments)
        else:
            made += old
    return tidied(made, material)


def new_blocks(before: Sequence[AnyBlock], after: Sequence[AnyBlock]) -> int:
    """How many blocks were not there before."""
    return sum(block not in before for block in after)
