"""The first pass over a video: its key frames, what moves among them, and all its packets."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.video.screens.candidates import Sample
from pipeline.video.screens.disk_buffer import TileBuffer
from pipeline.video.screens.motion_mask import MotionMask
from pipeline.video.screens.packets import PacketIndex
from pipeline.video.screens.regions import Brightest
from pipeline.video.screens.tiles import measure
from pipeline.video.screens.video_reader import DecodedFrame, VideoReader

if TYPE_CHECKING:
    from collections.abc import Sequence


class KeyFrames:
    """The key frames of [start_ms, end_ms).

    The range's first picture counts as one, whether it is a key frame or not. ``packets`` has all
    packets of the range, ``brightest`` what is ever lit in the pictures.
    """

    def __init__(self, reader: VideoReader, start_ms: int, end_ms: int) -> None:
        self.packets = PacketIndex()
        self.brightest = Brightest()
        self._times = array("q")
        self._movement = MotionMask()
        self._tiles = TileBuffer()
        first = next(reader.between(start_ms, end_ms - 1), None)
        if first is not None:
            self._add(reader, first)
        for shot in reader.keys(self.packets, start_ms, end_ms):
            latest = self._times[-1] if self._times else start_ms - 1
            if latest < shot.at_ms < end_ms:
                self._add(reader, shot)

    @property
    def times_ms(self) -> Sequence[int]:
        """The times of the key frames, in order."""
        return self._times

    def samples(self) -> Iterator[Sample]:
        """The key frames, in order of time."""
        rows = zip(self._times, self._tiles, self._movement.masks(), strict=True)
        for at_ms, tiles, mask in rows:
            yield Sample(at_ms, tiles, mask)

    def _add(self, reader: VideoReader, shot: DecodedFrame) -> None:
        tiles = measure(reader.gray(shot))
        self._times.append(shot.at_ms)
        self._tiles.add(tiles)
        self._movement.add(tiles)
        self.brightest.add(tiles)
