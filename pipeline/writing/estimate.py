"""What the language model would cost, before it is asked."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pipeline.artifacts import OUTLINE, SEGMENTS, TRANSCRIPT, VIDEO
from pipeline.document.outline import Outline
from pipeline.engine.workspace import Workspace
from pipeline.errors import ArtifactError, LLMError
from pipeline.llm.chat import Tokens
from pipeline.llm.reply_store import read_all
from pipeline.llm.servers import server_of
from pipeline.llm.spending.prices import cost_of, longest_reply, price_of
from pipeline.llm.tokens import counter_for, picture_tokens
from pipeline.models import Edition, Model, Segments, Transcript, Video
from pipeline.settings.config import Config
from pipeline.text.languages.codes import other_language
from pipeline.writing.chapter_language import chapter_language, language_name
from pipeline.writing.chunks import Chunk, chunks_of
from pipeline.writing.draft_prompts import Style, prompts_of, shared_prompts_of
from pipeline.writing.earlier_chapters import earlier_chapters
from pipeline.writing.edition import wanted_edition
from pipeline.writing.group import call_groups, is_shared
from pipeline.writing.outline.planner_input import (
    parts_of,
    room_for_transcript,
    shown_segments,
)
from pipeline.writing.outline.section_parts import section_parts
from pipeline.writing.prompt_context import PromptContext, prompt_context
from pipeline.writing.screen_images import worth_showing
from pipeline.writing.transcript_edition.sections import plan_transcript

# What replies came to, measured: prose of the target length, its citations, its share of code.
_REPLY_TOKENS_PER_WORD = 1.9
_OUTLINE_TOKENS_PER_SECTION = 120
_OUTLINE_RULES = 1_100
# One group of chunks in three is sent back once: the faulty blocks, with the speech and screens
# around them (``bench_write --lecture``: 1,835 tokens a call), not the whole question again.
_SENT_BACK = 0.33
_REPAIR_TOKENS = (1_850, 250)
_JOINT_TOKENS = (420, 60)
_STUDY_AID_TOKENS = (400, 600)
# Before there is a transcript: people speak about this fast, and a word is about this many tokens.
_WORDS_PER_MINUTE = 160
_TOKENS_PER_WORD = 1.35
_CHUNK_RULES = 4_200
_PICTURE_TOKENS = 425


class RequestLike(Protocol):
    """What is needed of a request."""

    @property
    def replay(self) -> str | None:
        """A folder of recorded replies, or None."""


class Estimate(Model):
    """Calls, tokens and cost of a whole chapter; ``paid`` of its calls are on disk already.

    ``cost`` is None where the price of the model is not known, 0 where asking costs nothing.
    ``rough`` is true before the lecture was cut into segments. ``lost`` is what a call counts at
    least towards ``limit`` (``llm.max_cost``) if the server gives no account of it.
    """

    edition: Edition
    model: str | None = None
    calls: int = 0
    paid: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = 0.0
    rough: bool = False
    limit: float | None = None
    lost: float = 0.0

    @property
    def open_calls(self) -> bool:
        """Whether something is still to be asked, as far as is known."""
        return not self.calls or self.paid < self.calls

    def describe(self) -> str:
        """One line for a user."""
        if self.edition == "transcript":
            return "no language model: transcript edition, 0 calls, nothing to pay"
        if not self.calls:
            return f"{self.model}: calls and price are told when the lecture's length is known"
        about = "roughly" if self.rough else "about"
        cost = "price unknown (add the model to llm.prices)"
        if self.cost is not None:
            cost = f"{about} {self.cost:.2f} to pay" if self.cost else "nothing to pay"
        paid = f" ({self.paid} of them answered already)" if self.paid else ""
        lost = ""
        if self.limit is not None and self.lost:
            lost = (
                f"; towards llm.max_cost {self.limit:g} a call without an account (reply lost, no "
                f"usage) counts {self.lost:.2f} or more, the price of the longest reply"
            )
        return (
            f"{self.model}: {self.calls} calls{paid}, {about} {self.input_tokens:,} tokens in and "
            f"{self.output_tokens:,} out, {cost}{lost}"
        )


@dataclass(frozen=True)
class _Load:
    """Calls, and tokens sent and received in all of them."""

    calls: int
    sent: int
    received: int

    def __add__(self, other: _Load) -> _Load:
        return _Load(
            self.calls + other.calls, self.sent + other.sent, self.received + other.received
        )


def estimate(
    workspace: Workspace, config: Config, request: RequestLike, *, before_paying: bool = False
) -> Estimate:
    """Calls, tokens and cost of the whole chapter, from what is known of the lecture so far.

    From its segments (and its outline) where they exist, else from its length; all zero when even
    that is unknown, for the transcript edition, and for a replay.

    Args:
        before_paying: a model that is named counts although nothing reaches it yet (no key).
    """
    if request.replay:
        return Estimate(edition="llm", model="recorded replies")
    edition = wanted_edition(config.write, config.llm, os.environ)
    named = before_paying and config.llm.model and config.write.edition == "auto"
    if edition == "transcript" and not named:
        return Estimate(edition="transcript")
    model = config.llm.model or ""
    try:
        video = workspace.read(VIDEO)
    except ArtifactError:
        return Estimate(edition="llm", model=model, rough=True)
    try:
        segments = workspace.read(SEGMENTS)
        load = _exact(workspace, config, video, segments, workspace.read(TRANSCRIPT))
        rough = False
    except ArtifactError:
        load = _rough((video.end_ms - video.start_ms) / 60_000, config)
        rough = True
    price = price_of(model, config.llm.prices)
    folders = [workspace.root / stage / "replies" for stage in ("outline", "write")]
    return Estimate(
        edition="llm",
        model=model,
        calls=load.calls,
        paid=min(load.calls, sum(len(read_all(folder)) for folder in folders)),
        input_tokens=load.sent,
        output_tokens=load.received,
        cost=_cost(load, config, model),
        rough=rough,
        limit=config.llm.max_cost,
        lost=round(cost_of(Tokens(received=longest_reply(config.llm, price)), price), 4),
    )


def _exact(
    workspace: Workspace,
    config: Config,
    video: Video,
    segments: Segments,
    transcript: Transcript,
) -> _Load:
    """From the very prompts that would be sent."""
    count = counter_for(config.llm.model or "")
    load = _outline_load(config, segments, count)
    outline = _outline(workspace, config, video, segments, transcript)
    parts = section_parts(outline, segments, transcript)
    chunks = chunks_of(
        parts,
        config.write.detail,
        config.write.chunk_words,
        transcript.language or video.language,
    )
    language = outline.language or chapter_language(config.write, video)
    style = Style(
        outline=outline,
        language=language_name(language),
        same_language=not other_language(language, video.language),
        instructions=config.write.instructions,
        repairs=config.write.repairs,
        frames=Path(),
        llm=config.llm,
    )
    earlier = earlier_chapters(workspace, config.write.follow_book)
    materials = prompt_context(
        chunks, segments, transcript, outline, earlier.chapters, config.write.reconstruct
    )
    groups = call_groups(materials, config.write.shared_words)
    drafts = _Load(0, 0, 0)
    pictures = 0
    for group in groups:
        asked = [shared_prompts_of(group, style)] if is_shared(group) else []
        asked = asked or [prompts_of(material, style) for material in group]
        sent = sum(count(text) for prompts in asked for text in prompts)
        most = -(-config.llm.max_pictures * len(asked) // len(group))
        pictures += sum(_pictures(material, config, most) for material in group)
        drafts += _Load(len(asked), sent, sum(_reply(material.chunk) for material in group))
    shown = _Load(0, pictures, 0)
    extra = _joints(chunks, config) + _study_aids(drafts, config)
    return load + drafts + shown + _repairs(len(groups), config) + extra


def _outline(
    workspace: Workspace,
    config: Config,
    video: Video,
    segments: Segments,
    transcript: Transcript,
) -> Outline:
    try:
        return workspace.read(OUTLINE)
    except ArtifactError:
        return plan_transcript(video, segments, transcript, config.outline)


def _outline_load(config: Config, segments: Segments, count: Callable[[str], int]) -> _Load:
    parts = parts_of(segments, room_for_transcript(config.llm.context_tokens))
    sent = sum(
        count(text)
        for segment in shown_segments(segments.segments, segments.frames)
        for text in [segment.text, *(screen.text for screen in segment.screens)]
    )
    sections = 1 + sum(part.minutes for part in parts) / 4
    extra = len(parts) > 1
    received = round(_OUTLINE_TOKENS_PER_SECTION * sections)
    return _Load(len(parts) + extra, sent + _OUTLINE_RULES * len(parts), received)


def _pictures(material: PromptContext, config: Config, most: int) -> int:
    if not config.llm.vision:
        return 0
    total = 0
    for screen in worth_showing(material.screens, most):
        width = min(screen.frame.width, config.llm.picture_width) or 1
        height = round(screen.frame.height * width / max(1, screen.frame.width))
        total += picture_tokens(width, height)
    return total


def _reply(chunk: Chunk) -> int:
    return round(chunk.target_words * _REPLY_TOKENS_PER_WORD)


def _repairs(groups: int, config: Config) -> _Load:
    """What is sent back, in one call for a group."""
    calls = round(_SENT_BACK * groups) if config.write.repairs else 0
    return _Load(calls, calls * _REPAIR_TOKENS[0], calls * _REPAIR_TOKENS[1])


def _joints(chunks: Sequence[Chunk], config: Config) -> _Load:
    joints = sum(chunk.part > 0 for chunk in chunks) if config.write.joints else 0
    return _Load(joints, joints * _JOINT_TOKENS[0], joints * _JOINT_TOKENS[1])


def _study_aids(drafts: _Load, config: Config) -> _Load:
    """Each reads the whole chapter once."""
    calls = config.write.summary + config.write.questions
    rules, reply = _STUDY_AID_TOKENS
    return _Load(calls, calls * (drafts.received + rules), calls * reply)


def _rough(minutes: float, config: Config) -> _Load:
    """From the length alone."""
    words = minutes * _WORDS_PER_MINUTE
    calls = max(1, round(words / config.write.chunk_words))
    pictures = config.llm.max_pictures * _PICTURE_TOKENS if config.llm.vision else 0
    sent = words * _TOKENS_PER_WORD * 2.4 + calls * (_CHUNK_RULES + pictures)
    received = words * config.write.detail * _REPLY_TOKENS_PER_WORD
    drafts = _Load(calls + 1, round(sent), round(received))
    return drafts + _repairs(calls, config)


def _cost(load: _Load, config: Config, model: str) -> float | None:
    price = price_of(model, config.llm.prices)
    if price is not None:
        return round(cost_of(Tokens(load.sent, 0, load.received), price), 4)
    try:
        is_local = server_of(config.llm, {**os.environ, "OPENAI_API_KEY": "any"}).is_local
    except LLMError:
        return None
    return 0.0 if is_local else None
