"""From a reply to Markdown in the chapter's own form, as far as a program can tell."""

from __future__ import annotations

import re

from pipeline.article.blocks import Block, join_blocks, split_blocks
from pipeline.article.citations import tidy_citations
from pipeline.article.material import Material
from pipeline.article.words import words

_WRAPPED = re.compile(r"\s*(`{3,})(?:markdown|md)\s*\n(.*)\n\1\s*", re.DOTALL)
_THINKING = re.compile(r"\s*<think(?:ing)?>.*?</think(?:ing)?>\s*", re.DOTALL)
_PREAMBLE = re.compile(r"(?:sure|certainly|of course|here(?:'s| is| are))\b[^\n]{0,160}:\s*$", re.I)
_FIGURE_IN_TEXT = re.compile(r"\s*(!\[(?:[^\]\\]|\\.)*\]\(frame:[^)\s]+\))\s*")
_TITLE_ONLY = re.compile(r"(!\[(?:[^\]\\]|\\.)*\]\(frame:[^)\s]+)\s+\"[^\"]*\"\)")


def tidied(reply: str, material: Material) -> str:
    """The reply without wrapping, preamble or repeated title; headings, citations and figures in
    their one form."""
    text = _THINKING.sub("", reply, count=1).strip()
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
    if block.kind != "prose" or not _FIGURE_IN_TEXT.search(block.text):
        return [block]
    figures = _FIGURE_IN_TEXT.findall(block.text)
    rest = _FIGURE_IN_TEXT.sub(" ", block.text).strip()
    return [
        *([Block("prose", rest)] if rest else []),
        *(Block("figure", figure) for figure in figures),
    ]
