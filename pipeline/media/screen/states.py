"""All states of the screen of a video, with the frame that shows each one best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.media.screen.blends import without_blends
from pipeline.media.screen.moving import still_tiles
from pipeline.media.screen.pages import Page, find_pages, fullness, same_screen
from pipeline.media.screen.reader import Shot, VideoReader
from pipeline.media.screen.refine import Change, last_frame, refine
from pipeline.media.screen.sampling import Analysis, Sample, analyse
from pipeline.progress import Progress, Silent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    Mask = NDArray[np.bool_]

Take = Callable[[int, "Image"], None]


@dataclass(frozen=True)
class ScreenState:
    """One state of the screen.

    ``at_ms`` is the exact time of the frame that shows it fullest and sharpest, within
    [start_ms, end_ms). ``same_as`` is the index of the earliest state that shows the same, or None.
    """

    at_ms: int
    start_ms: int
    end_ms: int
    same_as: int | None = None


def find_states(
    path: Path, start_ms: int, end_ms: int, take: Take, progress: Progress | None = None
) -> tuple[ScreenState, ...]:
    """The states of the screen in [start_ms, end_ms), in order and without gaps.

    Args:
        path: the video.
        start_ms, end_ms: the range, ms from the start of the video.
        take: given each state's ``at_ms`` and picture (RGB, upright, source resolution), in order.
        progress: told how far the analysis is.

    Raises:
        MediaError: the file cannot be opened or has no picture track.
    """
    listener = progress or Silent()
    with VideoReader(path) as reader:
        span = (end_ms - start_ms) / 1000
        analysis = analyse(
            reader,
            start_ms,
            end_ms,
            lambda at_ms: listener.update((at_ms - start_ms) / 1000, span, "s of video"),
        )
        states = _states(reader, analysis, start_ms, end_ms, take)
        listener.update(span, span, "s of video")
        if reader.damaged:
            listener.warn(
                f"{path.name}: {reader.damaged} damaged packets in the picture track; "
                "a screen may be missing there"
            )
    return states


def _states(
    reader: VideoReader, analysis: Analysis, start_ms: int, end_ms: int, take: Take
) -> tuple[ScreenState, ...]:
    samples = without_blends(analysis.samples)
    still = still_tiles(samples)
    pages = find_pages(samples, still)
    states: list[ScreenState] = []
    shown: list[Sample] = []
    start = start_ms
    for number, page in enumerate(pages):
        change = _end_of(reader, analysis, samples, pages, number, still, end_ms)
        best = samples[page.best]
        shot = _choose(reader, best, change, fullness(best.tiles, still[page.best]))
        take(shot.at_ms, reader.picture(shot))
        mask = still[page.best]
        same_as = next(
            (k for k, old in enumerate(shown) if same_screen(old.tiles, best.tiles, mask)), None
        )
        shown.append(best)
        states.append(ScreenState(shot.at_ms, start, change.at_ms, same_as))
        start = change.at_ms
    return tuple(states)


def _end_of(
    reader: VideoReader,
    analysis: Analysis,
    samples: Sequence[Sample],
    pages: Sequence[Page],
    number: int,
    still: Sequence[Mask],
    end_ms: int,
) -> Change:
    page = pages[number]
    last = samples[page.last]
    mask = still[page.last]
    if number + 1 == len(pages):
        return last_frame(reader, last, end_ms, analysis.packets, mask)
    after = samples[page.last + 1]
    return refine(reader, last, after, analysis.packets, mask)


def _choose(reader: VideoReader, best: Sample, change: Change, full: float) -> Shot:
    """The refined frame unless the sample was clearly fuller (something was wiped since)."""
    if change.best is not None and change.fullness >= 0.97 * full:
        return change.best
    return next(iter(reader.between(best.at_ms, best.at_ms)))
