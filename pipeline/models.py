"""The lecture as data (video, transcript, screens, segments): frozen, typed, written as JSON.

Times are integer milliseconds from the start of the source video. Sequences are tuples in the order
of the lecture. Field names and meanings are the formats' contract; see docs/reference/files.md.
"""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipeline.timecode import shared_out

Edition = Literal["llm", "transcript"]
CaptionKind = Literal["human", "auto"]
FrameKind = Literal["slide", "code", "diagram", "talking head", "other"]


class Model(BaseModel):
    """Base of all data: immutable, and strict about names so that a damaged file is noticed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ChapterMark(Model):
    """A chapter mark of the video, from its start to the next one's."""

    start_ms: int = Field(ge=0)
    title: str


class CaptionTrack(Model):
    """A caption file that came with the video.

    ``path`` is relative to the download folder, or absolute for a file left where it was.
    """

    path: str
    language: str | None
    kind: CaptionKind


class Video(Model):
    """``download/video.json``: the source, and the part of it to convert.

    ``url`` is the page to link to, None for a local file; ``path`` is relative to the download
    folder, or absolute for a local file left where it was. ``width``, ``height`` and ``fps`` are 0
    when there is no picture (an audio file).
    """

    video_id: str
    title: str
    url: str | None
    path: str
    duration_ms: int = Field(ge=0)
    width: int = Field(ge=0)
    height: int = Field(ge=0)
    fps: float = Field(ge=0)
    has_audio: bool
    uploader: str | None = None
    upload_date: str | None = None  # YYYY-MM-DD
    language: str | None = None
    description: str = ""
    chapters: tuple[ChapterMark, ...] = ()
    captions: tuple[CaptionTrack, ...] = ()
    sha256: str
    start_ms: int = Field(ge=0)
    end_ms: int = Field(ge=0)


class Word(Model):
    """One spoken word; ``probability`` is the recogniser's, None when it gave none."""

    start_ms: int = Field(ge=0)
    end_ms: int = Field(ge=0)
    text: str
    probability: float | None = None


class Cue(Model):
    """A few seconds of speech. ``heard`` keeps the recogniser's words where they were corrected.

    ``approximate`` is true when the word times are shared out in proportion, not measured. A cue
    that is made without words gets those of its text so. ``new_speaker`` is true where captions
    mark that another person begins to speak.
    """

    start_ms: int = Field(ge=0)
    end_ms: int = Field(ge=0)
    text: str
    words: tuple[Word, ...] = ()
    heard: str | None = None
    approximate: bool = False
    new_speaker: bool = False

    @model_validator(mode="after")
    def _has_words(self) -> Cue:
        texts = self.text.split()
        if texts and not self.words:
            places = shared_out([len(text) + 1 for text in texts], self.start_ms, self.end_ms)
            words = (
                Word(start_ms=start, end_ms=end, text=text)
                for text, (start, end) in zip(texts, places, strict=True)
            )
            # Frozen for everybody else; not yet seen by anybody.
            object.__setattr__(self, "words", tuple(words))
            object.__setattr__(self, "approximate", True)
        return self


class Transcript(Model):
    """``transcribe/transcript.json``: cues in order of time, none overlapping the next."""

    language: str | None
    engine: str
    model: str | None
    cues: tuple[Cue, ...]

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """The words of all cues in order; ``Segment.first_word`` and ``last_word`` count these."""
        return tuple(word for cue in self.cues for word in cue.words)


class Box(Model):
    """A rectangle in pixels of the source picture, from its top left corner."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The column behind its last one."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The row below its last one."""
        return self.y + self.height

    def part_of(self, width: int, height: int) -> tuple[int, int, int, int] | None:
        """Left, top, right and bottom of it in a picture of this size, which it may leave; None
        where it is all of the picture, or outside of it."""
        left, top = max(0, self.x), max(0, self.y)
        right, bottom = min(self.right, width), min(self.bottom, height)
        is_part = left < right and top < bottom and (right - left, bottom - top) != (width, height)
        return (left, top, right, bottom) if is_part else None

    def overlaps(self, other: Box) -> bool:
        """Whether the two share a pixel."""
        across = self.x < other.right and other.x < self.right
        return across and self.y < other.bottom and other.y < self.bottom

    def contains(self, other: Box) -> bool:
        """Whether all of ``other`` is inside."""
        across = self.x <= other.x and other.right <= self.right
        return across and self.y <= other.y and other.bottom <= self.bottom


class ScreenLine(Model):
    """One line of text on the screen as OCR read it: its box, and its confidence from 0 to 1."""

    text: str
    box: Box
    confidence: float


class ScreenText(Model):
    """The text of one picture, laid out in reading order, and the lines it was laid out from.

    ``text`` has newlines between lines and leading spaces for indentation; ``lines`` run from top
    to bottom. Both are empty where there is no text.
    """

    text: str = ""
    lines: tuple[ScreenLine, ...] = ()


class Frame(Model):
    """One state of the screen. All paths are relative to the lecture's folder.

    ``text`` and ``lines`` are what OCR read (see ``ScreenText``). ``same_as`` is the id of the
    earliest frame that shows the same screen, or None. ``thumbnail`` is a small version of the
    picture; ``crop`` the part of it that is worth showing, without the window's bars and empty
    margins; ``inset`` the box of a webcam picture, all None when there is none.
    """

    id: str
    at_ms: int = Field(ge=0)
    start_ms: int = Field(ge=0)
    end_ms: int = Field(ge=0)
    path: str
    width: int
    height: int
    text: str = ""
    lines: tuple[ScreenLine, ...] = ()
    same_as: str | None = None
    kind: FrameKind = "other"
    thumbnail: str | None = None
    crop: Box | None = None
    inset: Box | None = None

    def overlap_ms(self, start_ms: int, end_ms: int) -> int:
        """How long it is on screen from ``start_ms`` to ``end_ms``; below zero when it is not."""
        return min(self.end_ms, end_ms) - max(self.start_ms, start_ms)


class Screens(Model):
    """``screens/screens.json``: the states of the screen in order; none for a sound recording.

    ``scripts`` are those that the OCR which read them knows (ISO 15924).
    """

    frames: tuple[Frame, ...]
    scripts: tuple[str, ...] = ("Latn", "Hani", "Jpan")


class Segment(Model):
    """15 to 60 seconds of the lecture: whole sentences, and the frames on screen during them.

    ``first_word`` and ``last_word`` count the words of the transcript from 0, both inclusive; in a
    segment without words, ``last_word`` is ``first_word - 1``.
    """

    id: str
    start_ms: int = Field(ge=0)
    end_ms: int = Field(ge=0)
    text: str
    first_word: int = Field(ge=0)
    last_word: int = Field(ge=-1)
    frames: tuple[str, ...] = ()


class Segments(Model):
    """``segment/segments.json``."""

    segments: tuple[Segment, ...]
    frames: tuple[Frame, ...]


class Usage(Model):
    """What the language model was asked; ``cost`` in the currency of the price table."""

    calls: int = 0
    cached_calls: int = 0
    input_tokens: int = 0
    cached_input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0
