"""The floor under a model's text: what is below it is replaced by the lecturer's own words.

A weak model echoes its instructions, repeats itself, cites nothing, writes up a fraction of what
was said, or answers in another language. After all repairs such a part is no chapter: it falls back
to the transcript edition of that part, and the report says why.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.document.blocks import AnyBlock, Paragraph
from pipeline.document.citations import Citation
from pipeline.document.inline import write
from pipeline.document.runs import Run, tidied
from pipeline.document.walk import cited, prose_of
from pipeline.models import Segments
from pipeline.text.languages.guess import is_foreign
from pipeline.text.units import word_count
from pipeline.text.words import word_runs, words
from pipeline.writing.checks.problems import Problem
from pipeline.writing.prompt_context import PromptContext
from pipeline.writing.transcript_edition.inline_code import spoken_runs
from pipeline.writing.transcript_edition.paragraphs import paragraphs
from pipeline.writing.transcript_edition.punctuation.sentences import Sentence

_RUN = 8
# Of the text's runs of eight words, how many may stand in the instructions, which hold none of the
# lecture's: two writers never share eight words in a row by chance.
_ECHOED = 0.2
# Of the runs of eight words, how many have to be different from all others.
_DIFFERENT = 0.6
# Of the words spoken, how many may stand in segments that are not written up.
_UNCOVERED = 0.5
_LEAST_WORDS = 40


def below_floor(
    blocks: Sequence[AnyBlock],
    material: PromptContext,
    instructions: str,
    problems: Sequence[Problem],
    language: str | None,
) -> str:
    """Why the text must not be printed, in a few words; empty where it may be.

    Args:
        blocks: the chunk's text after all repairs.
        instructions: what the model was told, without anything of the lecture.
        problems: what the checks still find in the text.
        language: tag of the language to write in, None where it is not known.
    """
    prose = prose_of(blocks)
    found = list(word_runs(words(prose), _RUN))
    told = set(word_runs(words(instructions), _RUN))
    if found and sum(run in told for run in found) > _ECHOED * len(found):
        return "it repeats its instructions"
    if word_count(prose) >= _LEAST_WORDS and len(set(found)) < _DIFFERENT * len(found):
        return "it says the same again and again"
    order = {segment.id for segment in material.chunk.segments}
    named = [one for block in blocks for one in cited(block) if one.first in order]
    if not named and material.chunk.words >= _LEAST_WORDS:
        return "it cites nothing"
    missing = {name for one in problems if one.kind == "coverage" for name in one.items}
    lost = sum(word_count(one.text) for one in material.chunk.segments if one.id in missing)
    if lost > _UNCOVERED * material.chunk.words:
        return "it writes up less than half of what was said"
    if is_foreign(prose, language):
        return f"it is not in the language asked for ({language})"
    return ""


def spoken_text(
    material: PromptContext, segments: Segments, sentences: Sequence[Sentence], mark: str
) -> tuple[AnyBlock, ...]:
    """The transcript edition of a chunk: its sentences as paragraphs, each with its citation.

    Args:
        sentences: of the whole lecture.
        mark: stands before them, and says whose words they are.
    """
    chunk = material.chunk
    own = [one for one in sentences if chunk.start_ms <= one.start_ms < chunk.end_ms]
    pieces = segments.segments
    first, last = pieces[0], pieces[-1]
    place = {piece.id: at for at, piece in enumerate(pieces)}
    low = place.get(chunk.segments[0].id, place[first.id])
    high = place.get(chunk.segments[-1].id, place[last.id])
    notice = tidied([Run("text", mark, frozenset({"emphasis"}))])
    blocks: list[AnyBlock] = [Paragraph(text=write(notice))]
    for paragraph in paragraphs(own):
        begin, end = (min(max(at, low), high) for at in paragraph.segments)
        source = Citation(first=pieces[begin].id, last=pieces[end].id)
        text = write(tidied(spoken_runs(paragraph.text)))
        blocks.append(Paragraph(text=text, citations=(source,)))
    return tuple(blocks)
