"""All states of the screen of a video, with the frame that shows each one best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.media.screen.dense import changed_shots
from pipeline.media.screen.gaps import Gap, gaps
from pipeline.media.screen.merging import states
from pipeline.media.screen.moving import moving_tiles
from pipeline.media.screen.pages import Page, PageBuilder, Sample, another_screen, same_screen
from pipeline.media.screen.reader import Packet, Shot, VideoReader
from pipeline.media.screen.regions import Region, around, cut, lit_region
from pipeline.media.screen.tiles import changed, measure
from pipeline.progress import Progress, Silent

if TYPE_CHECKING:
    from PIL.Image import Image

Take = Callable[[int, "Image"], None]

SPARSE_MS = 10_000  # key frames further apart than this are not enough to go by


@dataclass(frozen=True)
class ScreenState:
    """One state of the screen.

    ``at_ms`` is the exact time of the frame that shows it fullest and sharpest, within
    [start_ms, end_ms). ``same_as`` is the index of the earliest state that shows the same, or None.
    ``inset`` is where a picture moves all the time (a webcam); ``news`` is where it differs from
    the state before; both as shares of the picture without its black borders, None when there is
    no such region.
    """

    at_ms: int
    start_ms: int
    end_ms: int
    same_as: int | None = None
    inset: Region | None = None
    news: Region | None = None


def find_states(
    path: Path, start_ms: int, end_ms: int, take: Take, progress: Progress | None = None
) -> tuple[ScreenState, ...]:
    """The states of the screen in [start_ms, end_ms), in order and without gaps.

    Args:
        path: the video.
        start_ms, end_ms: the range, ms from the start of the video.
        take: given each state's ``at_ms`` and picture (RGB, upright, source resolution, without the
            black borders that the whole range has), in order.
        progress: told how far the analysis is.

    Raises:
        MediaError: the file cannot be opened or has no picture track.
    """
    listener = progress or Silent()
    span = (end_ms - start_ms) / 1000

    def report(at_ms: int) -> None:
        listener.update((at_ms - start_ms) / 1000, span, "s of video")

    with VideoReader(path) as reader:
        keys, packets = _keys(reader, start_ms, end_ms)
        pages = _pages(
            reader, keys, gaps(packets, [k.at_ms for k in keys], start_ms, end_ms), report
        )
        found = states(pages.finish(start_ms, end_ms))
        lit = lit_region([key.tiles for key in keys] + [page.best.tiles for page in found])
        taken = []
        shots = reader.shots_at([p.best.at_ms for p in found], [key.at_ms for key in keys])
        for page, (_, exact) in zip(found, shots, strict=True):
            shot = exact or _nearby(path, page)
            if shot is None:
                reader.damaged += 1
                continue
            picture, area = cut(reader.picture(shot), lit)
            taken.append((page, shot.at_ms, area))
            take(shot.at_ms, picture)
        report(end_ms)
        if reader.damaged:
            listener.warn(
                f"{path.name}: {reader.damaged} damaged packets in the picture track; "
                "a screen may be missing there"
            )
    return tuple(
        _state([earlier for earlier, _, _ in taken[:number]], page, at_ms, area)
        for number, (page, at_ms, area) in enumerate(taken)
    )


def _nearby(path: Path, page: Page) -> Shot | None:
    """A picture of a page in a damaged file, in which the best one cannot be decoded again.

    Read through a reader of its own: the other one is in the middle of something.
    """
    with VideoReader(path) as reader:
        return next(reader.between(page.best.at_ms, page.end_ms - 1), None)


def _state(earlier: Sequence[Page], page: Page, at_ms: int, area: Region) -> ScreenState:
    """``page`` as a state; ``area`` is what is left of the picture without borders."""
    best = page.best
    inset = around(~best.mask)
    news = None
    if earlier:
        before = earlier[-1].best
        news = around(changed(before.tiles, best.tiles) & before.mask & best.mask)
    return ScreenState(
        at_ms=at_ms,
        start_ms=page.start_ms,
        end_ms=page.end_ms,
        same_as=_seen(earlier, page),
        inset=inset.within(area) if inset else None,
        news=news.within(area) if news else None,
    )


def _keys(reader: VideoReader, start_ms: int, end_ms: int) -> tuple[list[Sample], list[Packet]]:
    """The key frames of the range and all its packets, in order of time.

    The range's first picture counts as one, whether it is a key frame or not.
    """
    packets: list[Packet] = []
    seen = []
    for shot in reader.keys(packets, start_ms, end_ms):
        if start_ms <= shot.at_ms < end_ms:
            seen.append((shot.at_ms, measure(reader.gray(shot))))
    if not seen or seen[0][0] > start_ms:
        first = next(reader.between(start_ms, end_ms - 1), None)
        if first is not None and (not seen or first.at_ms < seen[0][0]):
            seen.insert(0, (first.at_ms, measure(reader.gray(first))))
    moving = moving_tiles([tiles for _, tiles in seen])
    samples = [
        Sample(at_ms, tiles, ~mask) for (at_ms, tiles), mask in zip(seen, moving, strict=True)
    ]
    packets.sort(key=lambda packet: packet.at_ms)
    return samples, [packet for packet in packets if start_ms <= packet.at_ms < end_ms]


def _pages(
    reader: VideoReader,
    keys: Sequence[Sample],
    between: Sequence[Gap],
    report: Callable[[int], None],
) -> PageBuilder:
    """The pages of the range: key frames, and every picture where something happened."""
    builder = PageBuilder()
    at = {key.at_ms: key for key in keys}
    before: Sample | None = None
    restless = False
    for gap in between:
        key = at.get(gap.start_ms)
        if key is not None:
            builder.add(key, restless)
            before = key
        restless = gap.busy and not gap.bursts
        after = at.get(gap.end_ms)
        if before is not None and _is_eventful(gap, before, after):
            thorough = _is_thorough(gap, before, after)
            for shot in changed_shots(reader, gap, thorough):
                tiles = measure(reader.gray(shot))
                builder.add(Sample(shot.at_ms, tiles, before.mask, is_key=False))
        report(gap.end_ms)
    return builder


def _is_eventful(gap: Gap, before: Sample, after: Sample | None) -> bool:
    """Whether the pictures between two key frames have to be looked at."""
    if gap.quiet:
        return False
    if gap.bursts or gap.end_ms - gap.start_ms > SPARSE_MS or after is None:
        return True
    return another_screen(before, after) and _is_thorough(gap, before, after)


def _is_thorough(gap: Gap, before: Sample, after: Sample | None) -> bool:
    """Whether movement all over the gap is no reason to look only at its bursts.

    It is none when it comes from an inset: then the screen itself can be told from it.
    """
    return not gap.busy or not before.mask.all() or (after is not None and not after.mask.all())


def _seen(earlier: Sequence[Page], page: Page) -> int | None:
    """The index of the first of the earlier states that shows the same, or None."""
    return next((k for k, old in enumerate(earlier) if same_screen(old.best, page.best)), None)
