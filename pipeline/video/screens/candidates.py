"""From pictures to pages: the runs of pictures in which what was written stays.

Writing more (a bullet, a line of code, an output) continues a page; losing a good part of what was
written ends it. So a slide built up bullet by bullet is one page whose fullest picture is its last,
and live coding gives a page for every screenful. No decoding here: only comparison of tiles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.video.screens.overlays import DWELL_MS, is_menu, is_overlay
from pipeline.video.screens.tiles import Levels, Tiles, changed, fullness, lost
from pipeline.video.screens.video_reader import DecodedFrame

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

LOST = 0.15  # of the written tiles: losing more than this ends a page
FLOOR = 48  # tiles: a nearly empty screen does not end because a cursor left it
REPAINTED = 0.5  # of all tiles changed: another screen, whatever is written on it
# Two visits to one screen may differ a little everywhere (a poorer encoding) and much in a few
# tiles (a mouse pointer): shares of the written tiles.
SAME_WEAKLY = 0.3
SAME_STRONGLY = 0.012


@dataclass(frozen=True)
class Sample:
    """One analysed picture, and the tiles of it that may be compared (no moving inset).

    ``restless`` is true when the time before it was full of movement. ``shot`` is the decoded
    picture, where it is at hand.
    """

    at_ms: int
    tiles: Tiles
    mask: Mask
    is_key: bool = True
    restless: bool = False
    shot: DecodedFrame | None = None


@dataclass(frozen=True)
class ScreenCandidate:
    """A run of pictures: its time, its fullest picture, and how many pictures were seen of it.

    ``restless`` is true when it was entered while something moved all over the screen.
    """

    start_ms: int
    end_ms: int
    best: Sample
    samples: int = 1
    restless: bool = False


def screen_candidates(
    samples: Iterable[Sample], start_ms: int, end_ms: int
) -> Iterator[ScreenCandidate]:
    """The pages, in order, covering [start_ms, end_ms) without gaps; none without any picture.

    Args:
        samples: in order of time.
    """
    page: ScreenCandidate | None = None
    over: ScreenCandidate | None = None  # laid over ``page``; for good when it stays
    for sample in samples:
        if page is None:
            page = ScreenCandidate(start_ms, end_ms, sample)
            continue
        if over and sample.at_ms - over.start_ms >= DWELL_MS:
            yield replace(page, end_ms=over.start_ms)
            page, over = over, None
        if another_screen(page.best, sample):
            yield replace(_with_last(page, over), end_ms=sample.at_ms)
            page = ScreenCandidate(sample.at_ms, end_ms, sample, restless=sample.restless)
            over = None
        elif over and not has_overlay(over.best, sample):
            over = _with(over, sample)
        elif _opens_overlay(page, sample):
            over = ScreenCandidate(sample.at_ms, end_ms, sample)
        else:
            page, over = _with(page, sample), None
    if page and over and end_ms - over.start_ms >= DWELL_MS:
        yield replace(page, end_ms=over.start_ms)
        page, over = over, None
    if page is not None:
        yield _with_last(page, over)


def _opens_overlay(page: ScreenCandidate, sample: Sample) -> bool:
    """Whether something is laid over a page that has rested for a while."""
    rested = sample.at_ms - page.start_ms >= DWELL_MS and not sample.restless
    return rested and has_overlay(page.best, sample)


def _with_last(page: ScreenCandidate, over: ScreenCandidate | None) -> ScreenCandidate:
    """A page at its end, with what stood over it then; a menu that led away from it is none of it.

    A letter that takes the place of the cursor is a rewritten one as much as a number is: the last
    word that is typed may be all that ``over`` has and the page's own picture lacks.
    """
    if over is None or has_menu(page.best, over.best):
        return page
    return _with(page, over.best)


def _with(page: ScreenCandidate, sample: Sample) -> ScreenCandidate:
    """The page with one more picture of it."""
    best = sample if _better(sample, page.best) else page.best
    return replace(page, best=best, samples=page.samples + 1)


def another_screen(before: Sample, after: Sample) -> bool:
    """Whether so much of ``before`` is gone in ``after`` that they are two pages."""
    import numpy as np

    mask = before.mask & after.mask
    repainted = np.count_nonzero(changed(before.tiles, after.tiles) & mask)
    if repainted > REPAINTED * np.count_nonzero(mask):
        return True
    written = int(np.count_nonzero(before.tiles.inked & mask))
    gone = int(np.count_nonzero(lost(before.tiles, after.tiles, mask)))
    return gone > LOST * max(written, FLOOR)


def has_overlay(before: Sample, after: Sample) -> bool:
    """Whether a menu opened or closed, or a large number changed (see ``overlays``)."""
    return is_overlay(before.tiles, after.tiles, before.mask & after.mask)


def has_menu(before: Sample, after: Sample) -> bool:
    """Whether a menu or dialog opened or closed."""
    return is_menu(before.tiles, after.tiles, before.mask & after.mask)


def same_screen(one: Sample, other: Sample) -> bool:
    """Whether two pictures show the same, up to noise."""
    same = bool(alike(one.tiles, one.mask, other.tiles, other.mask))
    return same and not has_overlay(one, other)


def alike(one: Levels, one_mask: Mask, other: Levels, other_mask: Mask) -> Mask:
    """Whether pictures show the same, up to noise; for many at once where one side has many."""
    import numpy as np

    mask = one_mask & other_mask
    grid = (-2, -1)
    written = np.maximum(np.sum((one.inked | other.inked) & mask, axis=grid), FLOOR)
    weakly = np.sum(changed(one, other) & mask, axis=grid)
    strongly = np.sum(changed(one, other, times=3) & mask, axis=grid)
    same: Mask = (weakly <= SAME_WEAKLY * written) & (
        strongly <= np.maximum(3, SAME_STRONGLY * written)
    )
    return same


def _better(sample: Sample, best: Sample) -> bool:
    """Whether ``sample`` shows the page better: fuller, or as full and a key frame, or later.

    A key frame is as good as its neighbours and costs no decoding to fetch.
    """
    mask = sample.mask & best.mask
    now, then = fullness(sample.tiles, mask), fullness(best.tiles, mask)
    if best.is_key and not sample.is_key:
        return now > 1.01 * then
    return now >= 0.99 * then
