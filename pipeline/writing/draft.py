"""One chunk: drafted, checked, and mended where a check fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.document.blocks import AnyBlock
from pipeline.document.serialise import serialise
from pipeline.document.walk import prose_of
from pipeline.llm.chat import ModelRequest, assistant, system, user
from pipeline.llm.client import Client
from pipeline.llm.prompts import render, voice
from pipeline.llm.transport import CutReplyError, RefusedError, UnrecordedError
from pipeline.models import Outline
from pipeline.settings.llm import LLMSettings
from pipeline.writing.assembly import Draft
from pipeline.writing.checks.chunk import check
from pipeline.writing.checks.cleaning import cleaned
from pipeline.writing.checks.problems import Problem, to_mend, weight
from pipeline.writing.checks.style import HIGHEST_RATIO, LOWEST_RATIO
from pipeline.writing.chunks import Chunk, halves
from pipeline.writing.earlier_chapters import earlier_lines
from pipeline.writing.mending import mend_request, new_blocks, patched
from pipeline.writing.omissions import left_out
from pipeline.writing.outline.summary import plan_lines
from pipeline.writing.prompt_context import (
    ContextScreen,
    PromptContext,
    is_during,
    restricted,
)
from pipeline.writing.reply_cleanup import read_reply
from pipeline.writing.screen_images import picture_of, worth_showing
from pipeline.writing.transcript_fallback import below_floor, is_foreign

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


async def write_chunk(
    client: Client, material: PromptContext, style: Style, ask: ModelRequest
) -> list[Draft]:
    """The chunk's text, as one draft, or as several where one reply was too long for the model.

    Args:
        ask: the question, as ``prepare`` makes it.

    Raises:
        RefusedError: the model refused to write it.
        LLMError: the server cannot be asked; the message names the section.
    """
    try:
        return [await _written(client, material, style, ask)]
    except CutReplyError:
        pair = halves(material.chunk)
        if pair is None:
            client.forget(ask)
            raise
    drafts = []
    for letter, chunk in zip("ab", pair, strict=True):
        smaller = replace(restricted(material, chunk), label=f"{material.label}{letter}")
        again = replace(prepare(client, smaller, style), take=ask.take)
        drafts += await write_chunk(client, smaller, style, again)
    return drafts


def prepare(client: Client, material: PromptContext, style: Style) -> ModelRequest:
    """The question for a chunk: rules, material and pictures. Takes time for the pictures."""
    shown = worth_showing(material.screens, style.llm.max_pictures) if client.takes_pictures else []
    rules, request = prompts_of(material, style)
    width = style.llm.picture_width
    pictures = [picture_of(style.frames, screen.frame, width) for screen in shown]
    return ModelRequest(
        label=f"{material.label}, draft",
        messages=(system(rules), user(request, *pictures)),
        max_output_tokens=reply_room(material.chunk),
    )


async def _written(
    client: Client, material: PromptContext, style: Style, ask: ModelRequest
) -> Draft:
    reply = await client.ask(ask)
    skipped = left_out(reply, material.chunk.segments)
    # Checking takes a while; in a thread it holds up no other call.
    blocks = await asyncio.to_thread(read_reply, reply, material)
    problems = await asyncio.to_thread(_problems, blocks, material, style, skipped)
    repairs = 0
    for attempt in range(1, style.repairs + 1):
        wanted = to_mend(problems)
        if not wanted:
            break
        mended = await _mended(client, ask, material, blocks, wanted, attempt)
        if mended is None:
            break
        left = await asyncio.to_thread(_problems, mended, material, style, skipped)
        if weight(left) < weight(problems):
            repairs += new_blocks(blocks, mended)
            blocks, problems = mended, left
    if style.spoken_text and (why := _below_floor(blocks, material, style, problems)):
        for number in range(style.repairs + 1):
            client.forget(
                replace(ask, label=_mend_label(material, number) if number else ask.label)
            )
        return Draft(material, style.spoken_text(material), replaced=why)
    good = cleaned(blocks, material)
    return Draft(material, good, tuple(problems), repairs, left_out=skipped)


def _problems(
    blocks: Sequence[AnyBlock], material: PromptContext, style: Style, skipped: Collection[str]
) -> list[Problem]:
    found = check(blocks, material, style.same_language, skipped)
    if is_foreign(prose_of(blocks), style.language_tag):
        found.insert(0, Problem("language", f"write all of it in {style.language}"))
    return found


def _below_floor(
    blocks: Sequence[AnyBlock], material: PromptContext, style: Style, problems: Sequence[Problem]
) -> str:
    told = render(
        "write_system",
        voice=voice(),
        language=style.language,
        translated=not style.same_language,
        instructions="",
        title="",
        summary="",
        plan=[],
        earlier=[],
    )
    return below_floor(blocks, material, told, problems, style.language_tag)


def _mend_label(material: PromptContext, attempt: int) -> str:
    return f"{material.label}, mend {attempt}"


def prompts_of(material: PromptContext, style: Style) -> tuple[str, str]:
    """The rules, which are the same for all chunks, and the request for this one."""
    rules = render(
        "write_system",
        voice=voice(),
        language=style.language,
        translated=not style.same_language,
        instructions=style.instructions.strip(),
        title=style.outline.title,
        summary=style.outline.summary,
        plan=plan_lines(style.outline, material.chunk.section),
        earlier=earlier_lines(material.earlier),
    )
    return rules, render("write_chunk", **_variables(material))


def reply_room(chunk: Chunk) -> int:
    """The longest reply that makes sense for a chunk, in tokens."""
    return _ROOM_FOR_CODE + _TOKENS_PER_WORD * max(chunk.target_words, 100)


def _variables(material: PromptContext) -> dict[str, object]:
    chunk = material.chunk
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
        "spoken": chunk.words,
        "low": min(low, chunk.target_words),
        "high": max(high, chunk.target_words),
        "target": chunk.target_words,
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
        "during": during[0] if len(during) == 1 else f"{during[0]}-{during[-1]}",
    }


async def _mended(
    client: Client,
    ask: ModelRequest,
    material: PromptContext,
    blocks: Sequence[AnyBlock],
    problems: Sequence[Problem],
    attempt: int,
) -> tuple[AnyBlock, ...] | None:
    """The blocks with the faulty ones written again; None when the reply changes nothing."""
    request = mend_request(blocks, problems)
    mend = replace(
        ask,
        label=_mend_label(material, attempt),
        messages=(*ask.messages, assistant(serialise(blocks)), user(request)),
    )
    try:
        reply = await client.ask(mend)
    except (CutReplyError, RefusedError, UnrecordedError):
        return None  # the draft stands, and what is wrong with it is reported
    return await asyncio.to_thread(patched, blocks, reply, material)
