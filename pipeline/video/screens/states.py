"""All states of the screen of a video, with the frame that shows each one best."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from pipeline.engine.progress import Progress, Silent
from pipeline.video.screens.candidates import Sample, ScreenCandidate, screen_candidates
from pipeline.video.screens.change_pass import samples
from pipeline.video.screens.disk_buffer import PictureBuffer
from pipeline.video.screens.duplicates import DuplicateIndex
from pipeline.video.screens.keyframes import KeyFrames
from pipeline.video.screens.merging import states
from pipeline.video.screens.overlays import is_menu
from pipeline.video.screens.packet_bursts import STILL_BYTES
from pipeline.video.screens.packets import Packet, PacketIndex
from pipeline.video.screens.regions import FULL, Region, around, cut
from pipeline.video.screens.tiles import changed
from pipeline.video.screens.video_reader import VideoReader

if TYPE_CHECKING:
    from PIL.Image import Image

Take = Callable[[int, "Image"], None]


@dataclass(frozen=True)
class ScreenState:
    """One state of the screen.

    ``at_ms`` is the exact time of the frame that shows it fullest and sharpest, within
    [start_ms, end_ms). ``same_as`` is the index of the earliest state that shows the same, or None.
    ``inset`` is where a picture moves all the time (a webcam); ``overlay`` is where something is
    laid over the state before, or was laid over it and is gone; both as shares of the picture
    without its black borders, None when there is no such region. ``moving`` is true when most of
    its pictures differ from the one before, as a camera's do.
    """

    at_ms: int
    start_ms: int
    end_ms: int
    same_as: int | None = None
    inset: Region | None = None
    overlay: Region | None = None
    moving: bool = False


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

    with VideoReader(path) as reader, _Aside(path, reader) as aside:
        keys = KeyFrames(reader, start_ms, end_ms)
        watched = states(
            screen_candidates(samples(reader, keys, start_ms, end_ms, report), start_ms, end_ms)
        )
        # Where borders may have to be cut off, pictures wait until all of the range is known.
        whole = keys.brightest.reaches_every_side
        found = _at_once(watched, keys) if whole else _afterwards(watched, keys)
        out: list[ScreenState] = []
        numbers: list[int | None] = []  # of the screens in ``out``; None where none could be read
        for one, image in found:
            at_ms, image = (one.at_ms, image) if image else aside.picture(one)
            numbers.append(len(out) if image else None)
            if image is None:
                reader.damaged += 1
                continue
            image, area = cut(image, FULL if whole else keys.brightest.region)
            take(at_ms, image)
            out.append(one.state(at_ms, area, numbers))
        report(end_ms)
        if reader.damaged:
            listener.warn(
                f"{path.name}: {reader.damaged} damaged packets in the picture track; "
                "a screen may be missing there"
            )
    return tuple(out)


@dataclass(frozen=True)
class _Screen:
    """A state as it was found, before its picture is taken.

    ``alike`` are the numbers of the earlier ones that show the same.
    """

    at_ms: int
    start_ms: int
    end_ms: int
    inset: Region | None
    overlay: Region | None
    alike: tuple[int, ...]
    moving: bool

    def state(self, at_ms: int, area: Region, numbers: list[int | None]) -> ScreenState:
        """The state with its picture; ``area`` is what is left of it without borders."""
        earlier = (numbers[k] for k in self.alike)
        return ScreenState(
            at_ms=at_ms,
            start_ms=self.start_ms,
            end_ms=self.end_ms,
            same_as=next((number for number in earlier if number is not None), None),
            inset=self.inset.within(area) if self.inset else None,
            overlay=self.overlay.within(area) if self.overlay else None,
            moving=self.moving,
        )


class _Compared:
    """Holds each page against those before it."""

    def __init__(self, packets: PacketIndex) -> None:
        self._packets = packets
        self._returns = DuplicateIndex()
        self._before: Sample | None = None

    def screen(self, page: ScreenCandidate) -> _Screen:
        """The next page as a screen."""
        best, before, overlay = page.best, self._before, None
        if before is not None:
            mask = before.mask & best.mask
            if is_menu(before.tiles, best.tiles, mask):
                overlay = around(changed(before.tiles, best.tiles) & mask)
        self._before = replace(best, shot=None)  # a decoded picture is megabytes
        alike = self._returns.add(best)
        inset = around(~best.mask)
        moving = _is_moving(self._packets.between(page.start_ms, page.end_ms))
        return _Screen(best.at_ms, page.start_ms, page.end_ms, inset, overlay, alike, moving)


def _is_moving(packets: Sequence[Packet]) -> bool:
    sizes = [packet.size for packet in packets if not packet.is_key]
    return bool(sizes) and median(sizes) > STILL_BYTES


def _at_once(
    found: Iterator[ScreenCandidate], keys: KeyFrames
) -> Iterator[tuple[_Screen, Image | None]]:
    """Each screen with its picture, if that was just decoded."""
    compared = _Compared(keys.packets)
    for page in found:
        yield compared.screen(page), _picture(page)


def _afterwards(
    found: Iterator[ScreenCandidate], keys: KeyFrames
) -> Iterator[tuple[_Screen, Image | None]]:
    """The same, but not before all screens are found and known to ``keys.brightest``."""
    compared = _Compared(keys.packets)
    screens = []
    pictures = PictureBuffer()
    for page in found:
        keys.brightest.add(page.best.tiles)
        screens.append(compared.screen(page))
        pictures.add(_picture(page))
    yield from zip(screens, pictures, strict=True)


def _picture(page: ScreenCandidate) -> Image | None:
    return page.best.shot.picture() if page.best.shot else None


class _Aside:
    """Fetches single pictures while the reader is on its way.

    In the middle of a stretch the reader may not be moved: then it is done through a second one,
    which is opened when it is first needed.
    """

    def __init__(self, path: Path, reader: VideoReader) -> None:
        self._path = path
        self._reader = reader
        self._second: VideoReader | None = None

    def __enter__(self) -> _Aside:
        return self

    def __exit__(self, *_: object) -> None:
        if self._second is not None:
            self._second.__exit__()

    def picture(self, screen: _Screen) -> tuple[int, Image | None]:
        """The picture of a screen and its time; in a damaged file one nearby, or None."""
        reader = self._free_reader()
        shot = reader.shot_at(screen.at_ms)
        shot = shot or next(reader.between(screen.at_ms, screen.end_ms - 1), None)
        return (shot.at_ms, shot.picture()) if shot else (screen.at_ms, None)

    def _free_reader(self) -> VideoReader:
        if not self._reader.in_use:
            return self._reader
        if self._second is None:
            self._second = VideoReader(self._path, threads=1)
        return self._second
