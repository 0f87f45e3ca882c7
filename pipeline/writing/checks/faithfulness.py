"""Whether what a chunk says stands in the lecture, and what of the lecture it leaves out."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Collection, Sequence

from pipeline.document.blocks import AnyBlock
from pipeline.models import Segment
from pipeline.text.content import content_stems
from pipeline.text.numbers.reading import numbers_in
from pipeline.text.stemming import stem
from pipeline.text.words import words
from pipeline.writing.checks.block_text import (
    code_of,
    everything_in,
    runs_in,
)
from pipeline.writing.checks.citations import nearest_block, segments_cited
from pipeline.writing.checks.problems import Problem
from pipeline.writing.prompt_context import PromptContext
from pipeline.writing.replies.omissions import MOST_LEFT_OUT, is_too_much, words_left_out

# Below this many words of content a segment is talk ("okay, let me scroll up").
_LEAST_CONTENT = 5
# Calibrated on chapters written with care from the lectures at hand: of the content words of a
# segment 55 to 95% came back where it was written up, below 30% where it was left out. A segment
# that nothing cites cannot be told by its words: a lecture has the same ones everywhere.
_COVERED = 0.34
# What an earlier chapter of the book explains is only recalled: half a minute in a clause.
_RECALLED = 0.15
_NAME = re.compile(r"(?<![A-Za-z\d])[A-Z][A-Za-z\d-]{1,40}")
_CAPITALS = re.compile(r"[A-Z\d]")
# A translation is told by what it keeps only where there is that much of it.
_LEAST_KEPT = 3
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z_0-9]{2,}")
_PYTHON = frozenset(keyword.kwlist) | frozenset(dir(builtins)) | {"self", "cls"}
_PLAIN_METHODS = frozenset(
    name for kind in (str, bytes, list, dict, set, tuple, int) for name in dir(kind)
)


def identifier_problems(blocks: Sequence[AnyBlock], material: PromptContext) -> list[Problem]:
    """Names in `inline code` that were neither said nor shown nor defined."""
    code = " ".join(code_of(blocks))
    links = " ".join(f"{link.title} {link.url}" for link in material.links)
    sources = [*material.sources(), code, links, *material.section.defines, *material.section.needs]
    known = re.sub(r"[\W_]+", "", " ".join(sources).lower())
    problems = []
    for index, block in enumerate(blocks):
        unknown = tuple(
            dict.fromkeys(
                name
                for run in runs_in(block)
                if run.kind == "code"
                for name in _IDENTIFIER.findall(run.text)
                if name not in _PYTHON
                and name not in _PLAIN_METHODS
                and name.replace("_", "").lower() not in known
            )
        )
        if unknown:
            problems.append(
                Problem(
                    "identifier",
                    f"{', '.join(f'`{name}`' for name in unknown)}: neither said nor shown nor "
                    "defined; use the name on the screen or leave it out, unless it puts an error "
                    "of fact right",
                    index,
                    unknown,
                )
            )
    return problems


def coverage_problems(
    blocks: Sequence[AnyBlock],
    material: PromptContext,
    same_language: bool,
    left_out: Collection[str] = (),
) -> list[Problem]:
    """Segments whose content does not come back in the text, but for those ``left_out``."""
    text = everything_in(blocks)
    written = _content(text, material.written_in) if same_language else _kept_as_is(text, material)
    order = [segment.id for segment in material.chunk.segments]
    named = segments_cited(blocks, order)
    problems = []
    if is_too_much(left_out, material.chunk.segments):
        share = words_left_out(left_out, material.chunk.segments)
        text = (
            f"you left out {share:.0%} of what was said, at most {MOST_LEFT_OUT:.0%} may go: write "
            "up those segments that say something"
        )
        problems.append(Problem("coverage", text, None, tuple(left_out)))
    for segment in material.chunk.segments:
        if segment.id in left_out:
            continue
        content = _content(segment.text, material.spoken_in)
        if len(content) < _LEAST_CONTENT:
            continue
        content = _corrected(content, segment, material)
        if not same_language:
            content = _kept_as_is(segment.text, material, material.spoken_in)
        kept = len(content & written) / max(1, len(content))
        enough = _RECALLED if _is_recalled(segment, blocks, material, order) else _COVERED
        comparable = same_language or len(content) >= _LEAST_KEPT
        if segment.id not in named or (comparable and kept < enough):
            missing = _as_said(content - written, segment.text, material.spoken_in)[:8]
            hint = f" (it speaks of {', '.join(missing)})" if comparable and missing else ""
            text = f"segment {segment.id} is not written up{hint}: add what it teaches to the "
            text += "passage it belongs to, or after it, with its citation"
            if comparable and kept >= enough:
                text += ", or the citation alone where all of it is told already"
            place = nearest_block(blocks, segment, order)
            problems.append(Problem("coverage", text, place, (segment.id,)))
    return problems


def _content(text: str, language: str | None) -> set[str]:
    return content_stems(text, language) | _numbers(text, language)


def _as_said(terms: Collection[str], text: str, language: str | None) -> list[str]:
    """These terms in the order and form in which the text has them first; those that are no single
    words of it last, as they are."""
    said = {term: word for word in reversed(words(text)) if (term := stem(word, language)) in terms}
    return [*reversed(said.values()), *sorted(set(terms) - set(said))]


def _numbers(text: str, language: str | None) -> set[str]:
    return {one.value for one in numbers_in(text, language) if len(one.value) > 1}


def _kept_as_is(text: str, material: PromptContext, language: str | None = None) -> set[str]:
    """What a translation keeps: numbers, names with capitals or digits inside (``GPT-2``), and
    terms of the glossary, in either form."""
    numbers = {
        reading
        for one in numbers_in(text, language or material.written_in)
        for reading in (one.readings if language is None else one.readings[:1])
        if len(reading) > 1
    }
    names = {one.casefold() for one in _NAME.findall(text) if len(_CAPITALS.findall(one)) > 1}
    small = text.casefold()
    terms = {
        term.term.casefold()
        for term in material.glossary
        if any(form and form.casefold() in small for form in (term.term, term.written))
    }
    return numbers | names | terms


def _corrected(content: set[str], segment: Segment, material: PromptContext) -> set[str]:
    """The content without words that the glossary says were misheard."""
    misheard = {
        stem(word, material.spoken_in)
        for term in material.glossary
        for form in term.heard_as
        for word in words(form)
        if stem(word, material.spoken_in) not in content_stems(term.term, material.spoken_in)
    }
    return content - misheard


def _is_recalled(
    segment: Segment, blocks: Sequence[AnyBlock], material: PromptContext, order: Sequence[str]
) -> bool:
    """Whether the segment and a passage that cites it speak of what an earlier chapter explains."""
    terms = [stems for term in material.recalled if (stems := content_stems(term))]
    said = content_stems(segment.text, material.spoken_in)
    shared = [stems for stems in terms if stems <= said]
    citing = [block for block in blocks if shared and segment.id in segments_cited([block], order)]
    return any(
        stems <= content_stems(everything_in([block])) for block in citing for stems in shared
    )
