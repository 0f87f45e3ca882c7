"""Groups of chunks: which are drafted in one call, and each from first question to its texts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

from pipeline.errors import BudgetError, LLMError
from pipeline.llm.client import Client
from pipeline.llm.transport import CutReplyError, RefusedError, UnrecordedError
from pipeline.writing.assembly import Draft
from pipeline.writing.checks.cleaning import cleaned
from pipeline.writing.draft import Attempt, draft, draft_shared
from pipeline.writing.draft_prompts import Style, instructions_to
from pipeline.writing.prompt_context import PromptContext
from pipeline.writing.regeneration import Regeneration
from pipeline.writing.repairs.repairing import repair_label, repaired
from pipeline.writing.replies.seams import Change, changed, joint_changes
from pipeline.writing.replies.transcript_fallback import below_floor

Group = tuple[PromptContext, ...]
_Result = TypeVar("_Result")


def call_groups(materials: Sequence[PromptContext], shared_words: int) -> list[Group]:
    """All chunks in order, in groups: the parts of one section, or neighbouring whole sections.

    Args:
        materials: of all chunks of the chapter, so that a group does not hang on what is asked for.
        shared_words: words spoken in neighbouring sections that share a call, at most; 0: none do.
    """
    groups: list[Group] = []
    for section in _sections(materials):
        if groups and _share([*groups[-1], *section], shared_words):
            groups[-1] = (*groups[-1], *section)
        else:
            groups.append(section)
    return groups


def is_shared(group: Group) -> bool:
    """Whether the group is several sections, drafted in one call."""
    return len({material.chunk.section for material in group}) > 1


async def write_group(
    client: Client,
    group: Group,
    style: Style,
    redos: Mapping[str, Regeneration],
    edited: Collection[int],
    joints: bool,
) -> list[Draft]:
    """The drafts of a group in order: one for each chunk, or several where a reply was too long;
    none for a section that a user edited.

    Args:
        redos: sections that a user asked for again, by their id.
        edited: numbers of the sections that a user edited.
        joints: smooth the places where two chunks of a section meet.

    Raises:
        RefusedError: the model refused to write a part; the others are drafted first.
        LLMError: the server cannot be asked; the message names the sections.
    """
    wanted = [one for one in group if one.chunk.section not in edited]
    takes = {one.label: redos.get(one.section.id, Regeneration()) for one in wanted}
    found = await _shared(client, group, wanted, style, redos)
    alone = [one for one in wanted if one.label not in found]
    results = await asyncio.gather(
        *(_guarded(client, _alone(client, one, style, takes[one.label])) for one in alone),
        return_exceptions=True,
    )
    raise_failures(results)
    for one, result in zip(alone, results, strict=True):
        assert isinstance(result, list)
        found[one.label] = result
    better = iter(
        await _guarded(
            client, repaired(client, [a for one in wanted for a in found[one.label]], style)
        )
    )
    drafts: list[list[Draft]] = []
    for one in wanted:
        attempts = [next(better) for _ in found[one.label]]
        if one not in alone and any(_why_not(attempt, style) for attempt in attempts):
            # A model that fails at several parts may be able to write one.
            attempts = await _guarded(client, _by_itself(client, one, style, takes[one.label]))
        drafts.append([_finished(client, attempt, style) for attempt in attempts])
    if joints:
        await _smooth(client, wanted, drafts)
    return [one for own in drafts for one in own]


async def _shared(
    client: Client,
    group: Group,
    wanted: Sequence[PromptContext],
    style: Style,
    redos: Mapping[str, Regeneration],
) -> dict[str, list[Attempt]]:
    """What one call brings for the sections of the group that nobody asked for again, by label."""
    if not is_shared(group):
        return {}
    fresh = [one for one in wanted if one.section.id not in redos]
    whole = len(fresh) == len(group)
    attempts = await _guarded(client, draft_shared(client, group, style, may_ask=whole))
    return {
        material.label: [attempt]
        for material, attempt in zip(group, attempts, strict=True)
        if attempt and material in fresh
    }


async def _alone(
    client: Client, material: PromptContext, style: Style, redo: Regeneration
) -> list[Attempt]:
    return await draft(client, replace(material, wishes=redo.instructions), style, redo.take)


async def _by_itself(
    client: Client, material: PromptContext, style: Style, redo: Regeneration
) -> list[Attempt]:
    return await repaired(client, await _alone(client, material, style, redo), style)


async def _guarded(client: Client, work: Awaitable[_Result]) -> _Result:
    """The work's result; where the server is in trouble, no other call is started."""
    try:
        return await work
    except (RefusedError, CutReplyError, UnrecordedError):
        raise  # this chunk's own trouble: the others go on
    except LLMError as error:
        client.stop(error)
        raise


