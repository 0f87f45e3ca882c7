"""From a reply to the blocks of a chunk, as far as a program can tell what was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.document.blocks import AnyBlock, Cell, Heading, Listing, Table
from pipeline.document.citations import Citation
from pipeline.document.inline import words_of
from pipeline.document.parse import parse
from pipeline.document.walk import changed, cited
from pipeline.llm.prompts import without_tag
from pipeline.models import Segment
from pipeline.text.words import words
from pipeline.writing.checks.citations import WIDEST_CITATION_MS
from pipeline.writing.checks.reconstruction import marked
from pipeline.writing.prompt_context import PromptContext
from pipeline.writing.replies.omissions import without_list
from pipeline.writing.replies.shortened_texts import with_shortened

_MARKDOWN = frozenset({"markdown", "md"})
_IDS = r"\s?(s\d{1,9}(?:\s?(?:[-–—~～〜、，,;；至到]|から)\s?s\d{1,9})*)\s?"
_WIDE_CITATION = re.compile(rf"[【〔［〖（]{{1,2}}{_IDS}[】〕］〗）]{{1,2}}|\[\[{_IDS}\]\]")
_WIDE_COMMA = re.compile(r"\s?[、，;；]\s?")
_WIDE_DASH = re.compile(r"\s?(?:[–—~～〜至到]|から)\s?")
_WIDE_FIGURE = re.compile(
    r"[!！]\s?[\[［【]([^\[\]［］【】\n]{0,300})[\]］】]\s?[(（]\s?frame:\s?([\w.-]+)\s?[)）]"
)
_LEVEL = 3  # sections have level 2


def read_reply(reply: str, material: PromptContext) -> tuple[AnyBlock, ...]:
    """The blocks of a whole reply, without the list of what was left out; see ``tidied``.

    Ids of cells are ``PromptContext.cell_ids``.
    """
    segments = [segment.id for segment in material.chunk.segments]
    ids = material.cell_ids
    reply = _with_plain_brackets(without_list(without_tag(reply)))
    blocks = _unwrapped(parse(reply, ids, segments), segments, ids)
    return tidied(blocks, material)


def _with_plain_brackets(reply: str) -> str:
    """Citations and figures in the brackets of Chinese and Japanese keyboards, in ours.

    >>> _with_plain_brackets("是的【s0006】 ［［s0001、s0002］］ ！［图］（frame:f1）")
    '是的[[s0006]] [[s0001,s0002]] ![图](frame:f1)'
    """
    reply = _WIDE_FIGURE.sub(r"![\1](frame:\2)", reply)

    def plain(found: re.Match[str]) -> str:
        ids = _WIDE_DASH.sub("-", found[1] or found[2])
        return f"[[{_WIDE_COMMA.sub(',', ids)}]]"

    return _WIDE_CITATION.sub(plain, reply)


def tidied(blocks: Sequence[AnyBlock], material: PromptContext) -> tuple[AnyBlock, ...]:
    """The blocks without a first heading that repeats the section's title; the other headings have
    the level of headings within a section, code that no screen shows, or of which a text is cut
    off, is marked, and a citation of minutes becomes several."""
    first = blocks[0] if blocks else None
    if isinstance(first, Heading) and words(words_of(first.text)) == words(material.section.title):
        blocks = blocks[1:]
    segments = [segment.id for segment in material.chunk.segments]
    blocks = _in_order(_split_up(blocks, material.chunk.segments), segments)
    return marked(with_shortened(changed(blocks, _at_level), material), material)


def _split_up(blocks: Sequence[AnyBlock], segments: Sequence[Segment]) -> tuple[AnyBlock, ...]:
    """The blocks, but for tables, with each citation that spans too long a time as several."""
    places = {segment.id: place for place, segment in enumerate(segments)}

    def pieces(citation: Citation) -> Iterator[Citation]:
        first, last = places.get(citation.first), places.get(citation.last)
        if first is None or last is None:
            yield citation
            return
        while first <= last:
            end = first
            latest_ms = segments[first].start_ms + WIDEST_CITATION_MS
            while end < last and segments[end + 1].end_ms <= latest_ms:
                end += 1
            yield Citation(first=segments[first].id, last=segments[end].id)
            first = end + 1

    def visit(block: AnyBlock) -> list[AnyBlock]:
        kept = tuple(one for citation in block.citations for one in pieces(citation))
        if isinstance(block, Table) or len(kept) <= len(block.citations):
            return [block]
        return [block.model_copy(update={"citations": kept})]

    return changed(blocks, visit)


def _in_order(blocks: Sequence[AnyBlock], segments: Sequence[str]) -> tuple[AnyBlock, ...]:
    """The blocks with a citation that reaches back behind an earlier block's cut to where that one
    begins: such a passage takes up what came before and adds to it. A block begins at its first
    citation; those behind it say the same again."""
    places = {name: place for place, name in enumerate(segments)}
    latest = 0

    def clipped(citation: Citation) -> Citation:
        first, last = places.get(citation.first), places.get(citation.last)
        if first is None or last is None:
            return citation
        if first < latest <= last:
            citation = Citation(first=segments[latest], last=citation.last)
        return citation

    def visit(block: AnyBlock) -> list[AnyBlock]:
        nonlocal latest
        kept = tuple(dict.fromkeys(clipped(citation) for citation in block.citations))
        latest = max([latest, *(places.get(one.first, 0) for one in kept[:1])])
        return [block if kept == block.citations else block.model_copy(update={"citations": kept})]

    return changed(blocks, visit)


def _at_level(block: AnyBlock) -> list[AnyBlock]:
    if isinstance(block, Heading) and block.level != _LEVEL:
        block = block.model_copy(update={"level": _LEVEL})
    return [block]


def _unwrapped(
    blocks: tuple[AnyBlock, ...], segments: Sequence[str], ids: Iterator[str]
) -> tuple[AnyBlock, ...]:
    """A reply that stands within a fence is the Markdown in it.

    A fence of Markdown around all of it is one. So is any fence of text that cites segments of the
    chunk where nothing outside of it does.
    """
    if len(blocks) == 1 and isinstance(blocks[0], Cell) and blocks[0].language in _MARKDOWN:
        return parse(blocks[0].source, ids, segments)
    if any(cited(block) for block in blocks):
        return blocks
    made: list[AnyBlock] = []
    for block in blocks:
        inner: tuple[AnyBlock, ...] = ()
        if isinstance(block, Listing) or (isinstance(block, Cell) and block.language in _MARKDOWN):
            inner = parse(block.source, ids, segments)
        named = {one.first for piece in inner for one in cited(piece)}
        made += inner if named & set(segments) else (block,)
    return tuple(made)
