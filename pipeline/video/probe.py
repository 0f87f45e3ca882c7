"""What a media file holds, and how long it really is: asked of the file itself, through PyAV.

Headers are believed only as far as the packets bear them out: a recording without a duration in
its header (a browser's MediaRecorder), a variable frame rate, timestamps that begin at seven
seconds and a file that was cut off are all told from the last packets that are there.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import MediaError, SourceError
from pipeline.timecode import clock
from pipeline.video.container_tags import TextTrack, embedded_details, text_track_of
from pipeline.video.magic_bytes import identify
from pipeline.video.metadata import VideoMetadata
from pipeline.video.safe_open import MAX_PIXELS, intact_packets, open_media, undecodable
from pipeline.video.unsupported import (
    RAW_FORMATS,
    refuse_encrypted,
    refuse_jumps,
    refuse_shape,
    refuse_truncated,
)

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.stream import Stream

_TAIL_US = 10_000_000  # how far before the stated end the search for the last packet begins
_LONGEST_MS = 48 * 3_600_000  # longer is a clock that jumped
_HIGHEST_RATE = 1000.0  # frames a second


@dataclass(frozen=True)
class Probe:
    """What ``probe`` found.

    ``duration_ms`` counts from the earliest timestamp of picture or sound, which is ``start_ms`` in
    the file's own timestamps: time 0 of the lecture is there, and whoever decodes subtracts it.
    ``width``, ``height`` (as shown, rotation honoured, pixels) and ``fps`` (mean, frames a second)
    are 0 without a picture. ``rotation`` is the clockwise turn in degrees that shows the stored
    picture upright: 0, 90, 180 or 270. ``details`` are what the container says of itself,
    ``subtitles`` its text tracks in order. The stated language of a sound
    track is left out: many encoders write English whatever is spoken.
    """

    duration_ms: int
    start_ms: int
    width: int
    height: int
    fps: float
    rotation: int
    has_audio: bool
    details: VideoMetadata
    subtitles: tuple[TextTrack, ...]


def probe(path: Path) -> Probe:
    """What is in the media file ``path``.

    Raises:
        SourceError: it is not a video or audio file, holds nothing that plays, is cut off or
            encrypted, or its pictures or its length are beyond all measure.
    """
    import av

    try:
        with open_media(path) as container:
            return _probe(path, container)
    except av.FFmpegError as error:
        raise SourceError(*_why_unreadable(path, str(error.strerror or error))) from error


def _probe(path: Path, container: InputContainer) -> Probe:
    playable = _playable(container)
    if not playable:
        raise SourceError(f"{path} holds neither picture nor sound", "give a video file")
    start_us = container.start_time or 0
    end_us = _end_us(container, playable)
    if end_us is None or end_us <= start_us:
        raise SourceError(
            f"{path} has no length: there is nothing to play", "download or record it again"
        )
    refuse_truncated(path, container, playable, start_us, end_us)
    duration_ms = round((end_us - start_us) / 1000)
    if duration_ms > _LONGEST_MS:
        raise SourceError(
            f"{path} lasts {clock(duration_ms)} by its clock, which cannot be right",
            "convert it first, which resets its clock",
        )
    refuse_encrypted(path, container, playable)
    refuse_jumps(path, container, playable)
    video = next((stream for stream in playable if stream.type == "video"), None)
    width, height, rotation = _picture(path, container, video)
    return Probe(
        duration_ms=duration_ms,
        start_ms=round(start_us / 1000),
        width=width,
        height=height,
        fps=_mean_rate(video, duration_ms),
        rotation=rotation,
        has_audio=any(stream.type == "audio" for stream in playable),
        details=embedded_details(container, start_us, duration_ms),
        subtitles=tuple(map(text_track_of, container.streams.subtitles)),
    )


def _playable(container: InputContainer) -> list[Stream]:
    """The streams that play: no cover pictures, data or text tracks."""
    from av.stream import Disposition

    streams: list[Stream] = [*container.streams.video, *container.streams.audio]
    return [
        stream
        for stream in streams
        if stream.codec_context is not None and not stream.disposition & Disposition.attached_pic
    ]


def _end_us(container: InputContainer, streams: list[Stream]) -> int | None:
    """Where the last packet ends, in microseconds of the file's clock; None when there is none."""

    stated = container.duration
    if stated and container.format.name not in RAW_FORMATS:
        try:
            container.seek(max(0, (container.start_time or 0) + stated - _TAIL_US))
        except undecodable():
            return _last_packet_end(container, streams)
        # What is near the stated end is enough; nothing there means that the file is cut off.
        if (end := _last_packet_end(container, streams)) is not None:
            return end
        container.seek(0)
    return _last_packet_end(container, streams)


