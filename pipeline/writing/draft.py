"""The first text of chunks: the questions to the model, and what its replies are."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.document.blocks import AnyBlock
from pipeline.document.walk import prose_of
from pipeline.llm.chat import Message, MessagePicture, ModelRequest, system, user
from pipeline.llm.client import Client
from pipeline.llm.prompts import render, voice
from pipeline.llm.tokens import estimate_tokens
from pipeline.llm.transport import CutReplyError, RefusedError, UnrecordedError
from pipeline.models import Outline
from pipeline.settings.llm import LLMSettings
from pipeline.text.languages.guess import is_foreign
from pipeline.text.units import in_unit, unit
from pipeline.writing.checks.chunk import check
from pipeline.writing.checks.problems import Problem, to_repair
from pipeline.writing.checks.style import HIGHEST_RATIO, LOWEST_RATIO
from pipeline.writing.chunks import Chunk, halves
from pipeline.writing.context_screens import ContextScreen, is_during
from pipeline.writing.earlier_chapters import earlier_lines
from pipeline.writing.outline.summary import plan_lines
from pipeline.writing.prompt_context import PromptContext, restricted
from pipeline.writing.replies.omissions import left_out
from pipeline.writing.replies.reply_cleanup import read_reply
from pipeline.writing.screen_images import picture_of, worth_showing

_TEXT = re.compile(r"^[#* ]*=== *text +(\d{1,4}) *===[* \t]*$", re.MULTILINE)
# Of the model's window, what a question about several chunks may take.
_SHARE_OF_WINDOW = 0.4
# Words of a reply are at most this many tokens, code included, in any language.
_TOKENS_PER_WORD = 4
_ROOM_FOR_CODE = 1_500


@dataclass(frozen=True)
class Style:
    """How the whole chapter is written: the same for every chunk.

    ``spoken_text`` gives the transcript edition of a chunk, for one that the model cannot write;
    None prints what the model wrote in any case.
    """

    outline: Outline
    language: str
    same_language: bool
    instructions: str
    repairs: int
    frames: Path
    llm: LLMSettings
    language_tag: str | None = None
    spoken_text: Callable[[PromptContext], tuple[AnyBlock, ...]] | None = None


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
    if is_foreign(prose_of(blocks), style.language_tag):
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


def pictures_of(
    client: Client, material: PromptContext, style: Style, most: int
) -> list[MessagePicture]:
    """The at most ``most`` pictures that are worth sending of a chunk's screens; takes time."""
    shown = worth_showing(material.screens, most) if client.takes_pictures else []
    width = style.llm.picture_width
    return [picture_of(style.frames, screen.frame, width) for screen in shown]


def prompts_of(material: PromptContext, style: Style) -> tuple[str, str]:
    """The rules, which are the same for all chunks, and the request for this one."""
    rules = house_rules(
        style,
        instructions=style.instructions.strip(),
        title=style.outline.title,
        summary=style.outline.summary,
        plan=plan_lines(style.outline, material.chunk.section),
        earlier=earlier_lines(material.earlier),
    )
    return rules, render("write_chunk", **_variables(material), translated=not style.same_language)


def house_rules(
    style: Style,
    *,
    instructions: str = "",
    title: str = "",
    summary: str = "",
    plan: Sequence[str] = (),
    earlier: Sequence[str] = (),
) -> str:
    """What every writer is told; without the rest, nothing of this chapter is in it."""
    return render(
        "write_system",
        voice=voice(),
        language=style.language,
        translated=not style.same_language,
        unit=unit(style.language_tag),
        instructions=instructions,
        title=title,
        summary=summary,
        plan=plan,
        earlier=earlier,
    )


def shared_prompts_of(group: Sequence[PromptContext], style: Style) -> tuple[str, str]:
    """The rules, and the request for several chunks in one reply: what is said just before or after
    one of them stands in it already where it is another's."""
    last = len(group) - 1
    prompts = [
        prompts_of(
            replace(
                material,
                before="" if place else material.before,
                after=material.after if place == last else "",
            ),
            style,
        )
        for place, material in enumerate(group)
    ]
    return prompts[0][0], render("write_shared", requests=[request for _, request in prompts])


def reply_room(chunk: Chunk) -> int:
    """The longest reply that makes sense for a chunk, in tokens."""
    return _ROOM_FOR_CODE + _TOKENS_PER_WORD * max(chunk.target_words, 100)


def _variables(material: PromptContext) -> dict[str, object]:
    chunk = material.chunk
    language = material.written_in
    low = max(round(LOWEST_RATIO * 1.07 * chunk.words), round(0.9 * chunk.target_words))
    high = min(round(HIGHEST_RATIO * 0.97 * chunk.words), round(1.1 * chunk.target_words))
    return {
        "name": f"part {chunk.part + 1}",
        "part": chunk.part + 1,
        "parts": chunk.parts,
        "section": material.section,
        "before": material.before,
        "after": material.after,
        "glossary": material.glossary,
        "links": material.links,
        "earlier_code": material.earlier_code,
        "screens": [_screen(screen, chunk) for screen in material.screens],
        "segments": chunk.segments,
        "unit": unit(language),
        "spoken": in_unit(chunk.words, language),
        "low": in_unit(min(low, chunk.target_words), language),
        "high": in_unit(max(high, chunk.target_words), language),
        "target": in_unit(chunk.target_words, language),
        "headings": chunk.headings,
        "figure_count": min(chunk.figures, len(material.usable)),
        "code_shown": any(screen.frame.kind == "code" for screen in material.screens),
        "wishes": material.wishes.strip(),
    }


def _screen(screen: ContextScreen, chunk: Chunk) -> dict[str, object]:
    frame = screen.frame
    during = [
        segment.id
        for segment in chunk.segments
        if is_during(frame, segment.start_ms, segment.end_ms)
    ] or [chunk.segments[0].id]
    return {
        "id": frame.id,
        "kind": frame.kind,
        "text": screen.text,
        "usable": screen.usable,
        "belongs_to": screen.belongs_to,
        "during": during[0] if len(during) == 1 else f"{during[0]}-{during[-1]}",
    }
