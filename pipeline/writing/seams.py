"""The light pass over the joints: where one call's text ends and the next one's begins."""

from __future__ import annotations

import json
from dataclasses import dataclass

from pipeline.document.citation_markup import find_citations, find_figures
from pipeline.document.markdown_blocks import (
    MarkdownBlock,
    join_blocks,
    prose_of,
    split_blocks,
)
from pipeline.llm.chat import ModelRequest, user
from pipeline.llm.client import Client
from pipeline.llm.prompts import render
from pipeline.llm.structured import ReplyModel, UnusableReplyError, ask_json
from pipeline.llm.transport import CutReplyError, RefusedError, UnrecordedError
from pipeline.text.numbers import written_numbers
from pipeline.text.units import word_count
from pipeline.text.words import runs, words

# A joint is a paragraph on each side; a rewrite that changes the length by more is no light touch.
_LONGEST_CHANGE = 0.5
_TOKENS_PER_WORD = 4


class Joint(ReplyModel):
    """The reply to the joint prompt: new paragraphs, or null for those that stay."""

    first: str | None = None
    second: str | None = None


@dataclass(frozen=True)
class Change:
    """A paragraph and what takes its place; the same text when nothing does."""

    old: str
    new: str


async def joint_changes(
    client: Client, label: str, before: str, after: str
) -> tuple[Change, Change] | None:
    """How the last paragraph of one text and the first of the next change; None for no joint.

    A change that loses a citation, a figure or adds a number, or is no light touch, is not taken.
    """
    first, second = split_blocks(before), split_blocks(after)
    if not first or not second or first[-1].kind != "prose" or second[0].kind != "prose":
        return None
    old = first[-1].text, second[0].text
    reply = await _asked(client, label, *old)
    if reply is None:
        return None
    new = (reply.first or old[0]).strip(), (reply.second or old[1]).strip()
    end, start = (
        Change(was, now if _is_light(was, now) else was) for was, now in zip(old, new, strict=True)
    )
    return end, start


def changed(markdown: str, change: Change, at_end: bool) -> str:
    """The text with its last (or first) paragraph changed, if it is still what it was."""
    blocks = list(split_blocks(markdown))
    place = len(blocks) - 1 if at_end else 0
    if change.old == change.new or not blocks or blocks[place].text != change.old:
        return markdown
    blocks[place] = MarkdownBlock("prose", change.new)
    return join_blocks(blocks)


async def _asked(client: Client, label: str, first: str, second: str) -> Joint | None:
    request = render("joint", first=first, second=second, doubled=_doubled(first, second))
    room = 300 + _TOKENS_PER_WORD * (word_count(first) + word_count(second))
    try:
        return await ask_json(
            client, ModelRequest(label, (user(request),), room), Joint, attempts=1
        )
    except (UnusableReplyError, CutReplyError, RefusedError, UnrecordedError):
        return None  # a rough joint is better than no chapter


def _doubled(first: str, second: str) -> str:
    """The words that both paragraphs have in a row of six, to point at."""
    shared = set(runs(words(prose_of(first)), 6)) & set(runs(words(prose_of(second)), 6))
    return json.dumps(sorted(" ".join(run) for run in shared)[:5]) if shared else ""


def _is_light(old: str, new: str) -> bool:
    marks = [
        ([(c.first, c.last) for c in find_citations(text)], [f.frame for f in find_figures(text)])
        for text in (old, new)
    ]
    lengths = word_count(prose_of(old)), word_count(prose_of(new))
    return (
        marks[0] == marks[1]
        and set(written_numbers(prose_of(new))) <= set(written_numbers(prose_of(old)))
        and all(block.kind == "prose" for block in split_blocks(new))
        and abs(lengths[0] - lengths[1]) <= max(12, _LONGEST_CHANGE * lengths[0])
    )