def _last_packet_end(container: InputContainer, streams: list[Stream]) -> int | None:
    latest: dict[int, int] = {}
    for packet in intact_packets(container, streams):
        if packet.pts is not None and not packet.is_corrupt:
            end = packet.pts + (packet.duration or 0)
            index = packet.stream.index
            latest[index] = max(latest.get(index, end), end)
    ends = [
        int(latest[stream.index] * Fraction(stream.time_base or 0) * 1_000_000)
        for stream in streams
        if stream.index in latest
    ]
    return max(ends, default=None)


def _picture(path: Path, container: InputContainer, video: Stream | None) -> tuple[int, int, int]:
    """Width and height as shown, and the rotation; from the first picture that decodes."""

    if video is None:
        return 0, 0, 0
    context: Any = video.codec_context
    refuse_shape(path, context.width, context.height)
    # Also for what the header does not tell: the decoder refuses a picture that is too large.
    context.options = {"max_pixels": str(MAX_PIXELS)}
    try:
        container.seek(container.start_time or 0)
        frame: Any = next(container.decode(video), None)
    except undecodable() as error:
        raise SourceError(
            f"{path}: its pictures cannot be decoded, or have more than {MAX_PIXELS:,} pixels: "
            f"{getattr(error, 'strerror', error)}",
            "convert it to H.264 first",
        ) from error
    if frame is None:
        raise SourceError(f"{path} holds a picture track without a picture", "record it again")
    refuse_shape(path, frame.width, frame.height)
    rotation = -int(frame.rotation) % 360  # FFmpeg counts against the clock
    turned = rotation in (90, 270)
    size = (frame.height, frame.width) if turned else (frame.width, frame.height)
    return *size, rotation


def _mean_rate(video: Any, duration_ms: int) -> float:
    """Mean frames a second, to three decimals; the count of frames beats a stated rate."""
    if video is None:
        return 0.0
    if video.frames and video.duration:
        counted = float(video.frames / (video.duration * video.time_base))
        return round(counted, 3) if 0 < counted <= _HIGHEST_RATE else 0.0
    rate = video.average_rate or video.guessed_rate or 0
    # A browser's recording states its clock (1000 a second) for lack of a frame rate.
    return round(float(rate), 3) if rate <= 240 else 0.0


def _why_unreadable(path: Path, reason: str) -> tuple[str, str]:
    """Message and hint for a file that does not open."""
    try:
        with path.open("rb") as file:
            head = file.read(1000)
    except OSError as error:
        raise MediaError(f"{path} cannot be read: {error.strerror}") from error
    if not head:
        return f"{path} is empty (0 bytes)", "download or record it again"
    if head[4:8] in (b"styp", b"sidx", b"moof"):
        return (
            f"{path} is a piece of a stream: the initialization segment, which says how to play "
            "it, is missing",
            "put that segment (init.mp4, or what the manifest calls it) before the pieces, or give "
            "the address of the manifest",
        )
    if head[4:8] == b"ftyp":
        return (
            f"{path} is cut off: its index (the moov atom) is missing, so nothing can be played",
            "download or copy it again, or end the recording properly",
        )
    if what := identify(head):
        return f"{path} is not a video but {what}", "give a video or audio file"
    return f"{path} is not a video: {reason}", "give a video or audio file that ffmpeg can play"
