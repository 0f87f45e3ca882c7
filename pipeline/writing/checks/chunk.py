"""Holding a written chunk to the lecture: everything that a program can check, checked."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from pipeline.document.citation_markup import CITATION, find_figures, map_text
from pipeline.document.markdown_blocks import MarkdownBlock, join_blocks, split_blocks
from pipeline.writing.checks.citations import citation_problems, figure_problems
from pipeline.writing.checks.faithfulness import (
    code_problems,
    coverage_problems,
    identifier_problems,
    number_problems,
    time_problems,
)
from pipeline.writing.checks.problems import Problem
from pipeline.writing.checks.style import (
    LINK,
    filler_problems,
    heading_problems,
    length_problems,
    link_problems,
    repetition_problems,
    spelling_problems,
    voice_problems,
)
from pipeline.writing.prompt_context import PromptContext

# A picture from elsewhere tells its server who reads; ours are frames.
_FOREIGN_PICTURE = re.compile(r"!\[([^\[\]]*)\]\((?!frame:)[^()]*\)")
# Also where no link was recognised, in a link with a title, say: what is not known goes.
_ANY_ADDRESS = re.compile(r"<?https?://[^\s<>)\]\"]+>?", re.IGNORECASE)


def check(
    markdown: str,
    material: PromptContext,
    same_language: bool = True,
    left_out: Collection[str] = (),
) -> list[Problem]:
    """Everything wrong with a chunk's text, in the order of its blocks; empty when nothing is.

    Args:
        markdown: the chunk's text, tidied (see ``tidy_citations``).
        material: what its writer was given.
        same_language: false for a translation: words are then not compared.
        left_out: segments that the writer left out and named.
    """
    blocks = split_blocks(markdown)
    problems = [
        *_fences(blocks),
        *heading_problems(blocks, material),
        *citation_problems(blocks, material),
        *figure_problems(blocks, material),
        *link_problems(blocks, material),
        *time_problems(blocks, material),
        *number_problems(blocks, material, same_language),
        *identifier_problems(blocks, material),
        *code_problems(blocks, material),
        *coverage_problems(blocks, material, same_language, left_out),
        *spelling_problems(blocks, material),
        *repetition_problems(blocks),
        *filler_problems(blocks, material),
        *length_problems(markdown, material),
    ]
    if same_language:
        problems += voice_problems(markdown, material)
    whole = len(blocks)
    return sorted(problems, key=lambda one: whole if one.block is None else one.block)


def cleaned(markdown: str, material: PromptContext) -> str:
    """The text without what must not reach a reader whatever happens.

    Citations of segments outside the chunk, figures that do not exist, are used twice or are out of
    order, addresses that are not known, and pictures from elsewhere go; an open fence is closed.
    Nothing else changes.
    """
    order = [segment.id for segment in material.chunk.segments]
    addresses = {link.url for link in material.links}

    def citation(found: re.Match[str]) -> str:
        first, last = found.group(1), found.group(2) or found.group(1)
        if first not in order and last not in order:
            return ""
        first = first if first in order else order[0]
        last = last if last in order else order[-1]
        if order.index(first) > order.index(last):
            first, last = last, first
        return f"[[{first}]]" if first == last else f"[[{first}-{last}]]"

    def link(found: re.Match[str]) -> str:
        return found.group() if found.group(2) in addresses else found.group(1)

    def address(found: re.Match[str]) -> str:
        return found.group() if found.group().strip("<>").rstrip(".,;") in addresses else ""

    def change(text: str) -> str:
        text = _FOREIGN_PICTURE.sub(r"\1", CITATION.sub(citation, text))
        text = _ANY_ADDRESS.sub(address, LINK.sub(link, text))
        # Only before a line's end: the text may end where a code span begins.
        return re.sub(r"(?<![ \t])[ \t]+\n", "\n", text)

    kept = _with_good_figures(split_blocks(map_text(markdown, change)), material)
    return join_blocks(kept)


def _with_good_figures(
    blocks: Sequence[MarkdownBlock], material: PromptContext
) -> list[MarkdownBlock]:
    usable = material.usable
    latest = -1
    kept = []
    for block in blocks:
        text = block.text
        for figure in find_figures(text) if block.kind != "code" else []:
            frame = usable.get(figure.frame)
            if frame is None or frame.at_ms <= latest:
                text = text.replace(f"![{figure.caption}](frame:{figure.frame})", "", 1)
            else:
                latest = frame.at_ms
        if text.strip():
            kept.append(
                MarkdownBlock(
                    block.kind, text.strip() if block.kind == "figure" else text, block.closed
                )
            )
    return kept


def _fences(blocks: Sequence[MarkdownBlock]) -> list[Problem]:
    return [
        Problem("fence", "this code block is never closed", index)
        for index, block in enumerate(blocks)
        if not block.closed
    ]
