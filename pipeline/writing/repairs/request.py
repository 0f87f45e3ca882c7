"""What is sent to have faulty blocks written again: no more than a repair needs.

Where every fault is in a block, its writer sees that block, those around it, and the speech and
screens of these passages. Where something is wrong with a whole text (its length, what it leaves
out), the first question stands once more, with the text as its answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.document.blocks import AnyBlock
from pipeline.document.outline import GlossaryTerm, Link, OutlineSection
from pipeline.document.serialise import serialise
from pipeline.document.walk import cited
from pipeline.llm.chat import Message, MessagePicture, assistant, system, user
from pipeline.llm.client import Client
from pipeline.llm.prompts import render
from pipeline.models import Segment
from pipeline.writing.checks.problems import Kind, Problem, needs_pictures
from pipeline.writing.context_screens import ContextScreen, is_during
from pipeline.writing.draft import Attempt, fits
from pipeline.writing.draft_prompts import Style, code_variables, pictures_of, screen_variables
from pipeline.writing.prompt_context import PromptContext, terms_in

PROMPTS = ("repair", "repair_system", "repair_local")
# To repair these a writer has to see more than the passage they are found in.
_OF_THE_WHOLE = frozenset({"repetition"})
# What is right in these places may stand on a screen.
_ON_SCREEN: frozenset[Kind] = frozenset(
    {"number", "identifier", "code", "coverage", "figure", "reconstruction"}
)
# Segments before and after those that a block cites: a sentence may have begun there.
_AROUND = 1


@dataclass(frozen=True)
class RepairMaterial:
    """What the writer of a repair is given of a text: material around its faulty blocks."""

    section: OutlineSection
    segments: tuple[Segment, ...]
    screens: tuple[dict[str, object], ...]
    code: tuple[dict[str, object], ...]
    glossary: tuple[GlossaryTerm, ...]
    links: tuple[Link, ...]


async def repair_messages(
    client: Client, faulty: Sequence[Attempt], style: Style
) -> tuple[Message, ...]:
    """The messages that ask for the faulty blocks of these texts in one reply."""
    if not all(map(is_local, faulty)):
        return (*conversation(faulty), user(repair_request(faulty)))
    rules = render(
        "repair_system",
        language=style.language,
        translated=not style.same_language,
        reconstruct=any(one.material.reconstruct for one in faulty),
    )
    pictures = [
        picture
        for one in faulty
        if needs_pictures(one.to_repair)
        for picture in await asyncio.to_thread(_pictures, client, one, style)
    ]
    return system(rules), user(local_request(faulty), *pictures)


def fit_together(faulty: Sequence[Attempt], style: Style) -> bool:
    """Whether the model's window has room for all of them in one question."""
    return all(map(is_local, faulty)) or fits(conversation(faulty), style)


def is_local(one: Attempt) -> bool:
    """Whether each fault can be repaired from the passage that it is found in."""
    return all(
        problem.block is not None and problem.kind not in _OF_THE_WHOLE for problem in one.to_repair
    )


def conversation(faulty: Sequence[Attempt]) -> tuple[Message, ...]:
    """The question for each chunk, and its text as it stands now.

    It begins as the first draft's question did, so that a server finds the beginning in its cache;
    the pictures, which stand last in a question, only where they are needed.
    """
    messages: list[Message] = []
    for one in faulty:
        ask = one.ask if needs_pictures(one.to_repair) else one.ask.without_pictures()
        messages += ask.messages[bool(messages) :]
        messages.append(assistant(serialise(one.blocks)))
    return tuple(messages)


def repair_request(faulty: Sequence[Attempt]) -> str:
    """The request to write the blocks again that the problems name, below their conversation; all
    of a chunk where one names none. The blocks of several chunks are counted through."""
    problems, count = _problems(faulty)
    shown: list[tuple[int, str]] = []
    before = 0
    for own in faulty:
        concerned = _concerned(own)
        if any(one.block is None for one in own.to_repair):
            concerned = set(range(len(own.blocks)))
        shown += [(before + at + 1, _text(own, at)) for at in sorted(concerned)]
        before += len(own.blocks)
    return render("repair", problems=problems, count=count, texts=len(faulty), shown=shown)


