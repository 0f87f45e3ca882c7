"""The light pass over the joints: where one call's text ends and the next one's begins."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from pipeline.document.blocks import AnyBlock, Paragraph
from pipeline.document.parse import parse
from pipeline.document.serialise import serialise
from pipeline.document.walk import cited, prose_of
from pipeline.llm.chat import ModelRequest, user
from pipeline.llm.client import Client
from pipeline.llm.prompts import render
from pipeline.llm.structured import ReplyModel, UnusableReplyError, ask_json
from pipeline.llm.transport import CutReplyError, RefusedError, UnrecordedError
from pipeline.text.numbers.reading import written_numbers
from pipeline.text.units import word_count
from pipeline.text.words import word_runs, words
from pipeline.writing.checks.block_text import addresses_in

# A joint is a paragraph on each side; a rewrite that changes the length by more is no light touch.
_LONGEST_CHANGE = 0.5
_TOKENS_PER_WORD = 4


class Joint(ReplyModel):
    """The reply to the joint prompt: new paragraphs, or null for those that stay."""

    first: str | None = None
    second: str | None = None


@dataclass(frozen=True)
class Change:
    """A paragraph and what takes its place; the same one when nothing does."""

    old: Paragraph
    new: tuple[AnyBlock, ...]


async def joint_changes(
    client: Client,
    label: str,
    before: Sequence[AnyBlock],
    after: Sequence[AnyBlock],
    segments: Sequence[str],
) -> tuple[Change, Change] | None:
    """How the last paragraph of one text and the first of the next change; None for no joint.

    A change that loses a citation, adds a figure, a link or a number, or is no light touch, is not
    taken.

    Args:
        segments: ids of the segments of both texts.
    """
    first, second = (before or (None,))[-1], (after or (None,))[0]
    if not isinstance(first, Paragraph) or not isinstance(second, Paragraph):
        return None
    reply = await _asked(client, label, first, second)
    if reply is None:
        return None
    return (
        _change(first, reply.first, segments),
        _change(second, reply.second, segments),
    )


def changed(blocks: Sequence[AnyBlock], change: Change, at_end: bool) -> tuple[AnyBlock, ...]:
    """The blocks with their last (or first) one changed, if it is still what it was."""
    if not blocks or blocks[-1 if at_end else 0] != change.old:
        return tuple(blocks)
    return (*blocks[:-1], *change.new) if at_end else (*change.new, *blocks[1:])


def _change(old: Paragraph, reply: str | None, segments: Sequence[str]) -> Change:
    new = parse(reply or "", (), segments)
    return Change(old, new if new and _is_light(old, new) else (old,))


def _markdown(paragraph: Paragraph) -> str:
    return serialise([paragraph]).strip()


async def _asked(client: Client, label: str, first: Paragraph, second: Paragraph) -> Joint | None:
    said = prose_of([first]), prose_of([second])
    request = render(
        "joint", first=_markdown(first), second=_markdown(second), doubled=_doubled(*said)
    )
    room = 300 + _TOKENS_PER_WORD * sum(map(word_count, said))
    try:
        return await ask_json(
            client, ModelRequest(label, (user(request),), room), Joint, attempts=1
        )
    except (UnusableReplyError, CutReplyError, RefusedError, UnrecordedError):
        return None  # a rough joint is better than no chapter


def _doubled(first: str, second: str) -> str:
    """The words that both paragraphs have in a row of six, to point at."""
    shared = set(word_runs(words(first), 6)) & set(word_runs(words(second), 6))
    return json.dumps(sorted(" ".join(run) for run in shared)[:5]) if shared else ""


def _is_light(old: Paragraph, new: Sequence[AnyBlock]) -> bool:
    was, now = prose_of([old]), prose_of(new)
    lengths = word_count(was), word_count(now)
    links = chain.from_iterable(map(addresses_in, new))
    return (
        all(isinstance(block, Paragraph) for block in new)
        and [one for block in new for one in cited(block)] == list(cited(old))
        and set(links) <= set(addresses_in(old))
        and set(written_numbers(now)) <= set(written_numbers(was))
        and abs(lengths[0] - lengths[1]) <= max(12, _LONGEST_CHANGE * lengths[0])
    )
