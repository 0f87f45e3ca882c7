"""Reading a video's pictures by their exact times, with PyAV.

Times are integer milliseconds from the start of the container, whatever its first timestamp is: a
recording whose timestamps start at 7 s starts at 0 here, as it does in a player.
"""

from __future__ import annotations

import contextlib
from bisect import bisect_right
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from pipeline.errors import MediaError

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

SEEK_BACK_MS = (0, 3_000, 10_000, 30_000, 120_000)


@dataclass(frozen=True)
class Packet:
    """A compressed picture: when it is shown, how many bytes it took, and if it stands alone."""

    at_ms: int
    size: int
    is_key: bool


@dataclass(frozen=True)
class Shot:
    """One decoded picture and its time."""

    at_ms: int
    frame: Any  # av.VideoFrame


class VideoReader:
    """An open video file. Use as a context manager.

    ``damaged`` counts the packets and pictures that could not be decoded so far.

    Raises:
        MediaError: the file cannot be opened or has no picture track.
    """

    def __init__(self, path: Path) -> None:
        import av
        from av.video.reformatter import VideoReformatter

        self.path = path
        self.damaged = 0
        try:
            self._container: av.container.InputContainer = av.open(str(path))
        except (OSError, ValueError) as error:
            raise MediaError(f"{path} cannot be opened as a video: {error}") from error
        streams = [s for s in self._container.streams.video if not _is_cover(s)]
        if not streams:
            self._container.close()
            raise MediaError(f"{path} has no picture track")
        self._stream: av.video.stream.VideoStream = streams[0]
        self._stream.thread_type = "AUTO"
        # A damaged picture is reported, not painted over with what was there before.
        self._stream.codec_context.options = {"err_detect": "explode"}
        self._has_key = False
        self._scaler = VideoReformatter()
        self._offset_ms = (self._container.start_time or 0) / 1000

    def __enter__(self) -> VideoReader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._container.close()

    def analysis_size(self) -> tuple[int, int]:
        """Width and height of the small gray pictures, upright, multiples of 8."""
        context = self._stream.codec_context
        width, height = context.width or 16, context.height or 9
        aspect = self._stream.sample_aspect_ratio
        ratio = height / (width * float(aspect or 1))
        return ANALYSIS_WIDTH, max(8, round(ANALYSIS_WIDTH * ratio / 8) * 8)

    def keys(self, index: list[Packet], start_ms: int, end_ms: int) -> Iterator[Shot]:
        """The key frames from the one before ``start_ms`` up to ``end_ms``, decoding nothing else.

        All packets that pass by are added to ``index``, in the order of the file.
        """
        self._seek(start_ms)
        self._stream.codec_context.skip_frame = "DEFAULT"
        for packet in self._packets():
            at_ms = self._ms_of(packet)
            if at_ms is None:
                continue
            if packet.is_keyframe and at_ms >= end_ms:
                break
            index.append(Packet(at_ms, packet.size, bool(packet.is_keyframe)))
            if packet.is_keyframe:
                yield from self._decode(packet)
        yield from self._decode(None)

    def between(
        self, start_ms: int, end_ms: int, wanted: Container[int] | None = None
    ) -> Iterator[Shot]:
        """Every picture from ``start_ms`` to ``end_ms``, both included, in order.

        Decodes from the key frame before ``start_ms``; stops as soon as the caller does. With
        ``wanted`` (times in ms), other pictures are left out where no picture is built on them,
        which halves the work for most encodings.
        """
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

    def shot_at(self, at_ms: int) -> Shot | None:
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

    def shots_at(
        self, times_ms: Sequence[int], keys_ms: Sequence[int]
    ) -> Iterator[tuple[int, Shot | None]]:
        """Each of the times, which are in order, with its picture or None as ``shot_at`` gives it.

        Pictures that build on the same key frame (``keys_ms``, in order) are decoded together.
        """
        together: dict[int, list[int]] = {}
        for at_ms in times_ms:
            together.setdefault(bisect_right(keys_ms, at_ms), []).append(at_ms)
        for group in together.values():
            if len(group) == 1:
                yield group[0], self.shot_at(group[0])
                continue
            waiting = list(group)
            for shot in self.between(group[0], group[-1], frozenset(group)):
                while waiting and waiting[0] < shot.at_ms:
                    yield waiting.pop(0), None
                if waiting and waiting[0] == shot.at_ms:
                    yield waiting.pop(0), shot
            yield from ((at_ms, None) for at_ms in waiting)

    def gray(self, shot: Shot) -> Gray:
        """The small gray picture of ``shot``: shape (height, width) of ``analysis_size``, uint8."""
        import numpy as np

        width, height = self.analysis_size()
        small = self._scaler.reformat(
            shot.frame, width=width, height=height, format="gray", interpolation="AREA"
        )
        gray: Gray = np.ascontiguousarray(small.to_ndarray())
        return gray

    def picture(self, shot: Shot) -> Image:
        """The full picture of ``shot``, RGB, upright, with square pixels."""
        image: Image = shot.frame.to_image()
        if turn := int(getattr(shot.frame, "rotation", 0) or 0):
            image = image.rotate(turn, expand=True)
        return image

    def _seek(self, at_ms: int) -> None:
        """Go to the key frame before ``at_ms`` (or the first one there is).

        Some containers seek only roughly and may come out too late or between key frames: then the
        attempt is made again from further back.
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
        base = self._stream.time_base
        assert base is not None
        target = int((at_ms + self._offset_ms) / 1000 / float(base))
        with contextlib.suppress(OSError):  # some streams cannot seek to their very start
            self._container.seek(max(target, 0), stream=self._stream, backward=True)
        self._has_key = False

    def _packets(self) -> Iterator[Any]:
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except (OSError, ValueError):
                self.damaged += 1
                return
            if packet.size:
                yield packet

    def _decode(self, packet: Any) -> Iterator[Shot]:
        if packet is not None and packet.is_keyframe:
            self._has_key = True
        try:
            frames = self._stream.codec_context.decode(packet)
        except (OSError, ValueError, EOFError):
            # Before the first key frame after a seek, pictures may lack what they are built on.
            self.damaged += self._has_key
            return
        for frame in frames:
            if frame.pts is not None and not frame.is_corrupt:
                yield Shot(self._ms(frame.pts), frame)

    def _ms_of(self, packet: Any) -> int | None:
        return None if packet.pts is None else self._ms(packet.pts)

    def _ms(self, pts: int) -> int:
        base = self._stream.time_base
        assert base is not None
        return max(0, round(float(pts * base) * 1000 - self._offset_ms))


def _is_cover(stream: Any) -> bool:
    """Whether the "video" is the still cover picture of an audio file."""
    return "attached_pic" in str(stream.disposition).lower()
