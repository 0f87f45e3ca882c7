"""From pages to the states worth showing: without transitions, flickers and needless scrolls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, pairwise

from pipeline.video.screens.candidates import ScreenCandidate, same_screen
from pipeline.video.screens.scroll import find_scroll
from pipeline.video.screens.tiles import fullness

BRIEF_MS = 1_200  # a page shorter than this is on its way to another
RUN_MS = 4_000  # brief pages in a row that last this long together are a moving picture
COVERED = 0.6  # of the view: scrolled less far, a view is mostly seen in the one before
REACHED = 0.9  # of the view: scrolled further at once, something was never seen
NEW = 0.12  # of the view: less new text than this is not worth another picture
DWELT_MS = 15_000  # a view that stays this long and moved by DWELT counts by itself
DWELT = 0.25  # of the view


def states(pages: Iterable[ScreenCandidate]) -> Iterator[ScreenCandidate]:
    """The states in order, covering the same time as ``pages``; a few pages are held at a time."""
    return _without_scrolls(_joined(_without_brief(_joined(_calmed(pages)))))


def _calmed(pages: Iterable[ScreenCandidate]) -> Iterator[ScreenCandidate]:
    """Pictures of something that moves all over the screen are one page."""
    held: ScreenCandidate | None = None
    was_single = False
    for page in pages:
        single = page.samples == 1
        if held and was_single and single and page.restless:
            held = _union(held, page)
        else:
            if held:
                yield held
            held = page
        was_single = single
    if held:
        yield held


def _without_brief(pages: Iterable[ScreenCandidate]) -> Iterator[ScreenCandidate]:
    """Brief pages join the one they lead to; a long run of them is one moving picture."""
    held: ScreenCandidate | None = None  # the last that is not brief
    run: ScreenCandidate | None = None  # the brief ones since
    for page in pages:
        if page.end_ms - page.start_ms < BRIEF_MS:
            run = _union(run, page) if run else page
            continue
        if run and _lasts(run):
            if held:
                yield held
            held = run
        elif run:
            page = replace(page, start_ms=run.start_ms)
        if held:
            yield held
        held, run = page, None
    if run and held and not _lasts(run):
        held, run = replace(held, end_ms=run.end_ms), None
    if held:
        yield held
    if run:
        yield run


def _lasts(run: ScreenCandidate) -> bool:
    return run.end_ms - run.start_ms >= RUN_MS


def _joined(pages: Iterable[ScreenCandidate]) -> Iterator[ScreenCandidate]:
    """Neighbours that show the same (after a flicker between them went) are one."""
    held: ScreenCandidate | None = None
    for page in pages:
        if held and same_screen(held.best, page.best):
            held = _union(held, page)
        else:
            if held:
                yield held
            held = page
    if held:
        yield held


def _without_scrolls(pages: Iterable[ScreenCandidate]) -> Iterator[ScreenCandidate]:
    """Of views that scroll into one another, the fewest that show all there was to read."""
    held: ScreenCandidate | None = None
    for page, following in pairwise(chain(pages, [None])):
        assert page is not None
        if held and _is_covered(held, page, following):
            held = replace(held, end_ms=page.end_ms)
        else:
            if held:
                yield held
            held = page
    if held:
        yield held


def _is_covered(
    kept: ScreenCandidate, page: ScreenCandidate, following: ScreenCandidate | None
) -> bool:
    """Whether ``page`` shows little that ``kept`` or ``following`` does not show."""
    scroll = find_scroll(kept.best, page.best)
    if scroll is None:
        return False
    moved = abs(scroll.rows) / scroll.height
    if moved < NEW:
        return True
    if page.end_ms - page.start_ms >= DWELT_MS and moved >= DWELT:
        return False
    if moved >= COVERED or following is None:
        return False
    further = find_scroll(kept.best, following.best)
    if further is None or abs(further.rows) / further.height > REACHED:
        return False
    # What a view beyond both shows, scrolled to and back from, is on neither.
    first, last = sorted((0, further.rows))
    beyond = max(first - scroll.rows, scroll.rows - last)
    return beyond / scroll.height < NEW


def _union(one: ScreenCandidate, other: ScreenCandidate) -> ScreenCandidate:
    """Both pages as one, with the fuller picture of the two."""
    mask = one.best.mask & other.best.mask
    later_is_fuller = fullness(other.best.tiles, mask) >= fullness(one.best.tiles, mask)
    return replace(
        one,
        end_ms=other.end_ms,
        best=other.best if later_is_fuller else one.best,
        samples=one.samples + other.samples,
    )
