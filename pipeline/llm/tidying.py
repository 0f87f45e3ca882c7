"""From a reply to Markdown in the chapter's own form, as far as a program can tell."""

from __future__ import annotations

import re

from pipeline.article.blocks import Block, join_blocks, split_blocks
from pipeline.article.citations import find_figures, tidy_citations
from pipeline.article.material import Material
from pipeline.article.words import words

_WRAPPED = re.compile(r"\s*(`{3,})(?:markdown|md)[^\S\n]*\n(.*)\n\1\s*", re.DOTALL)
_THINKING = re.compile(r"<think(?:ing)?>")
_THOUGHT = re.compile(r"</think(?:ing)?>")
_PREAMBLE = re.compile(r"(?:sure|certainly|of course|here(?:'s| is| are))\b[^\n]{0,160}:\s*$", re.I)
_TITLE_ONLY = re.compile(r"(!\[(?:[^\]\\!]++|!(?!\[)|\\.)*+\]\(frame:[^()\s]++)\s++\"[^\"]*+\"\)")


def tidied(reply: str, material: Material) -> str:
    """The reply without wrapping, preamble or repeated title; headings, citations and figures in
    their one form."""
    text = _said(reply).strip()
    if found := _WRAPPED.fullmatch(text):
        text = found.group(2)
    text = _TITLE_ONLY.sub(r"\1)", text)
    ids = [segment.id for segment in material.chunk.segments]
    blocks = [piece for block in split_blocks(tidy_citations(text, ids)) for piece in _alone(block)]
    if blocks and blocks[0].kind == "prose" and _PREAMBLE.fullmatch(blocks[0].text.strip()):
        blocks = blocks[1:]
    title = words(material.section.title)
    if blocks and blocks[0].kind == "heading" and words(blocks[0].title) == title:
        blocks = blocks[1:]
    return join_blocks(_at_level_three(block) for block in blocks)


def _at_level_three(block: Block) -> Block:
    if block.kind != "heading" or block.level == 3:
        return block
    return Block("heading", f"### {block.title}")


def _alone(block: Block) -> list[Block]:
    """A figure within a paragraph becomes a block of its own after it, its citation kept before."""
    figures = find_figures(block.text) if block.kind == "prose" else []
    if not figures:
        return [block]
    begins = [0, *(figure.end for figure in figures)]
    ends = [*(figure.start for figure in figures), len(block.text)]
    pieces = [block.text[begin:end].strip() for begin, end in zip(begins, ends, strict=True)]
    rest = " ".join(piece for piece in pieces if piece)
    return [
        *([Block("prose", rest)] if rest else []),
        *(Block("figure", block.text[figure.start : figure.end]) for figure in figures),
    ]


def _said(reply: str) -> str:
    """The reply without what a model thought aloud first."""
    begin = _THINKING.search(reply)
    end = _THOUGHT.search(reply, begin.end()) if begin else None
    return reply[: begin.start()] + reply[end.end() :] if begin and end else reply
