"""From pages to the states worth showing: without transitions, flickers and needless scrolls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.media.screen.pages import Page, same_screen
from pipeline.media.screen.scroll import find_scroll
from pipeline.media.screen.tiles import fullness

BRIEF_MS = 1_200  # a page shorter than this is on its way to another
RUN_MS = 4_000  # brief pages in a row that last this long together are a moving picture
COVERED = 0.6  # of the view: scrolled less far, a view is mostly seen in the one before
REACHED = 0.9  # of the view: scrolled further at once, something was never seen
NEW = 0.12  # of the view: less new text than this is not worth another picture
DWELT_MS = 15_000  # a view that stays this long and moved by DWELT counts by itself
DWELT = 0.25


def states(pages: Sequence[Page]) -> tuple[Page, ...]:
    """The states in order, covering the same time as ``pages``."""
    return tuple(_without_scrolls(_joined(_without_brief(_joined(_calmed(pages))))))


def _calmed(pages: Sequence[Page]) -> list[Page]:
    """Pictures of something that moves all over the screen are one page."""
    out: list[Page] = []
    before: Page | None = None
    for page in pages:
        if before and before.samples == 1 and page.restless and page.samples == 1:
            out[-1] = _union(out[-1], page)
        else:
            out.append(page)
        before = page
    return out


def _without_brief(pages: Sequence[Page]) -> list[Page]:
    """Brief pages join the one they lead to; a long run of them is one moving picture."""
    out: list[Page] = []
    run: list[Page] = []

    def end_run(following: Page | None) -> None:
        if not run:
            return
        together = run[0]
        for page in run[1:]:
            together = _union(together, page)
        if together.end_ms - together.start_ms >= RUN_MS or (following is None and not out):
            out.append(together)
            if following:
                out.append(following)
        elif following:
            out.append(replace(following, start_ms=together.start_ms))
        else:
            out[-1] = replace(out[-1], end_ms=together.end_ms)

    for page in pages:
        if page.end_ms - page.start_ms < BRIEF_MS:
            run.append(page)
            continue
        if run:
            end_run(page)
            run = []
        else:
            out.append(page)
    end_run(None)
    return out


def _joined(pages: Sequence[Page]) -> list[Page]:
    """Neighbours that show the same (after a flicker between them went) are one."""
    out: list[Page] = []
    for page in pages:
        if out and same_screen(out[-1].best, page.best):
            out[-1] = _union(out[-1], page)
        else:
            out.append(page)
    return out


def _without_scrolls(pages: Sequence[Page]) -> list[Page]:
    """Of views that scroll into one another, the fewest that show all there was to read."""
    out: list[Page] = []
    for k, page in enumerate(pages):
        if out and _is_covered(out[-1], page, pages[k + 1] if k + 1 < len(pages) else None):
            out[-1] = replace(out[-1], end_ms=page.end_ms)
        else:
            out.append(page)
    return out


def _is_covered(kept: Page, page: Page, following: Page | None) -> bool:
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
    return further is not None and abs(further.rows) / further.height <= REACHED


def _union(one: Page, other: Page) -> Page:
    """Both pages as one, with the fuller picture of the two."""
    mask = one.best.mask & other.best.mask
    later_is_fuller = fullness(other.best.tiles, mask) >= fullness(one.best.tiles, mask)
    return replace(
        one,
        end_ms=other.end_ms,
        best=other.best if later_is_fuller else one.best,
        samples=one.samples + other.samples,
    )