def local_request(faulty: Sequence[Attempt]) -> str:
    """The request by itself, with the material around the blocks and their neighbours."""
    problems, _ = _problems(faulty)
    shown: list[tuple[int, str, bool]] = []
    before = 0
    for own in faulty:
        concerned = _concerned(own)
        near = {at + way for at in concerned for way in (-1, 0, 1)}
        shown += [
            (before + at + 1, _text(own, at), at in concerned)
            for at in range(len(own.blocks))
            if at in near
        ]
        before += len(own.blocks)
    return render(
        "repair_local",
        texts=[material_for(one) for one in faulty],
        problems=problems,
        shown=shown,
        around=not all(is_faulty for _, _, is_faulty in shown),
    )


def material_for(one: Attempt) -> RepairMaterial:
    """The material around a text's faulty blocks."""
    material = one.material
    segments = _segments(one)
    kinds = {problem.kind for problem in one.to_repair}
    shown = _screens(material, segments, kinds)
    seen = {screen.frame.id for screen in shown}
    texts = [
        *(segment.text for segment in segments),
        *(screen.text for screen in shown),
        *(_text(one, at) for at in _concerned(one)),
    ]
    return RepairMaterial(
        section=material.section,
        segments=segments,
        screens=tuple(screen_variables(screen, segments) for screen in shown),
        code=tuple(
            code_variables(code, segments) for code in material.code if code.frame.id in seen
        ),
        glossary=terms_in(material.glossary, texts),
        links=material.links if "link" in kinds else (),
    )


def _screens(
    material: PromptContext, segments: Sequence[Segment], kinds: Collection[str]
) -> list[ContextScreen]:
    """The screens of these segments, if one may hold what is right; for a wrong figure all that may
    take its place."""
    if not _ON_SCREEN.intersection(kinds):
        return []
    return [
        screen
        for screen in material.screens
        if ("figure" in kinds and screen.usable)
        or any(is_during(screen.frame, one.start_ms, one.end_ms) for one in segments)
    ]


def _segments(one: Attempt) -> tuple[Segment, ...]:
    """The segments that the faulty blocks cite (those beside a block that cites none), those that
    the problems name, and one more on each side; all where there are none."""
    own = one.material.chunk.segments
    place = {segment.id: at for at, segment in enumerate(own)}
    wanted = {place[item] for fault in one.to_repair for item in fault.items if item in place}
    for at in _concerned(one):
        near = _cited(one.blocks[at : at + 1], place)
        near = near or _cited(one.blocks[max(0, at - 1) : at + 2], place)
        wanted |= set(range(min(near), max(near) + 1)) if near else set()
    around = {at + way for at in wanted or place.values() for way in (-_AROUND, 0, _AROUND)}
    return tuple(segment for at, segment in enumerate(own) if at in around)


def _cited(blocks: Sequence[AnyBlock], place: Mapping[str, int]) -> list[int]:
    return [
        place[name]
        for block in blocks
        for citation in cited(block)
        for name in (citation.first, citation.last)
        if name in place
    ]


def _pictures(client: Client, one: Attempt, style: Style) -> list[MessagePicture]:
    kinds = {problem.kind for problem in one.to_repair}
    shown = _screens(one.material, _segments(one), kinds)
    return pictures_of(
        client, replace(one.material, screens=tuple(shown)), style, style.llm.max_pictures
    )


def _problems(faulty: Sequence[Attempt]) -> tuple[list[Problem], int]:
    """All problems with their blocks counted through, and the number of all blocks."""
    problems: list[Problem] = []
    count = 0
    for own in faulty:
        problems += [_counted_through(one, own, count, len(faulty) > 1) for one in own.to_repair]
        count += len(own.blocks)
    return problems, count


def _counted_through(problem: Problem, own: Attempt, before: int, several: bool) -> Problem:
    """The problem with its block counted through several texts; one of a whole text says which."""
    if problem.block is not None:
        return replace(problem, block=problem.block + before)
    if not several:
        return problem
    pieces = own.material.chunk.segments
    return replace(
        problem, text=f"In the text on {pieces[0].id} to {pieces[-1].id}: {problem.text}"
    )


def _concerned(own: Attempt) -> set[int]:
    return {one.block for one in own.to_repair if one.block is not None}


def _text(own: Attempt, at: int) -> str:
    return serialise([own.blocks[at]]).rstrip("\n")
