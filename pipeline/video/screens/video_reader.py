"""Reading a video's pictures by their exact times, with PyAV.

Times are integer milliseconds from the start of the container, whatever its first timestamp is: a
recording whose timestamps start at 7 s starts at 0 here, as it does in a player.
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import MediaError
from pipeline.video.safe_open import MAX_PIXELS, open_media, undecodable
from pipeline.video.screens.packets import PacketIndex
from pipeline.video.screens.tiles import STRIP, TILE

if TYPE_CHECKING:
    import av.container
    import av.video.stream
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    Gray = NDArray[np.uint8]

ANALYSIS_WIDTH = (
    640  # pixels: small enough to be quick, large enough for 14-pixel text to leave ink
)

MOST_KEYS = 2  # per second
ODDEST_PIXEL = 4.0  # no video has pixels more times as wide as high, or as high as wide
NEARLY_SQUARE = 0.01  # pixels this little off are drawn as squares
SEEK_BACK_MS = (0, 3_000, 10_000, 30_000, 120_000)  # key frames of the web are 2 to 10 s apart


@dataclass(frozen=True)
class DecodedFrame:
    """One decoded picture and its time; ``aspect`` is the width of its pixels by their height."""

    at_ms: int
    frame: Any  # av.VideoFrame
    aspect: float = 1.0

    @property
    def turn(self) -> int:
        """By how many degrees it has to be turned against the clock to stand upright."""
        return int(getattr(self.frame, "rotation", 0) or 0)

    def picture(self) -> Image:
        """The full picture, RGB, upright, in source resolution with square pixels."""
        image: Image = _sdr(self.frame).to_image()
        if abs(self.aspect - 1) > NEARLY_SQUARE:
            image = image.resize((round(image.width * self.aspect), image.height), resample=3)
        if self.turn:
            image = image.rotate(self.turn, expand=True)
        return image


class VideoReader:
    """An open video file. Use as a context manager.

    ``damaged`` counts the packets and pictures that could not be decoded so far; ``in_use`` is true
    in the middle of ``between``. With ``threads`` at 0 as many decode as there are cores.

    Raises:
        MediaError: the file cannot be opened or has no picture track.
    """

    def __init__(self, path: Path, threads: int = 0) -> None:
        import av
        from av.video.reformatter import VideoReformatter

        self.path = path
        self.damaged = 0
        self.in_use = False
        try:
            self._container: av.container.InputContainer = open_media(path)
        except av.FFmpegError as error:
            raise MediaError(f"{path} cannot be opened as a video: {error}") from error
        streams = [s for s in self._container.streams.video if not _is_cover(s)]
        if not streams:
            self._container.close()
            raise MediaError(f"{path} has no picture track")
        self._stream: av.video.stream.VideoStream = streams[0]
        self._stream.thread_type = "AUTO"
        self._stream.codec_context.thread_count = threads
        # A damaged picture is reported, not painted over with what was there before.
        self._stream.codec_context.options = {
            "err_detect": "explode",
            "max_pixels": str(MAX_PIXELS),
        }
        self._has_key = False
        self._aspect = _aspect(self._stream)
        # Of the first pictures, also where size or turn change later: all have to be compared.
        context = self._stream.codec_context
        self._ratio = (context.height or 9) / ((context.width or 16) * self._aspect)
        self._turned: bool | None = None
        self._scaler = VideoReformatter()
        self._offset_ms = (self._container.start_time or 0) / 1000
        base = self._stream.time_base
        assert base is not None
        self._ticks = (1000 * base.numerator, base.denominator)  # fractions are slow

    def __enter__(self) -> VideoReader:
        return self

    def __exit__(self, *_: object) -> None:
        self._container.close()

    def keys(self, index: PacketIndex, start_ms: int, end_ms: int) -> Iterator[DecodedFrame]:
        """The key frames from the one before ``start_ms`` up to ``end_ms``, decoding nothing else.

        At most ``MOST_KEYS`` in any second: in some recordings every picture is a key frame. All
        packets that pass by are added to ``index``.
        """
        self._seek(start_ms)
        self._stream.codec_context.skip_frame = "DEFAULT"
        latest: deque[int] = deque(maxlen=MOST_KEYS)
        for packet in self._packets():
            at_ms = self._ms_of(packet)
            if at_ms is None:
                continue
            if packet.is_keyframe and at_ms >= end_ms:
                break
            index.add(at_ms, packet.size, bool(packet.is_keyframe))
            crowded = len(latest) == MOST_KEYS and at_ms - latest[0] < 1_000
            if packet.is_keyframe and not crowded:
                latest.append(at_ms)
                yield from self._decode(packet)
        yield from self._decode(None)

    def between(
        self, start_ms: int, end_ms: int, wanted: Container[int] | None = None
    ) -> Iterator[DecodedFrame]:
        """Every picture from ``start_ms`` to ``end_ms``, both included, in order.

        Decodes from the key frame before ``start_ms``; stops as soon as the caller does. With
        ``wanted`` (times in ms), other pictures are left out where no picture is built on them,
        which halves the work for most encodings.
        """
        self.in_use = True
        try:
            self._seek(start_ms)
            for packet in self._packets():
                skips = wanted is not None and self._ms_of(packet) not in wanted
                self._stream.codec_context.skip_frame = "NONREF" if skips else "DEFAULT"
                for shot in self._decode(packet):
                    if shot.at_ms > end_ms:
                        return
                    if shot.at_ms >= start_ms:
                        yield shot
            for shot in self._decode(None):
                if start_ms <= shot.at_ms <= end_ms:
                    yield shot
        finally:
            self.in_use = False

    def shot_at(self, at_ms: int) -> DecodedFrame | None:
        """The picture shown from exactly ``at_ms``; None when it cannot be decoded (any more)."""
        self._seek(at_ms)
        for packet in self._packets():
            is_it = self._ms_of(packet) == at_ms
            self._stream.codec_context.skip_frame = "DEFAULT" if is_it else "NONREF"
            shots = list(self._decode(packet))
            if is_it:
                shots += self._decode(None)
            for shot in shots:
                if shot.at_ms == at_ms:
                    return shot
                if shot.at_ms > at_ms:
                    return None
            if is_it:
                return None
        return next((shot for shot in self._decode(None) if shot.at_ms == at_ms), None)

    def gray(self, shot: DecodedFrame) -> Gray:
        """The small gray picture of ``shot``, upright: shape (height, width), uint8.

        The width of the stored picture becomes ``ANALYSIS_WIDTH``; sides are multiples of a tile.
        """
        import numpy as np

        turned = bool(shot.turn % 180)
        if self._turned is None:
            self._turned = turned
        step = STRIP if self._turned else TILE
        width, height = ANALYSIS_WIDTH, max(step, round(ANALYSIS_WIDTH * self._ratio / step) * step)
        if turned != self._turned:
            width, height = height, width
        small = self._scaler.reformat(
            shot.frame, width=width, height=height, format="gray", interpolation="AREA"
        )
        gray: Gray = np.ascontiguousarray(np.rot90(small.to_ndarray(), shot.turn // 90))
        return gray

    def _seek(self, at_ms: int) -> None:
        """Go to the key frame before ``at_ms`` (or the first one there is).

        Some containers seek only roughly and may come out too late or between key frames: then the
        attempt starts from further back.
        """
        for back_ms in SEEK_BACK_MS:
            target_ms = max(0, at_ms - back_ms)
            self._seek_roughly(target_ms)
            first = next(self._packets(), None)
            landed = None if first is None else self._ms_of(first)
            good = first is not None and landed is not None and first.is_keyframe
            if target_ms == 0 or (good and landed is not None and landed <= at_ms):
                self._seek_roughly(target_ms)  # give back the packet that was looked at
                return
        self._seek_roughly(0)

    def _seek_roughly(self, at_ms: int) -> None:
        numerator, denominator = self._ticks
        target = int((at_ms + self._offset_ms) * denominator / numerator)
        with contextlib.suppress(*undecodable()):  # some streams cannot seek to their very start
            self._container.seek(max(target, 0), stream=self._stream, backward=True)
        self._has_key = False

    def _packets(self) -> Iterator[Any]:
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except undecodable():
                self.damaged += 1
                return
            if packet.size:
                yield packet

    def _decode(self, packet: Any) -> Iterator[DecodedFrame]:
        if packet is not None and packet.is_keyframe:
            self._has_key = True
        try:
            frames = self._stream.codec_context.decode(packet)
        except undecodable():
            # Before the first key frame after a seek, pictures may lack what they are built on.
            self.damaged += self._has_key
            return
        for frame in frames:
            if frame.pts is not None and not frame.is_corrupt:
                yield DecodedFrame(self._ms(frame.pts), frame, self._aspect)

    def _ms_of(self, packet: Any) -> int | None:
        return None if packet.pts is None else self._ms(packet.pts)

    def _ms(self, pts: int) -> int:
        numerator, denominator = self._ticks
        return max(0, round(pts * numerator / denominator - self._offset_ms))


def _sdr(frame: Any) -> Any:
    """``frame`` in the colours of an ordinary screen: HDR is tone-mapped, else it would be grey."""
    from av.video.reformatter import ColorPrimaries, ColorTrc

    if frame.color_trc not in (ColorTrc.SMPTE2084, ColorTrc.ARIB_STD_B67):
        return frame
    return frame.reformat(
        format="rgb24",
        dst_color_trc=ColorTrc.IEC61966_2_1,
        dst_color_primaries=ColorPrimaries.BT709,
    )


def _aspect(stream: Any) -> float:
    """The width of a pixel by its height; 1 for a shape that no pixel has."""
    aspect = float(stream.sample_aspect_ratio or 1)
    return aspect if 1 / ODDEST_PIXEL <= aspect <= ODDEST_PIXEL else 1.0


def _is_cover(stream: Any) -> bool:
    """Whether the "video" is the still cover picture of an audio file."""
    return "attached_pic" in str(stream.disposition).lower()
