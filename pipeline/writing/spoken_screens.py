"""Screens that show nothing but what is said: subtitles in the picture, without a picture of their
own."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.models import Frame, Segment
from pipeline.text.words import words

_RUN = 3  # words
_LEAST_WORDS = 8
# Of the words on 24 screens of nothing but subtitles (three languages) 83 to 98% stand in such runs
# of the speech around them; on the 164 screens of eight recordings, some read aloud, at most 58%.
_SAID = 0.75
_LOWER_EDGE = 2 / 3
# A subtitle may come up a little before it is said, and stay a little after.
_AROUND_MS = 30_000


def spoken_screens(frames: Sequence[Frame], segments: Sequence[Segment]) -> frozenset[str]:
    """The ids of the slides whose text is the speech around them, and nothing else.

    Where it stands at the lower edge only, there may be a picture above.
    """
    return frozenset(
        frame.id
        for frame in frames
        if frame.kind == "slide"
        and not _is_at_lower_edge(frame)
        and said_share(frame, segments) >= _SAID
    )


def _is_at_lower_edge(frame: Frame) -> bool:
    return bool(frame.lines) and all(
        line.box.y >= _LOWER_EDGE * frame.height for line in frame.lines
    )


def said_share(frame: Frame, segments: Sequence[Segment]) -> float:
    """Which share of a screen's words stands in runs of the speech; 0 where it has few words."""
    shown = words(frame.text)
    if len(shown) < _LEAST_WORDS:
        return 0.0
    said = words(
        " ".join(
            segment.text
            for segment in segments
            if frame.overlap_ms(segment.start_ms - _AROUND_MS, segment.end_ms + _AROUND_MS) > 0
        )
    )
    runs = set(zip(*(said[at:] for at in range(_RUN)), strict=False))
    inside: set[int] = set()
    for at in range(len(shown) - _RUN + 1):
        if tuple(shown[at : at + _RUN]) in runs:
            inside.update(range(at, at + _RUN))
    return len(inside) / len(shown)
