"""A made-up lecture for tests of the writer: segments, frames and an outline, nothing real."""

from __future__ import annotations

import random
from pathlib import Path

from PIL import Image, ImageDraw

from pipeline.document.outline import Outline, OutlineSection
from pipeline.models import Cue, Frame, Segment, Segments, Transcript, Video

_SEGMENT_MS = 30_000
_NOUNS = (
    "tokenizer vocabulary merge sequence pair byte string decoder encoder regex pattern context "
    "training dataset compression ratio alphabet letter symbol dictionary integer counter loop "
    "function library example notebook character unicode chunk boundary frequency"
)
_VERBS = "counts replaces splits builds stores prints measures copies joins reads keeps finds"
_LINKS = "so and because while then whenever although until"


def speech(number: int, length: int = 75) -> str:
    """About ``length`` words that no other segment says, in the first person."""
    random_words = random.Random(number)
    nouns, verbs, links = _NOUNS.split(), _VERBS.split(), _LINKS.split()
    said: list[str] = []
    while len(said) < length:
        person = random_words.choice(["I", "we", "you"])
        verb, first, second = (
            random_words.choice(verbs),
            random_words.choice(nouns),
            random_words.choice(nouns),
        )
        link = random_words.choice(links)
        said += [person, verb, first, link, second, "topic" + _letters(number) + "."]
    return " ".join(said)


def _letters(number: int) -> str:
    """A made-up word for each segment: ``topicbad`` is found nowhere else."""
    return "".join("abcdefghij"[int(digit)] for digit in f"{number:03d}")


def video(count: int) -> Video:
    """A local video of ``count`` segments."""
    length = count * _SEGMENT_MS
    return Video(
        video_id="made-up",
        title="Made up",
        url=None,
        path="made-up.mp4",
        duration_ms=length,
        width=640,
        height=360,
        fps=25,
        has_audio=True,
        language="en",
        sha256="0" * 64,
        start_ms=0,
        end_ms=length,
    )


def transcript(count: int, length: int = 75) -> Transcript:
    """What is said in ``segments(count, length=length)``."""
    cues = tuple(
        Cue(
            start_ms=number * _SEGMENT_MS,
            end_ms=(number + 1) * _SEGMENT_MS,
            text=speech(number, length),
        )
        for number in range(count)
    )
    return Transcript(language="en", engine="captions", model=None, cues=cues)


def segments(count: int, frames: Path | None = None, length: int = 75) -> Segments:
    """``count`` segments of half a minute; with ``frames``, a slide each minute, drawn there."""
    shown = []
    if frames:
        for number in range(0, count, 2):
            shown.append(_frame(number, frames))
    return Segments(
        segments=tuple(
            Segment(
                id=f"s{number + 1:04d}",
                start_ms=number * _SEGMENT_MS,
                end_ms=(number + 1) * _SEGMENT_MS,
                text=speech(number, length),
                first_word=sum(len(speech(before, length).split()) for before in range(number)),
                last_word=sum(len(speech(upto, length).split()) for upto in range(number + 1)) - 1,
                frames=tuple(
                    frame.id
                    for frame in shown
                    if frame.start_ms < (number + 1) * _SEGMENT_MS
                    and frame.end_ms > number * _SEGMENT_MS
                ),
            )
            for number in range(count)
        ),
        frames=tuple(shown),
    )


def _frame(number: int, folder: Path) -> Frame:
    path = f"screens/frames/{number:08d}.jpg"
    (folder / "screens" / "frames").mkdir(parents=True, exist_ok=True)
    picture = Image.new("RGB", (640, 360), "white")
    ImageDraw.Draw(picture).text((20, 20), f"Slide {number}", fill="black")
    picture.save(folder / path)
    start = number * _SEGMENT_MS
    return Frame(
        id=f"f{number + 1:04d}",
        at_ms=start + 50_000,
        start_ms=start,
        end_ms=start + 2 * _SEGMENT_MS,
        path=path,
        width=640,
        height=360,
        text=f"Slide about vocabulary {number}\nand compression",
        kind="slide",
    )


def outline(count: int, size: int = 8) -> Outline:
    """Sections of ``size`` segments each."""
    starts = range(0, count, size)
    return Outline(
        title="Made up",
        summary="A made-up lecture.",
        language="en",
        edition="llm",
        model="scripted",
        sections=tuple(
            OutlineSection(
                id=f"sec{place + 1:02d}",
                title=f"Section about {speech(start).split()[5]} {place + 1}",
                purpose="What is said here.",
                first_segment=f"s{start + 1:04d}",
                last_segment=f"s{min(start + size, count):04d}",
            )
            for place, start in enumerate(starts)
        ),
    )
