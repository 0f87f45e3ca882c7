"""Captions on another clock than the video's: those of a broadcast begin at 10:00:00."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.models import Cue

_HOUR_MS = 3_600_000
# A last caption may stay this long after the picture has ended.
_OVERHANG_MS = 5_000

_PAL_SPEED = 25 / 24  # films have 24 pictures a second, and PAL shows 25
# The last caption ends up to 0.6% before the video does (20 s of an hour), or stays a bit longer.
_PAL_NEAR = 0.006


@dataclass(frozen=True)
class OnClock:
    """Cues on the video's clock; ``shift_ms`` was taken from their times; ``outside`` are left.

    ``outside`` are the cues that begin when the video is over.
    """

    cues: tuple[Cue, ...]
    shift_ms: int = 0
    outside: tuple[Cue, ...] = ()


def on_clock(cues: Sequence[Cue], duration_ms: int) -> OnClock:
    """``cues`` brought to the clock of a video that lasts ``duration_ms`` (0: not known).

    They are shifted by whole hours when most of them begin after the video's end, the first one
    not before a full hour, and all of them would lie in the video then. Programmes are mastered
    from 01:00:00 or 10:00:00 (EBU R 122), so the hour is the clock's and the rest the speech's.
    """
    outside = tuple(cue for cue in cues if cue.start_ms >= duration_ms)
    if not duration_ms or not outside:
        return OnClock(tuple(cues))
    shift_ms = cues[0].start_ms // _HOUR_MS * _HOUR_MS
    fits = cues[-1].start_ms - shift_ms < duration_ms
    fits = fits and cues[-1].end_ms - shift_ms <= duration_ms + _OVERHANG_MS
    if shift_ms and fits and 2 * len(outside) > len(cues):
        return OnClock(tuple(_shifted(cue, -shift_ms) for cue in cues), shift_ms)
    return OnClock(tuple(cue for cue in cues if cue.start_ms < duration_ms), 0, outside)


def other_speed(cues: Sequence[Cue], duration_ms: int) -> str:
    """What to say where the cues are those of a slower copy of the video, else "".

    Films run at 24 frames a second and are shown at 25 in countries of PAL, 4% faster; captions of
    the one drift from the speech of the other, by two seconds a minute and more. Those of the
    faster copy end within the video and cannot be told from captions that end early.
    """
    ratio = cues[-1].end_ms / duration_ms if cues and duration_ms else 0.0
    if abs(ratio - _PAL_SPEED) > _PAL_NEAR:
        return ""
    return (
        f"they last {ratio:.3f} times as long as the video, as captions of a copy at 24 frames a "
        "second do beside one at 25: if so, all of them are late"
    )


def _shifted(cue: Cue, by_ms: int) -> Cue:
    words = tuple(
        word.model_copy(update={"start_ms": word.start_ms + by_ms, "end_ms": word.end_ms + by_ms})
        for word in cue.words
    )
    update = {"start_ms": cue.start_ms + by_ms, "end_ms": cue.end_ms + by_ms, "words": words}
    return cue.model_copy(update=update)
