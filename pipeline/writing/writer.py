"""Writing the chapter: all groups of chunks in parallel, each checked and repaired, then put
together."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.document.article import Article, FidelityReport
from pipeline.document.outline import Earlier, Outline
from pipeline.engine.progress import Progress
from pipeline.i18n.transcript_edition import edition_words
from pipeline.llm.client import Client
from pipeline.models import Segments, Transcript, Video
from pipeline.settings.llm import LLMSettings
from pipeline.settings.write import WriteSettings
from pipeline.text.languages.codes import other_language
from pipeline.writing.assembly import Draft, assemble, report_of, without_repeats
from pipeline.writing.chapter_language import chapter_language, language_name
from pipeline.writing.checks.original_terms import OriginalTerms
from pipeline.writing.chunks import chunks_of
from pipeline.writing.draft_prompts import Style
from pipeline.writing.group import Group, call_groups, raise_failures, write_group
from pipeline.writing.outline.section_parts import section_parts
from pipeline.writing.prompt_context import prompt_context
from pipeline.writing.regeneration import Regeneration
from pipeline.writing.repairs.request import PROMPTS as REPAIRS
from pipeline.writing.replies.transcript_fallback import TranscriptFallback
from pipeline.writing.study_aids.writing import PROMPTS as AIDS
from pipeline.writing.study_aids.writing import with_study_aids
from pipeline.writing.transcript_edition.sections import lecture_sentences

PROMPTS = (
    "write_system",
    "write_chunk",
    "write_shared",
    "lecture_data",
    *REPAIRS,
    "joint",
    "reply_repair",
    *AIDS,
)


def write_chapter(
    client: Client,
    video: Video,
    segments: Segments,
    transcript: Transcript,
    outline: Outline,
    write: WriteSettings,
    llm: LLMSettings,
    frames: Path,
    progress: Progress,
    redos: Mapping[str, Regeneration] | None = None,
    edited: Mapping[int, str] | None = None,
    earlier: Earlier | None = None,
) -> tuple[Article, FidelityReport]:
    """The article of the LLM edition and how far each section keeps to the lecture.

    Replies that are on disk are not asked for again, so a run that was stopped goes on where it
    was. One chunk that fails does not stop the others: they are finished and kept first.

    Args:
        frames: the folder that the frames' paths are relative to.
        redos: by the id of the section.
        edited: sections (from 0) that a user edited, with their text: they are not written, and
            stand in the article as they are.
        earlier: the chapters before this one in its book.

    Raises:
        BudgetError: a limit would be passed; what was written is kept on disk.
        OutlineError: the outline does not cover the segments in order.
        LLMError: one or more chunks could not be written; the message names their sections.
    """
    parts = section_parts(outline, segments, transcript)
    chunks = chunks_of(
        parts, write.detail, write.chunk_words, transcript.language or video.language
    )
    language = outline.language or chapter_language(write, video)
    spoken = lecture_sentences(video, segments, transcript)
    style = Style(
        outline=outline,
        language=language_name(language),
        same_language=not other_language(language, video.language),
        instructions=write.instructions,
        repairs=write.repairs,
        frames=frames,
        llm=llm,
        language_tag=language,
        spoken_text=TranscriptFallback(
            video, segments, transcript, spoken, edition_words(language)
        ).blocks,
    )
    kept = dict(edited or {})
    told = earlier.chapters if earlier else ()
    materials = prompt_context(chunks, segments, transcript, outline, told, write.reconstruct)
    writer = _Writer(client, style, redos or {}, kept, progress, write.joints)
    drafts = asyncio.run(writer.write(call_groups(materials, write.shared_words)))
    originals = OriginalTerms(outline.glossary, video.language, language)
    drafts = [
        draft if draft.replaced else replace(draft, blocks=originals.once(draft.blocks))
        for draft in drafts
    ]
    article = assemble(outline, parts, drafts, kept, client.model, client.usage)
    report = report_of(article, parts, drafts)
    if article.edition == "llm":  # a model that can write no part is not asked for more
        article = with_study_aids(
            client, article, write, style.language, language, llm.context_tokens, progress, kept
        )
    for line in report_lines(report):
        progress.warn(line)
    return article, report


def report_lines(report: FidelityReport) -> list[str]:
    """One line for the parts the model could not write, and one for each section with problems."""
    replaced = [one for section in report.sections for one in section.replaced]
    lines = []
    if replaced:
        lines.append(
            f"the model could not write {len(replaced)} of the parts; the lecturer's own words "
            f"stand there ({'; '.join(replaced[:5])}); stage write tries them again"
        )
    for number, section in enumerate(report.sections, start=1):
        if section.problems:
            first = "; ".join(section.problems[:3])
            more = f"; {len(section.problems) - 3} more" if len(section.problems) > 3 else ""
            lines.append(f"section {number} ({section.title}): {first}{more}")
    return lines


class _Writer:
    """The parallel work of one chapter."""

    def __init__(
        self,
        client: Client,
        style: Style,
        redos: Mapping[str, Regeneration],
        edited: Collection[int],
        progress: Progress,
        joints: bool,
    ) -> None:
        self._client = client
        self._style = style
        self._redos = redos
        self._edited = edited
        self._progress = progress
        self._joints = joints
        self._done = 0

    async def write(self, groups: Sequence[Group]) -> list[Draft]:
        """The drafts of all chunks, in order, joints smoothed."""
        total = sum(map(len, groups))
        self._progress.update(0, total, "parts")
        async with self._client:
            results = await asyncio.gather(
                *(self._group(group, total) for group in groups), return_exceptions=True
            )
        raise_failures(results)
        drafts = [one for own in results if isinstance(own, list) for one in own]
        return without_repeats(drafts)

    async def _group(self, group: Group, total: int) -> list[Draft]:
        drafts = await write_group(
            self._client, group, self._style, self._redos, self._edited, self._joints
        )
        self._done += len(group)
        self._progress.update(self._done, total, "parts")
        return drafts
