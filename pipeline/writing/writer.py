"""Writing the chapter: all chunks in parallel, each checked and mended, then put together."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from pipeline.document.article import Article
from pipeline.engine.progress import Progress
from pipeline.errors import BudgetError, LLMError
from pipeline.i18n.transcript_edition import edition_words
from pipeline.llm.client import Client
from pipeline.llm.transport import CutReplyError, RefusedError, UnrecordedError
from pipeline.models import Earlier, FidelityReport, Outline, Segments, Transcript, Video
from pipeline.settings.llm import LLMSettings
from pipeline.settings.write import WriteSettings
from pipeline.writing.assembly import Draft, assemble, report_of, without_repeats
from pipeline.writing.chapter_language import chapter_language, language_name, same_language
from pipeline.writing.chunks import chunks_of
from pipeline.writing.draft import Style, prepare, write_chunk
from pipeline.writing.outline.section_parts import section_parts
from pipeline.writing.prompt_context import PromptContext, prompt_context
from pipeline.writing.regeneration import Regeneration
from pipeline.writing.seams import Change, changed, joint_changes
from pipeline.writing.transcript_edition.sections import lecture_sentences
from pipeline.writing.transcript_fallback import spoken_text

PROMPTS = ("write_system", "write_chunk", "mend", "joint", "reply_mend")


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
        edited: sections (from 0) that a person edited, with their text: they are not written, and
            stand in the article as they are.
        earlier: the chapters before this one in its book.

    Raises:
        BudgetError: a limit would be passed; what was written is kept on disk.
        OutlineError: the outline does not cover the segments in order.
        LLMError: one or more chunks could not be written; the message names their sections.
    """
    parts = section_parts(outline, segments, transcript)
    chunks = chunks_of(parts, write.detail, write.chunk_words)
    language = outline.language or chapter_language(write, video)
    spoken = lecture_sentences(video, segments, transcript)
    style = Style(
        outline=outline,
        language=language_name(language),
        same_language=same_language(language, video.language),
        instructions=write.instructions,
        repairs=write.repairs,
        frames=frames,
        llm=llm,
        language_tag=language,
        spoken_text=lambda material: spoken_text(
            material, segments, spoken, edition_words(language).own_words
        ),
    )
    kept = dict(edited or {})
    told = earlier.chapters if earlier else ()
    gathered = prompt_context(chunks, segments, transcript, outline, told)
    materials = [one for one in gathered if one.chunk.section not in kept]
    writer = _Writer(client, style, redos or {}, progress, write.joints)
    drafts = asyncio.run(writer.write(materials))
    article = assemble(outline, parts, drafts, kept, client.model, client.usage)
    report = report_of(article, parts, drafts)
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
            f"stand there ({'; '.join(replaced[:5])}); stage write --force tries them again"
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
        progress: Progress,
        joints: bool,
    ) -> None:
        self._client = client
        self._style = style
        self._redos = redos
        self._progress = progress
        self._joints = joints
        self._done = 0

    async def write(self, materials: Sequence[PromptContext]) -> list[Draft]:
        """The drafts of all chunks, in order, joints smoothed."""
        self._progress.update(0, len(materials), "parts")
        async with self._client:
            tasks = [
                asyncio.create_task(self._chunk(material, len(materials))) for material in materials
            ]
            # A joint is asked for as soon as its two sides stand, not when all chunks do.
            places = self._inner_joints(materials)
            joints = [
                asyncio.create_task(self._joint(materials[n].label, tasks[n], tasks[n + 1]))
                for n in places
            ]
            results = await asyncio.gather(*tasks, return_exceptions=True)
            changes = await asyncio.gather(*joints, return_exceptions=True)
        _raise_failures([*results, *changes])
        groups = [list(result) for result in results if isinstance(result, list)]
        for n, pair in zip(places, changes, strict=True):
            spoken_there = groups[n][-1].replaced or groups[n + 1][0].replaced
            if isinstance(pair, tuple) and not spoken_there:
                groups[n][-1] = _touched(groups[n][-1], pair[0], at_end=True)
                groups[n + 1][0] = _touched(groups[n + 1][0], pair[1], at_end=False)
        return without_repeats([draft for group in groups for draft in group])

    async def _chunk(self, material: PromptContext, total: int) -> list[Draft]:
        redo = self._redos.get(material.section.id, Regeneration())
        material = replace(material, wishes=redo.instructions)
        # Made ready beside the calls under way: reading and scaling pictures takes a while.
        ask = await asyncio.to_thread(prepare, self._client, material, self._style)
        try:
            drafts = await write_chunk(
                self._client, material, self._style, replace(ask, take=redo.take)
            )
        except (RefusedError, CutReplyError, UnrecordedError):
            raise  # this chunk's own trouble: the others go on
        except LLMError as error:
            # The server's trouble: chunks under way are finished, no other is begun.
            self._client.stop(error)
            raise
        self._done += 1
        self._progress.update(self._done, total, "parts")
        return drafts

    def _inner_joints(self, materials: Sequence[PromptContext]) -> list[int]:
        """The chunks that the same section's next chunk follows."""
        if not self._joints:
            return []
        return [
            n
            for n, (one, other) in enumerate(pairwise(materials))
            if one.chunk.section == other.chunk.section
        ]

    async def _joint(
        self, label: str, first: asyncio.Task[list[Draft]], second: asyncio.Task[list[Draft]]
    ) -> tuple[Change, Change] | None:
        await asyncio.wait([first, second])
        if first.exception() or second.exception():
            return None
        sides = first.result()[-1], second.result()[0]
        segments = [one.id for side in sides for one in side.material.chunk.segments]
        before, after = (side.blocks for side in sides)
        return await joint_changes(self._client, f"{label}, joint", before, after, segments)


def _touched(draft: Draft, change: Change, at_end: bool) -> Draft:
    return replace(draft, blocks=changed(draft.blocks, change, at_end))


def _raise_failures(results: Sequence[object]) -> None:
    """Raise what went wrong, if anything did: a limit first, then the first chunk's trouble."""
    failures = [result for result in results if isinstance(result, BaseException)]
    for failure in failures:
        if not isinstance(failure, LLMError):
            raise failure
    for failure in failures:
        if isinstance(failure, BudgetError):
            raise failure
    troubles = {str(failure): failure for failure in failures if isinstance(failure, LLMError)}
    if len(troubles) == 1:
        raise next(iter(troubles.values()))
    if troubles:
        first, *others = troubles.values()
        more = "; ".join(failure.message for failure in others[:4])
        kind = type(first)
        raise kind(f"{first.message}; and: {more}", first.hint) from first
