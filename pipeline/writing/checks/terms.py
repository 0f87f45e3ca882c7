"""Whether a translated chunk calls things as the outline says: one form of each term."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from pipeline.document.blocks import AnyBlock, Quote
from pipeline.document.inline import runs
from pipeline.document.outline import GlossaryTerm
from pipeline.document.walk import cited, inside, prose_of, texts
from pipeline.text.stemming import stem
from pipeline.text.words import spaced, words
from pipeline.writing.checks.block_text import everything_in
from pipeline.writing.checks.problems import Problem
from pipeline.writing.prompt_context import PromptContext

_BRACKETS = regex.compile(r"[(（\[「][^()（）\[\]「」]{1,80}[)）\]」]")


def translated_terms(material: PromptContext) -> list[GlossaryTerm]:
    """The terms that have a form of their own in the chapter's language."""
    if not material.is_translated:
        return []
    return [term for term in material.glossary if has_form(term)]


def has_form(term: GlossaryTerm) -> bool:
    """Whether the term is written in the chapter's language in another way than in the lecture's.

    >>> has_form(GlossaryTerm(term="token", written="Token"))
    False
    """
    return bool(term.written) and term.written.casefold() != term.term.casefold()


def term_problems(blocks: Sequence[AnyBlock], material: PromptContext) -> list[Problem]:
    """Terms that the passage speaks of and that are not written as planned: in the lecture's
    language outside of brackets, or in a form that the whole chunk does not have."""
    terms = translated_terms(material)
    if not terms:
        return []
    text = everything_in(blocks)
    problems = []
    for term in terms:
        wish = f'the term "{term.term}" is written "{term.written}" in this chapter'
        at = next((n for n, one in enumerate(blocks) if _stands_bare(term, one)), None)
        if at is None and not is_written(term, text, material.written_in):
            at = _first_about(term, blocks, material)
        if at is not None:
            problems.append(Problem("term", wish, at, (term.term,)))
    return problems


def is_written(term: GlossaryTerm, text: str, language: str | None) -> bool:
    """Whether the planned form stands in ``text``, inflected or within a compound perhaps."""
    if term.written.casefold() in text.casefold():
        return True
    stems = {stem(word, language) for word in words(text)}
    wanted = words(term.written)
    return bool(wanted) and all(stem(word, language) in stems for word in wanted)


def _stands_bare(term: GlossaryTerm, block: AnyBlock) -> bool:
    """Whether a block says the term in the lecture's language, and not in brackets or as code."""
    if set(words(term.term)) <= set(words(term.written)):
        return False
    wanted = spaced(term.term)
    return any(wanted in spaced(text) for text in _own_texts(block))


def _own_texts(block: AnyBlock) -> Iterator[str]:
    """The texts of a block without what stands in brackets; none of quotations, which stay."""
    if isinstance(block, Quote):
        return
    for text in texts(block):
        plain = "".join(one.text if one.kind == "text" else " \N{BULLET} " for one in runs(text))
        yield _BRACKETS.sub(" \N{BULLET} ", plain)
    for one in inside(block):
        yield from _own_texts(one)


def _first_about(
    term: GlossaryTerm, blocks: Sequence[AnyBlock], material: PromptContext
) -> int | None:
    """The first block that cites a segment in which the term is said; None for no such block."""
    said = {
        segment.id
        for segment in material.chunk.segments
        if any(spaced(form) in spaced(segment.text) for form in (term.term, *term.heard_as))
    }
    return next(
        (
            at
            for at, block in enumerate(blocks)
            if prose_of([block]) and any(one.first in said for one in cited(block))
        ),
        None,
    )
