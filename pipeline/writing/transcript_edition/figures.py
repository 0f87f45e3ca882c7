"""Which frames become figures."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.models import Frame
from pipeline.text.words import bare
from pipeline.writing.transcript_edition.slides import distinct

# Good chapters have .2 to .35 figures a minute; a short talk is allowed a few more.
_PER_MINUTE = 0.33
_LEAST = 5


def chosen_figures(frames: Sequence[Frame], duration_ms: int) -> list[Frame]:
    """The frames worth showing, in order of time, at most one in about three minutes.

    One for each distinct screen; where there are too many, the ones that say least and stand
    closest to their neighbours go.
    """
    kept = [frame for frame in distinct(frames) if not _is_empty(frame, frames)]
    limit = max(_LEAST, int(_PER_MINUTE * duration_ms / 60_000))
    while len(kept) > limit:
        del kept[min(range(len(kept)), key=lambda index: (_worth(kept, index), index))]
    return kept


def _is_empty(frame: Frame, frames: Sequence[Frame]) -> bool:
    """Hardly any text, where frames have text at all, and no drawing either."""
    read = any(other.text for other in frames)
    return read and frame.kind != "diagram" and len(bare(frame.text)) < 8


def _worth(kept: Sequence[Frame], index: int) -> float:
    frame = kept[index]
    before = kept[index - 1].start_ms if index else frame.start_ms - 30_000
    after = kept[index + 1].start_ms if index + 1 < len(kept) else frame.start_ms + 30_000
    room_s = min(frame.start_ms - before, after - frame.start_ms, 300_000) / 1000
    says = min(len(bare(frame.text)), 400) / 400
    kind = {"slide": 1.3, "diagram": 1.4, "code": 0.9}.get(frame.kind, 1.0)
    return (room_s + 5) * (0.5 + says) * kind