def _finished(client: Client, attempt: Attempt, style: Style) -> Draft:
    material = attempt.material
    if style.spoken_text and (why := _why_not(attempt, style)):
        labels = [repair_label([attempt], number) for number in range(1, style.repairs + 1)]
        for label in [attempt.ask.label, *labels]:
            client.forget(replace(attempt.ask, label=label))
        return Draft(material, style.spoken_text(material), replaced=why)
    return Draft(
        material,
        cleaned(attempt.blocks, material),
        attempt.problems,
        attempt.repairs,
        attempt.left_out,
    )


def _why_not(attempt: Attempt, style: Style) -> str:
    """Why the text must not be printed; empty where it may be (see ``below_floor``)."""
    if not style.spoken_text:
        return ""
    told = instructions_to(attempt.material, style)
    return below_floor(attempt.blocks, attempt.material, told, attempt.problems, style.language_tag)


async def _smooth(
    client: Client, materials: Sequence[PromptContext], drafts: list[list[Draft]]
) -> None:
    """The joints between chunks of one section; where the lecturer's own words stand, there is
    none."""
    places = [
        place
        for place, (one, other) in enumerate(pairwise(materials))
        if one.chunk.section == other.chunk.section
        and not drafts[place][-1].replaced
        and not drafts[place + 1][0].replaced
    ]
    calls = [
        _joint(client, drafts[place][-1], drafts[place + 1][0], f"{materials[place].label}, joint")
        for place in places
    ]
    results = await asyncio.gather(
        *(_guarded(client, call) for call in calls), return_exceptions=True
    )
    raise_failures(results)
    for place, pair in zip(places, results, strict=True):
        if isinstance(pair, tuple):
            drafts[place][-1] = _touched(drafts[place][-1], pair[0], at_end=True)
            drafts[place + 1][0] = _touched(drafts[place + 1][0], pair[1], at_end=False)


async def _joint(
    client: Client, before: Draft, after: Draft, label: str
) -> tuple[Change, Change] | None:
    segments = [one.id for side in (before, after) for one in side.material.chunk.segments]
    return await joint_changes(client, label, before.blocks, after.blocks, segments)


def _touched(draft: Draft, change: Change, at_end: bool) -> Draft:
    return replace(draft, blocks=changed(draft.blocks, change, at_end))


def raise_failures(results: Iterable[object]) -> None:
    """Raise what went wrong among the results of ``gather``, if anything did.

    A fault of the program first, then a limit, then the first call's trouble, which names the
    others.
    """
    failures = [result for result in results if isinstance(result, BaseException)]
    for failure in failures:
        if not isinstance(failure, LLMError):
            raise failure
    for failure in failures:
        if isinstance(failure, BudgetError):
            raise failure
    troubles = {str(failure): failure for failure in failures if isinstance(failure, LLMError)}
    if len(troubles) == 1:
        raise next(iter(troubles.values()))
    if troubles:
        first, *others = troubles.values()
        more = "; ".join(failure.message for failure in others[:4])
        kind = type(first)
        raise kind(f"{first.message}; and: {more}", first.hint) from first


def _sections(materials: Sequence[PromptContext]) -> Iterator[Group]:
    numbers = dict.fromkeys(material.chunk.section for material in materials)
    for number in numbers:
        yield tuple(material for material in materials if material.chunk.section == number)


def _share(group: Sequence[PromptContext], shared_words: int) -> bool:
    whole = all(material.chunk.parts == 1 for material in group)
    return whole and sum(material.chunk.words for material in group) <= shared_words
