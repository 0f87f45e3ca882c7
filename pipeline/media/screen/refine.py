"""The exact moment of a change and the best frame before it, decoding only that neighbourhood."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.media.screen.pages import another_screen, fullness
from pipeline.media.screen.reader import Packet, Shot, VideoReader
from pipeline.media.screen.sampling import Sample
from pipeline.media.screen.tiles import Tiles, changed, measure

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

BEFORE_MS = 1_000  # the frame is the sharpest of the last second before the change


@dataclass(frozen=True)
class Change:
    """The first moment of the next state, and the best frame of the state that ends there.

    ``best`` is None when no frame between the samples is better than the samples themselves.
    """

    at_ms: int
    best: Shot | None
    fullness: float


def refine(
    reader: VideoReader,
    before: Sample,
    after: Sample,
    packets: Sequence[Packet],
    mask: Mask,
) -> Change:
    """Find the change between two neighbouring samples of different states."""
    if quiet(packets, before.at_ms, after.at_ms):
        return Change(after.at_ms, None, 0.0)
    recent: deque[tuple[float, Shot]] = deque()
    for shot in reader.between(before.at_ms, after.at_ms):
        tiles = measure(reader.gray(shot))
        if _is_after(before.tiles, after.tiles, tiles, mask):
            return _change(shot.at_ms, recent)
        recent.append((fullness(tiles, mask), shot))
        while recent[0][1].at_ms < shot.at_ms - BEFORE_MS:
            recent.popleft()
    return _change(after.at_ms, recent)


def last_frame(
    reader: VideoReader, before: Sample, end_ms: int, packets: Sequence[Packet], mask: Mask
) -> Change:
    """The best frame between the last sample and the end of the range."""
    if quiet(packets, before.at_ms, end_ms):
        return Change(end_ms, None, 0.0)
    recent: deque[tuple[float, Shot]] = deque()
    for shot in reader.between(before.at_ms, end_ms - 1):
        tiles = measure(reader.gray(shot))
        if another_screen(before.tiles, tiles, mask):
            break
        recent.append((fullness(tiles, mask), shot))
        while recent[0][1].at_ms < shot.at_ms - BEFORE_MS:
            recent.popleft()
    return _change(end_ms, recent)


def quiet(packets: Sequence[Packet], left: int, right: int) -> bool:
    """Whether the packets strictly between two moments are too small to carry a change."""
    return all(packet.size < 500 for packet in packets if left < packet.at_ms < right)


def _is_after(before: Tiles, after: Tiles, now: Tiles, mask: Mask) -> bool:
    """Whether ``now`` is nearer to ``after`` where the two differ."""
    import numpy as np

    where = changed(before, after) & mask
    if not where.any():
        return False
    to_before = np.abs(now.brightness - before.brightness) + np.abs(now.ink - before.ink)
    to_after = np.abs(now.brightness - after.brightness) + np.abs(now.ink - after.ink)
    return bool(to_after[where].sum() < to_before[where].sum())


def _change(at_ms: int, recent: deque[tuple[float, Shot]]) -> Change:
    if not recent:
        return Change(at_ms, None, 0.0)
    # The latest of the fullest: while a line is typed, the last letters count.
    best = max(reversed(recent), key=lambda pair: pair[0])
    return Change(at_ms, best[1], best[0])
