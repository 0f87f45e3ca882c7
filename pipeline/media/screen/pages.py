"""From pictures to pages: the runs of pictures in which what was written stays.

Writing more (a bullet, a line of code, an output) continues a page; losing a good part of what was
written ends it. So a slide built up bullet by bullet is one page whose fullest picture is its last,
and live coding gives a page for every screenful. No decoding here: only comparison of tiles.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.media.screen.tiles import Tiles, changed, fullness, lost

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
    """One analysed picture, and the tiles of it that may be compared (no moving inset)."""

    at_ms: int
    tiles: Tiles
    mask: Mask
    is_key: bool = True


@dataclass(frozen=True)
class Page:
    """A run of pictures: its time, its fullest picture, and how many pictures were seen of it.

    ``restless`` is true when it was entered while something moved all over the screen.
    """

    start_ms: int
    end_ms: int
    best: Sample
    samples: int = 1
    restless: bool = False


class PageBuilder:
    """Builds pages from pictures given in order of time."""

    def __init__(self) -> None:
        self._done: list[Page] = []
        self._page: Page | None = None

    def add(self, sample: Sample, restless: bool = False) -> None:
        """The next picture; ``restless`` when the time before it was full of movement."""
        page = self._page
        if page is None:
            self._page = Page(sample.at_ms, sample.at_ms, sample)
        elif another_screen(page.best, sample):
            self._done.append(replace(page, end_ms=sample.at_ms))
            self._page = Page(sample.at_ms, sample.at_ms, sample, restless=restless)
        else:
            best = sample if _better(sample, page.best) else page.best
            self._page = replace(page, best=best, samples=page.samples + 1)

    def finish(self, start_ms: int, end_ms: int) -> tuple[Page, ...]:
        """The pages, covering [start_ms, end_ms) without gaps; empty without any picture."""
        if self._page is None:
            return ()
        pages = [*self._done, replace(self._page, end_ms=end_ms)]
        pages[0] = replace(pages[0], start_ms=start_ms)
        return tuple(pages)


def another_screen(before: Sample, after: Sample) -> bool:
    """Whether so much of ``before`` is gone in ``after`` that they are two pages."""
    mask = before.mask & after.mask
    if (changed(before.tiles, after.tiles) & mask).sum() > REPAINTED * mask.sum():
        return True
    written = int((before.tiles.inked & mask).sum())
    return bool(lost(before.tiles, after.tiles, mask).sum() > LOST * max(written, FLOOR))


def same_screen(one: Sample, other: Sample) -> bool:
    """Whether two pictures show the same, up to noise."""
    mask = one.mask & other.mask
    written = max(int(((one.tiles.inked | other.tiles.inked) & mask).sum()), FLOOR)
    weakly = int((changed(one.tiles, other.tiles) & mask).sum())
    strongly = int((changed(one.tiles, other.tiles, times=3) & mask).sum())
    return weakly <= SAME_WEAKLY * written and strongly <= max(3, SAME_STRONGLY * written)


def _better(sample: Sample, best: Sample) -> bool:
    """Whether ``sample`` shows the page better: fuller, or as full and a key frame, or later.

    A key frame is as good as its neighbours and costs no decoding to fetch.
    """
    mask = sample.mask & best.mask
    now, then = fullness(sample.tiles, mask), fullness(best.tiles, mask)
    if best.is_key and not sample.is_key:
        return now > 1.01 * then
    return now >= 0.99 * then
