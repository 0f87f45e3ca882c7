"""What a planner is shown of the lecture, and in how many parts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.llm.tokens import estimate_tokens
from pipeline.models import Frame, Segment, Segments, Video
from pipeline.timecode import clock
from pipeline.writing.screen_text import ScreenTexts
from pipeline.writing.spoken_screens import spoken_screens

_SECTIONS_PER_MINUTE = (0.17, 0.32)
_LONGEST_SCREEN = 250
_MS_PER_MINUTE = 60_000
# Of the context window, what the transcript may take: the reply and the rules need the rest.
_TRANSCRIPT_SHARE = 0.6
# Chapter marks are set by hand, segments are cut between words.
_NEAR_MS = 3_000
# A time, an id, their brackets, the tags of a screen.
_TOKENS_PER_ITEM = 16


@dataclass(frozen=True)
class ShownScreen:
    """A screen that comes up during a segment."""

    kind: str
    text: str


@dataclass(frozen=True)
class ShownSegment:
    """A segment with the screens that come up in it; ``starts`` is its clock time, ``1:02:03``."""

    id: str
    starts: str
    text: str
    screens: tuple[ShownScreen, ...]

    @property
    def tokens(self) -> int:
        """About how many tokens it takes."""
        texts = [self.text, *(screen.text for screen in self.screens)]
        return sum(estimate_tokens(text) + _TOKENS_PER_ITEM for text in texts)


@dataclass(frozen=True)
class PlannerPart:
    """A run of segments that one call plans; ``number`` from 1, of ``count``."""

    number: int
    count: int
    segments: tuple[Segment, ...]

    @property
    def label(self) -> str:
        """What its call is called."""
        return "outline" if self.count == 1 else f"outline, part {self.number}"

    @property
    def minutes(self) -> float:
        """How long it lasts."""
        return (self.segments[-1].end_ms - self.segments[0].start_ms) / _MS_PER_MINUTE

    def segments_in(self, minutes: float) -> int:
        """About how many segments that long a section has, at least one."""
        return max(1, round(minutes * len(self.segments) / max(self.minutes, minutes)))


def room_for_transcript(context_tokens: int) -> int:
    """Tokens of transcript and screens that one call may hold."""
    return int(context_tokens * _TRANSCRIPT_SHARE)


def parts_of(segments: Segments, room: int) -> list[PlannerPart]:
    """As few runs of segments as fit ``room`` tokens each, of about equal size."""
    sizes = [shown.tokens for shown in shown_segments(segments.segments, segments.frames)]
    count = max(1, math.ceil(sum(sizes) / room))
    share = sum(sizes) / count
    runs: list[list[Segment]] = [[]]
    filled = 0
    for segment, size in zip(segments.segments, sizes, strict=True):
        if filled >= share * len(runs) and len(runs) < count:
            runs.append([])
        runs[-1].append(segment)
        filled += size
    return [PlannerPart(number, len(runs), tuple(run)) for number, run in enumerate(runs, start=1)]


def shown_segments(
    segments: Sequence[Segment], frames: Sequence[Frame]
) -> tuple[ShownSegment, ...]:
    """The segments with the screens that come up in them.

    A screen that returns is not repeated, nor is one of nothing but what is said.
    """
    texts = ScreenTexts(frames)
    spoken = spoken_screens(frames, segments)
    shown: dict[str, list[ShownScreen]] = {segment.id: [] for segment in segments}
    for frame in frames:
        at = max(
            range(len(segments)),
            key=lambda n: frame.overlap_ms(segments[n].start_ms, segments[n].end_ms),
        )
        home = segments[at]
        is_shown = frame.overlap_ms(home.start_ms, home.end_ms) > 0
        if frame.text.strip() and not frame.same_as and is_shown and frame.id not in spoken:
            # A screen is often spoken of shortly before it comes up, or after.
            said = " ".join(one.text for one in segments[max(0, at - 1) : at + 2])
            text = texts.shown(frame, _LONGEST_SCREEN, said, flat=True)
            shown[home.id].append(ShownScreen(frame.kind, text))
    return tuple(
        ShownSegment(segment.id, clock(segment.start_ms), segment.text, tuple(shown[segment.id]))
        for segment in segments
    )


def chapter_marks(video: Video, segments: Sequence[Segment]) -> list[dict[str, str]]:
    """The video's chapters that begin in these segments, each with the segment it begins in."""
    marks = []
    for chapter in video.chapters:
        near = min(segments, key=lambda one: abs(one.start_ms - chapter.start_ms))
        within = [one for one in segments if one.start_ms <= chapter.start_ms < one.end_ms]
        close = abs(near.start_ms - chapter.start_ms) <= _NEAR_MS
        if close or within:
            marks.append({"title": chapter.title, "segment": (near if close else within[0]).id})
    return marks


def section_count(part: PlannerPart) -> tuple[int, int]:
    """How many sections to ask for: .17 to .32 a minute, and two from two minutes on."""
    low, high = (round(part.minutes * rate) for rate in _SECTIONS_PER_MINUTE)
    low = max(2 if part.minutes >= 2 else 1, low)
    segments = len(part.segments)
    return min(low, segments), min(max(low, high), segments)
