"""Planning the chapter: one call for the whole transcript, or one for each part of a long one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from pipeline.document.outline import Link, Outline, OutlineSection
from pipeline.document.passage_alignment import SpokenKeys
from pipeline.engine.progress import Progress
from pipeline.llm.chat import ModelRequest, system, user
from pipeline.llm.client import Client, all_finished
from pipeline.llm.prompts import render
from pipeline.llm.structured import UnusableReplyError, again, ask_json
from pipeline.llm.transport import CutReplyError, UnrecordedError
from pipeline.models import Segments, Transcript, Video
from pipeline.settings.outline import OutlineSettings
from pipeline.settings.write import WriteSettings
from pipeline.text.languages.codes import other_language
from pipeline.writing.chapter_language import chapter_language, language_name
from pipeline.writing.outline.checks import (
    known_links,
    known_terms,
    repaired_sections,
    section_problems,
)
from pipeline.writing.outline.planner_input import (
    PlannerPart,
    chapter_marks,
    parts_of,
    room_for_transcript,
    section_count,
    shown_segments,
)
from pipeline.writing.outline.reply import (
    ExplainedPlan,
    Plan,
    PlannedSection,
    TranslatedPlan,
    WholePlan,
    retitled,
    sections_of,
    terms_of,
)
from pipeline.writing.outline.section_starts import (
    nearest_sentence,
    quoted_start,
    starts_in,
)
from pipeline.writing.transcript_edition.addresses import with_shown_addresses
from pipeline.writing.transcript_edition.sections import (
    lecture_sentences,
    plan_transcript,
    sections_from,
)

PROMPTS = ("outline_system", "outline", "outline_whole", "reply_repair")
_TOKENS_PER_SECTION = 220
_SECTION_MINUTES = (2.0, 6.0)


def plan_chapter(
    client: Client,
    video: Video,
    segments: Segments,
    transcript: Transcript,
    write: WriteSettings,
    outline: OutlineSettings,
    context_tokens: int,
    progress: Progress,
) -> Outline:
    """The outline of the LLM edition: every segment in exactly one section, in order.

    A reply that does not cover the segments is sent back once with its errors named. If it is still
    wrong, its beginnings of sections are kept and the ends moved; if too little is usable, the
    sections of the transcript edition take their place, and ``progress`` is told so. Addresses that
    do not stand in the input are dropped, as are misheard forms that were never heard.

    Raises:
        LLMError: the server cannot be asked.
    """
    if not segments.segments:
        plain = plan_transcript(video, segments, transcript, outline)
        return plain.model_copy(update={"edition": "llm", "model": client.model})

    async def plan() -> Outline:
        async with client:
            return await _Planner(
                client, video, segments, transcript, write, outline, progress
            ).plan(context_tokens)

    return asyncio.run(plan())


class _Planner:
    def __init__(
        self,
        client: Client,
        video: Video,
        segments: Segments,
        transcript: Transcript,
        write: WriteSettings,
        settings: OutlineSettings,
        progress: Progress,
    ) -> None:
        self._client = client
        self._video = video
        self._segments = segments
        self._transcript = transcript
        self._settings = settings
        self._progress = progress
        self._language = chapter_language(write, video)
        translated = other_language(self._language, video.language)
        # A schema asks for every field that it has: only for those that the rules explain.
        self._reply: type[Plan] = TranslatedPlan if translated else ExplainedPlan
        self._rules = render(
            "outline_system", language=language_name(self._language), translated=translated
        )

    async def plan(self, context_tokens: int) -> Outline:
        parts = parts_of(self._segments, room_for_transcript(context_tokens))
        plans = await all_finished(self._part(part) for part in parts)
        if len(plans) == 1 and plans[0] is not None:
            return self._outline(plans[0])
        usable = [plan for plan in plans if plan is not None]
        if len(usable) < len(plans):
            return self._fallback()
        return self._outline(await self._whole(usable))

    async def _part(self, part: PlannerPart) -> Plan | None:
        """The plan of one part, or None when no reply was usable."""
        ask = self._ask(part)
        try:
            plan = await ask_json(self._client, ask, self._reply)
            problems = section_problems(sections_of(plan), part.segments)
            if problems:
                better = await self._again(ask, plan, problems)
                if better and not section_problems(sections_of(better), part.segments):
                    return better
                plan = better or plan
                return self._moved(plan, part)
        except (UnusableReplyError, CutReplyError) as error:
            self._progress.warn(f"{error.message}; planned without the model")
            return None
        return plan

    async def _again(self, ask: ModelRequest, plan: Plan, problems: list[str]) -> Plan | None:
        retry = again(ask, plan.model_dump_json(indent=2), problems, f"{ask.label}, repair")
        try:
            return await ask_json(self._client, retry, self._reply, attempts=1)
        except (UnusableReplyError, UnrecordedError):
            return None

    def _moved(self, plan: Plan, part: PlannerPart) -> Plan | None:
        sections = repaired_sections(sections_of(plan), part.segments)
        if not sections:
            self._progress.warn(f"{part.label}: the model's sections do not fit the lecture")
            return None
        self._progress.note(f"{part.label}: ends of sections were moved to cover the lecture")
        opening = {one.first_segment.strip(): one.begins_with for one in plan.sections}
        planned = [
            PlannedSection(
                **section.model_dump(exclude={"id", "starts_at_ms"}),
                begins_with=opening.get(section.first_segment, ""),
            )
            for section in sections
        ]
        return plan.model_copy(update={"sections": tuple(planned)})

    async def _whole(self, plans: Sequence[Plan]) -> Plan:
        """The second level: one title, one summary, titles that differ."""
        sections = [section for plan in plans for section in plan.sections]
        request = render(
            "outline_whole",
            video=self._video,
            parts=len(plans),
            sections=sections,
            language=language_name(self._language),
        )
        ask = ModelRequest(
            "outline, whole", (system(self._rules), user(request)), 500 + 30 * len(sections)
        )
        try:
            whole = await ask_json(self._client, ask, WholePlan)
        except (UnusableReplyError, CutReplyError) as error:
            self._progress.warn(f"{error.message}; the parts' own titles are kept")
            whole = WholePlan(title=plans[0].title, summary=plans[0].summary)
        if len(whole.titles) == len(sections):
            sections = [
                section.model_copy(update={"title": title})
                for section, title in zip(sections, whole.titles, strict=True)
            ]
        return Plan(
            title=whole.title,
            summary=whole.summary,
            sections=tuple(sections),
            glossary=tuple(term for plan in plans for term in plan.glossary),
            links=tuple(link for plan in plans for link in plan.links),
        )

    def _ask(self, part: PlannerPart) -> ModelRequest:
        low, high = section_count(part)
        shown = shown_segments(part.segments, self._segments.frames)
        request = render(
            "outline",
            part=part.number if part.count > 1 else 0,
            parts=part.count,
            video=self._video,
            chapters=chapter_marks(self._video, part.segments),
            segments=shown,
            minutes=max(1, round(part.minutes)),
            shortest=part.segments_in(_SECTION_MINUTES[0]),
            longest=part.segments_in(_SECTION_MINUTES[1]),
            low=low,
            high=high,
        )
        room = 1_500 + _TOKENS_PER_SECTION * high
        return ModelRequest(part.label, (system(self._rules), user(request)), room)

    def _outline(self, plan: Plan) -> Outline:
        sections = retitled(self._placed(plan))
        video = self._video
        screens = [frame.text for frame in self._segments.frames]
        speech = " ".join(segment.text for segment in self._segments.segments)
        written = [video.title, video.description, *(c.title for c in video.chapters), *screens]
        return Outline(
            title=plan.title.strip() or video.title,
            summary=plan.summary.strip(),
            language=self._language,
            edition="llm",
            model=self._client.model,
            glossary=known_terms(
                terms_of(plan),
                speech,
                written,
            ),
            links=with_shown_addresses(
                known_links(
                    [Link(title=link.title, url=link.url) for link in plan.links],
                    [*written, speech],
                ),
                self._segments.frames,
            ),
            sections=sections,
        )

    def _placed(self, plan: Plan) -> list[OutlineSection]:
        """The planned sections from the sentences that their first words begin.

        Where these are not found, a section begins at the sentence nearest to its first segment.
        """
        pieces = self._segments.segments
        place = {piece.id: index for index, piece in enumerate(pieces)}
        sections = sections_of(plan)
        spoken = lecture_sentences(self._video, self._segments, self._transcript)
        said = SpokenKeys(self._transcript)
        starts = []
        for planned, section in zip(plan.sections, sections, strict=True):
            at = place[section.first_segment]
            first = pieces[max(0, at - 1)].first_word
            last = pieces[min(at + 1, len(pieces) - 1)].last_word
            start_ms = quoted_start(planned.begins_with, first, last, said, spoken)
            starts.append(
                nearest_sentence(pieces[at].start_ms, spoken) if start_ms is None else start_ms
            )
        kept = [
            (start, section)
            for start, section in zip(starts_in(pieces, starts), sections, strict=True)
            if start
        ]
        found = sections_from(
            [start for start, _ in kept], [section.title for _, section in kept], pieces
        )
        return [
            section.model_copy(
                update={
                    "first_segment": one.first_segment,
                    "last_segment": one.last_segment,
                    "starts_at_ms": one.starts_at_ms,
                }
            )
            for one, (_, section) in zip(found, kept, strict=True)
        ]

    def _fallback(self) -> Outline:
        plain = plan_transcript(self._video, self._segments, self._transcript, self._settings)
        return plain.model_copy(
            update={"edition": "llm", "model": self._client.model, "language": self._language}
        )
