"""From a reply to Markdown in the chapter's own form, as far as a program can tell."""

from __future__ import annotations

import re

from pipeline.document.citation_markup import find_figures, tidy_citations
from pipeline.document.markdown_blocks import MarkdownBlock, join_blocks, split_blocks
from pipeline.text.words import words
from pipeline.writing.prompt_context import PromptContext

_TITLE_ONLY = re.compile(r"(!\[(?:[^\]\\!]++|!(?!\[)|\\.)*+\]\(frame:[^()\s]++)\s++\"[^\"]*+\"\)")


def tidied(reply: str, material: PromptContext) -> str:
    """The reply without a repeated title; headings, citations and figures in
    their one form."""
    text = _TITLE_ONLY.sub(r"\1)", reply.strip())
    ids = [segment.id for segment in material.chunk.segments]
    blocks = [piece for block in split_blocks(tidy_citations(text, ids)) for piece in _alone(block)]
    title = words(material.section.title)
    if blocks and blocks[0].kind == "heading" and words(blocks[0].title) == title:
        blocks = blocks[1:]
    return join_blocks(_at_level_three(block) for block in blocks)


def _at_level_three(block: MarkdownBlock) -> MarkdownBlock:
    if block.kind != "heading" or block.level == 3:
        return block
    return MarkdownBlock("heading", f"### {block.title}")


def _alone(block: MarkdownBlock) -> list[MarkdownBlock]:
    """A figure within a paragraph becomes a block of its own after it, its citation kept before."""
    figures = find_figures(block.text) if block.kind == "prose" else []
    if not figures:
        return [block]
    begins = [0, *(figure.end for figure in figures)]
    ends = [*(figure.start for figure in figures), len(block.text)]
    pieces = [block.text[begin:end].strip() for begin, end in zip(begins, ends, strict=True)]
    rest = " ".join(piece for piece in pieces if piece)
    return [
        *([MarkdownBlock("prose", rest)] if rest else []),
        *(MarkdownBlock("figure", block.text[figure.start : figure.end]) for figure in figures),
    ]
