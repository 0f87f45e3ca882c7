"""What a writer is told and shown: the rules, the request for a chunk or several, the pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.document.blocks import AnyBlock
from pipeline.document.citations import Citation
from pipeline.document.outline import Outline
from pipeline.llm.chat import MessagePicture
from pipeline.llm.client import Client
from pipeline.llm.prompts import render, template, voice
from pipeline.models import Frame, Segment
from pipeline.settings.llm import LLMSettings
from pipeline.text.units import in_unit, unit
from pipeline.writing.checks.style import HIGHEST_RATIO, SHORTEST
from pipeline.writing.chunks import Chunk
from pipeline.writing.context_code import ContextCode
from pipeline.writing.context_screens import ContextScreen, is_during
from pipeline.writing.earlier_chapters import earlier_lines
from pipeline.writing.earlier_code import definitions
from pipeline.writing.outline.summary import plan_lines
from pipeline.writing.prompt_context import PromptContext
from pipeline.writing.screen_images import picture_of, worth_showing

# Words of a reply are at most this many tokens, code included, in any language.
_TOKENS_PER_WORD = 4
_ROOM_FOR_CODE = 1_500  # tokens, some 150 lines


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
        reconstruct=material.reconstruct,
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
    reconstruct: bool = False,
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
        reconstruct=reconstruct,
    )


def instructions_to(material: PromptContext, style: Style) -> str:
    """What the writer of a chunk is told, without anything of its chapter."""
    return house_rules(style, reconstruct=material.reconstruct) + template("write_chunk")


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
    low = round(SHORTEST * 1.07 * chunk.target_words)
    high = min(round(HIGHEST_RATIO * 0.97 * chunk.words), round(1.1 * chunk.target_words))
    return {
        "name": f"part {chunk.part + 1}",
        "part": chunk.part + 1,
        "parts": chunk.parts,
        "section": material.section,
        "before": material.before,
        "after": material.after,
        "glossary": material.glossary,
        "introduced": material.introduced,
        "links": material.links,
        "earlier_code": material.earlier_code,
        "left_to_later": [
            name
            for name in sorted(material.defined_later)
            if any(name in definitions(screen.frame) for screen in material.screens)
        ],
        "screens": [screen_variables(screen, chunk.segments) for screen in material.screens],
        "code": [code_variables(code, chunk.segments) for code in material.code],
        "segments": chunk.segments,
        "unit": unit(language),
        "spoken": in_unit(chunk.words, language),
        "low": in_unit(low, language),
        "high": in_unit(max(high, chunk.target_words), language),
        "headings": chunk.headings,
        "figure_count": min(chunk.figures, len(material.usable)),
        "code_shown": any(screen.frame.kind == "code" for screen in material.screens),
        "wishes": material.wishes.strip(),
    }


def screen_variables(screen: ContextScreen, segments: Sequence[Segment]) -> dict[str, object]:
    """A screen for a prompt that shows these segments of the speech."""
    frame = screen.frame
    return {
        "id": frame.id,
        "kind": frame.kind,
        "text": screen.text,
        "usable": screen.usable,
        "belongs_to": screen.belongs_to,
        "during": _during(frame, segments),
    }


def code_variables(code: ContextCode, segments: Sequence[Segment]) -> dict[str, object]:
    """Code for the same."""
    return {
        "screen": code.frame.id,
        "source": code.source,
        "output": code.output,
        "is_cut": code.is_cut,
        "is_shortened": code.is_shortened,
        "needs_more": code.needs_more,
        "during": _during(code.frame, segments),
    }


def _during(frame: Frame, segments: Sequence[Segment]) -> str:
    found = [one.id for one in segments if is_during(frame, one.start_ms, one.end_ms)]
    found = found or [segments[0].id]
    return Citation(first=found[0], last=found[-1]).ids
