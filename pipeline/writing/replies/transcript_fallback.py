"""The floor under a model's text: what is below it is replaced by the lecturer's own words.

A weak model echoes its instructions, repeats itself, cites nothing, writes up a fraction of what
was said, or answers in another language. After all repairs such a part is no chapter: it falls back
to the transcript edition of that part, and the report says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from pipeline.document.blocks import AnyBlock, Paragraph
from pipeline.document.inline import write
from pipeline.document.runs import Run, tidied
from pipeline.document.walk import cited, prose_of
from pipeline.i18n.transcript_edition import EditionWords
from pipeline.llm.prompts import has_tags
from pipeline.models import Frame, Segments, Transcript, Video
from pipeline.text.languages.guess import is_foreign
from pipeline.text.units import word_count
from pipeline.text.words import word_runs, words
from pipeline.writing.checks.block_text import prose_beside_code
from pipeline.writing.checks.problems import Problem
from pipeline.writing.prompt_context import PromptContext
from pipeline.writing.transcript_edition.edition import screen_shows
from pipeline.writing.transcript_edition.figure_captions import FigureCaptions
from pipeline.writing.transcript_edition.punctuation.sentences import Sentence
from pipeline.writing.transcript_edition.section_text import Headings, SectionText, Show

_RUN = 8
# Of the text's runs of eight words, how many may stand in the instructions, which hold none of the
# lecture's: two writers never share eight words in a row by chance.
_ECHOED = 0.2
# Of the runs of eight words, how many have to be different from all others.
_DIFFERENT = 0.6
# Of the words spoken, how many may stand in segments that are not written up.
_UNCOVERED = 0.5
# Of the text's words, how many may stand in passages in another language: a quotation, a slip. Of
# 846 passages of chapters written with care none was one.
_FOREIGN = 0.25
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
    if has_tags(prose) or sum(run in told for run in found) > _ECHOED * max(1, len(found)):
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
    elsewhere = {one.block for one in problems if one.kind == "language"} - {None}
    foreign = prose_of([block for at, block in enumerate(blocks) if at in elsewhere])
    if word_count(foreign) > _FOREIGN * word_count(prose) or is_foreign(
        prose_beside_code(blocks), language, material.spoken_in
    ):
        return f"it is not in the language asked for ({language})"
    return ""


class TranscriptFallback:
    """The transcript edition of any chunk of one lecture.

    Args:
        sentences: of the whole lecture.
        words: in the language of the chapter.
    """

    def __init__(
        self,
        video: Video,
        segments: Segments,
        transcript: Transcript,
        sentences: Sequence[Sentence],
        words: EditionWords,
    ) -> None:
        self._segments, self._sentences, self._words = segments, sentences, words
        self._length_ms = video.end_ms - video.start_ms
        self._turns_ms = [cue.start_ms for cue in transcript.cues if cue.new_speaker]
        self._place = {piece.id: at for at, piece in enumerate(segments.segments)}
        self._captions = FigureCaptions(segments, words)

    def blocks(self, material: PromptContext) -> tuple[AnyBlock, ...]:
        """The sentences of a chunk as paragraphs, each with its citation, with the figures, cells
        and addresses of its screens; before them a line that says whose words they are."""
        chunk = material.chunk
        text = SectionText(
            material.section.title,
            self._segments,
            self._place[chunk.segments[0].id],
            self._place[chunk.segments[-1].id] + 1,
            self._words,
            self._captions,
            material.cell_ids,
        )
        text.write(
            [one for one in self._sentences if chunk.start_ms <= one.start_ms < chunk.end_ms],
            [show for show in self._shows if _belongs(show, material)],
            Headings({}, {}),
            self._turns_ms,
        )
        notice = tidied([Run("text", self._words.own_words, frozenset({"emphasis"}))])
        return (Paragraph(text=write(notice)), *text.blocks)

    @cached_property
    def _shows(self) -> list[Show]:
        return screen_shows(self._segments, self._length_ms)


def _belongs(show: Show, material: PromptContext) -> bool:
    """Whether the chunk tells of it: a figure that is offered to its writer, code and addresses by
    their time."""
    if isinstance(show.what, Frame):
        return show.what.id in material.usable
    return material.chunk.start_ms <= show.at_ms < material.chunk.end_ms
