"""The screens of each chunk: whose they are, and as much of their text as says something there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.document.outline import OutlineSection
from pipeline.models import Frame
from pipeline.writing.chunks import Chunk
from pipeline.writing.context_code import ContextCode
from pipeline.writing.earlier_code import defines
from pipeline.writing.screen_text import ScreenTexts
from pipeline.writing.spoken_of import spoken_in
from pipeline.writing.spoken_screens import spoken_screens

# Letters of screen text: a screen that belongs to another chunk is only a reminder.
_LONGEST_CODE = 1_500
_LONGEST_SCREEN = 700
_LONGEST_REMINDER = 150
_SCREENS_IN_ALL = 3_300
# A screen changes a little before or after the sentence that belongs to it.
_SLACK_MS = 1_000
_EARLIER, _LATER = "an earlier part", "a later part"


@dataclass(frozen=True)
class ContextScreen:
    """A frame as the writer gets to know it.

    ``usable`` says that it may become a figure of this chunk: it is its own (the moment at which it
    is fullest lies in it), it is no talking head, and no earlier frame shows the same.
    ``belongs_to`` says which other chunk writes it up: "an earlier part", "a later part"; else "".
    """

    frame: Frame
    text: str
    usable: bool
    belongs_to: str = ""


def context_screens(
    chunks: Sequence[Chunk],
    frames: Sequence[Frame],
    texts: ScreenTexts,
    owners: Mapping[str, int],
    code: Sequence[Sequence[ContextCode]],
) -> list[tuple[ContextScreen, ...]]:
    """The screens of every chunk, each in order of time, without those of what is said anyway.

    Args:
        frames: of the whole lecture.
        texts: theirs.
        owners: which chunk a frame belongs to (see ``frame_owners``).
        code: what each chunk is given of its code; its screens need not say it again.
    """
    spoken = spoken_screens(frames, [segment for chunk in chunks for segment in chunk.segments])
    frames = [frame for frame in frames if frame.id not in spoken]
    lines = [[line for one in own for line in one.lines] for own in code]
    return [
        _screens(index, chunk, frames, owners, texts, lines[index])
        for index, chunk in enumerate(chunks)
    ]


def screens_in_part(
    screens: Sequence[ContextScreen], chunk: Chunk, is_last: bool
) -> tuple[ContextScreen, ...]:
    """Those of a chunk's screens that are up during this part of it, which may be its last."""
    return tuple(
        _in_part(screen, chunk, is_last)
        for screen in screens
        if screen.frame.start_ms < chunk.end_ms and screen.frame.end_ms > chunk.start_ms
    )


def _in_part(screen: ContextScreen, chunk: Chunk, is_last: bool) -> ContextScreen:
    if not screen.usable or _is_at(screen.frame, chunk, is_last):
        return screen
    other = _EARLIER if screen.frame.at_ms < chunk.start_ms else _LATER
    return replace(screen, usable=False, belongs_to=other)


def _is_at(frame: Frame, chunk: Chunk, is_last: bool) -> bool:
    return frame.at_ms >= chunk.start_ms and (is_last or frame.at_ms < chunk.end_ms)


def is_during(frame: Frame, start_ms: int, end_ms: int) -> bool:
    """Whether the frame is on screen in that time, for longer than the slack of a cut."""
    return frame.overlap_ms(start_ms, end_ms) > _SLACK_MS


def frame_owners(
    chunks: Sequence[Chunk], frames: Sequence[Frame], sections: Sequence[OutlineSection]
) -> Mapping[str, int]:
    """The chunk that each frame belongs to; a screen that returns, or a face, belongs to none.

    Code belongs where it is complete, at its fullest, unless only the plan of another section that
    it is on screen in has it define what stands there; anything else where it is on screen longest,
    unless another chunk speaks of it.

    Args:
        sections: of the whole outline; their plan says which of several defines a name.
    """
    owners = {}
    for frame in frames:
        if frame.same_as or frame.kind == "talking head" or not chunks:
            continue
        if frame.kind == "code":
            later = [n for n, chunk in enumerate(chunks) if frame.at_ms < chunk.end_ms]
            fullest = later[0] if later else len(chunks) - 1
            owners[frame.id] = _as_planned(fullest, frame, chunks, sections)
        else:
            longest = max(
                range(len(chunks)),
                key=lambda n: frame.overlap_ms(chunks[n].start_ms, chunks[n].end_ms),
            )
            owners[frame.id] = spoken_in(frame.text, frame, chunks, longest)
    return owners


def _as_planned(
    fullest: int, frame: Frame, chunks: Sequence[Chunk], sections: Sequence[OutlineSection]
) -> int:
    """The last chunk that shows the frame and whose section is to define what is on it, where the
    section of the ``fullest`` is to define nothing of it; else that."""
    planning = [
        number
        for number, chunk in enumerate(chunks)
        if chunk.section < len(sections)
        and (number == fullest or is_during(frame, chunk.start_ms, chunk.end_ms))
        and any(defines(frame.text, name) for name in sections[chunk.section].defines)
    ]
    return fullest if fullest in planning or not planning else planning[-1]


def _screens(
    index: int,
    chunk: Chunk,
    frames: Sequence[Frame],
    owners: Mapping[str, int],
    texts: ScreenTexts,
    told: Sequence[str],
) -> tuple[ContextScreen, ...]:
    """In order; a screen without text that another chunk has says nothing here."""
    shown = [
        frame
        for frame in frames
        if owners.get(frame.id) == index
        or (
            frame.text.strip()
            and frame.kind != "talking head"
            and is_during(frame, chunk.start_ms, chunk.end_ms)
        )
    ]
    own = {frame.id for frame in shown if owners.get(frame.id) == index}
    rooms = {frame.id: _room(frame, frame.id in own) for frame in shown}
    scale = min(1.0, _SCREENS_IN_ALL / max(1, sum(rooms.values())))
    said = " ".join(segment.text for segment in chunk.segments)
    return tuple(
        ContextScreen(
            frame,
            texts.shown(frame, max(150, int(scale * rooms[frame.id])), said, told=told),
            frame.id in own,
            _other_part(owners.get(frame.same_as or frame.id, index), index),
        )
        for frame in sorted(shown, key=lambda frame: (frame.start_ms, frame.id))
    )


def _other_part(owner: int, index: int) -> str:
    return "" if owner == index else _EARLIER if owner < index else _LATER


def _room(frame: Frame, is_own: bool) -> int:
    """Letters of this screen's text: what is on it, at most what is worth showing."""
    longest = _LONGEST_CODE if frame.kind == "code" else _LONGEST_SCREEN
    return min(len(" ".join(frame.text.split())), longest if is_own else _LONGEST_REMINDER)
