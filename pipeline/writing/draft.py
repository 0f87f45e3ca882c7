"""The first text of chunks: the questions to the model, and what its replies are."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.document.blocks import AnyBlock
from pipeline.llm.chat import Message, ModelRequest, system, user
from pipeline.llm.client import Client
from pipeline.llm.tokens import estimate_tokens
from pipeline.llm.transport import CutReplyError, RefusedError, UnrecordedError
from pipeline.text.languages.guess import is_foreign
from pipeline.writing.checks.block_text import prose_beside_code
from pipeline.writing.checks.chunk import check
from pipeline.writing.checks.problems import Problem, to_repair
from pipeline.writing.chunks import halves
from pipeline.writing.draft_prompts import (
    Style,
    pictures_of,
    prompts_of,
    reply_room,
    shared_prompts_of,
)
from pipeline.writing.prompt_context import PromptContext, restricted
from pipeline.writing.replies.omissions import left_out
from pipeline.writing.replies.reply_cleanup import read_reply

_TEXT = re.compile(r"^[#* ]*=== *text +(\d{1,4}) *===[* \t]*$", re.MULTILINE)
# Of the model's window, what a question about several chunks may take.
_SHARE_OF_WINDOW = 0.4


@dataclass(frozen=True)
class Attempt:
    """A chunk's text as far as it is written, and what the checks find in it.

    ``ask`` is the question for this chunk alone, also where it was drafted in a shared call.
    """

    material: PromptContext
    ask: ModelRequest
    blocks: tuple[AnyBlock, ...]
    problems: tuple[Problem, ...]
    left_out: Mapping[str, str]
    repairs: int = 0

    @property
    def to_repair(self) -> list[Problem]:
        """What the writer is asked to repair."""
        return to_repair(self.problems)


async def draft(
    client: Client, material: PromptContext, style: Style, take: int = 0
) -> list[Attempt]:
    """The chunk in a call of its own; in several where one reply was too long for the model.

    Args:
        take: how often it was asked for afresh (see ``ModelRequest``).

    Raises:
        RefusedError: the model refused to write it.
        LLMError: the server cannot be asked; the message names the section.
    """
    # Made ready beside the calls under way: reading and scaling pictures takes a while.
    ask = replace(await asyncio.to_thread(prepare, client, material, style), take=take)
    try:
        reply = await client.ask(ask)
    except CutReplyError:
        pair = halves(material.chunk)
        if pair is None:
            client.forget(ask)
            raise
    else:
        return [await asyncio.to_thread(_attempt, reply, material, ask, style)]
    attempts = []
    for letter, chunk in zip("ab", pair, strict=True):
        smaller = replace(restricted(material, chunk), label=f"{material.label}{letter}")
        attempts += await draft(client, smaller, style, take)
    return attempts


async def draft_shared(
    client: Client, group: Sequence[PromptContext], style: Style, may_ask: bool
) -> list[Attempt | None]:
    """Short neighbouring sections in one call; None for each that has to be asked for by itself:
    there is no reply, or it does not hold it.

    What was paid for is used: where a section has a reply of its own, the others get theirs.

    Args:
        may_ask: ask the model where no reply is on disk.

    Raises:
        LLMError: the server cannot be asked; the message names the sections.
    """
    nothing: list[Attempt | None] = [None] * len(group)
    ask = await asyncio.to_thread(prepare_shared, client, group, style)
    own = [await asyncio.to_thread(prepare, client, one, style) for one in group]
    is_wanted = may_ask and fits(ask.messages, style) and not any(map(client.holds, own))
    if not is_wanted and not client.holds(ask):
        return nothing
    try:
        reply = await client.ask(ask)
    except (CutReplyError, RefusedError, UnrecordedError):
        return nothing
    texts = _texts_of(reply, len(group))
    return [
        await asyncio.to_thread(_attempt, text, material, alone, style) if text else None
        for material, text, alone in zip(group, texts, own, strict=True)
    ]


def _texts_of(reply: str, count: int) -> list[str]:
    """Each text in a shared reply; all empty where its lines are not as asked.

    The first line may be missing; what stands before it is small talk, unless it cites.
    """
    before, *pieces = _TEXT.split(reply)
    numbers, texts = [int(number) for number in pieces[::2]], pieces[1::2]
    if numbers == list(range(2, count + 1)):
        return [before.strip(), *map(str.strip, texts)]
    if numbers != list(range(1, count + 1)):
        return [""] * count
    if "[[" in before:
        texts[0] = f"{before.strip()}\n\n{texts[0]}"
    return [text.strip() for text in texts]


def _attempt(reply: str, material: PromptContext, ask: ModelRequest, style: Style) -> Attempt:
    blocks = read_reply(reply, material)
    skipped = left_out(reply, material.chunk.segments)
    problems = problems_of(blocks, material, style, skipped)
    return Attempt(material, ask, blocks, tuple(problems), skipped)


def problems_of(
    blocks: Sequence[AnyBlock], material: PromptContext, style: Style, skipped: Collection[str]
) -> list[Problem]:
    """Everything that the checks find in a chunk's text."""
    found = check(blocks, material, style.same_language, skipped)
    if is_foreign(prose_beside_code(blocks), style.language_tag):
        found.insert(0, Problem("language", f"write all of it in {style.language}"))
    return found


def fits(messages: Sequence[Message], style: Style) -> bool:
    """Whether the model's window has room enough for a question about several chunks."""
    sent = sum(estimate_tokens(message.text) for message in messages)
    return sent <= _SHARE_OF_WINDOW * style.llm.context_tokens


def prepare(client: Client, material: PromptContext, style: Style) -> ModelRequest:
    """The question for a chunk: rules, material and pictures. Takes time for the pictures."""
    rules, request = prompts_of(material, style)
    pictures = pictures_of(client, material, style, style.llm.max_pictures)
    return ModelRequest(
        label=f"{material.label}, draft",
        messages=(system(rules), user(request, *pictures)),
        max_output_tokens=reply_room(material.chunk),
    )


def prepare_shared(client: Client, group: Sequence[PromptContext], style: Style) -> ModelRequest:
    """The question for several chunks in one reply."""
    most = -(-style.llm.max_pictures // len(group))
    pictures = [picture for one in group for picture in pictures_of(client, one, style, most)]
    rules, request = shared_prompts_of(group, style)
    return ModelRequest(
        label=f"{group[0].label} to {group[-1].label}, draft",
        messages=(system(rules), user(request, *pictures)),
        max_output_tokens=sum(reply_room(one.chunk) for one in group),
    )
