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
from pipeline.media.details import Details
from pipeline.media.tags import embedded_details, language_of
from pipeline.timecode import clock, parse_ms

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.stream import Stream

_TAIL_US = 10_000_000  # how far before the stated end the search for the last packet begins
_MISSING_MS = 2_000  # a file that ends this much before its header says, and by this share
_MISSING_SHARE = 0.01  # of it, is cut off; less is the rounding of containers
_STILLS = frozenset({"image2", "tty", "bin", "xbin", "idf"})  # FFmpeg shows pictures and ANSI art
_RAW_FORMATS = frozenset({"mp3", "aac", "h264", "hevc", "ac3"})  # duration guessed from bit rate


@dataclass(frozen=True)
class Probe:
    """What ``probe`` found.

    ``duration_ms`` counts from the earliest timestamp of picture or sound, which is ``start_ms`` in
    the file's own timestamps: time 0 of the lecture is there, and whoever decodes subtracts it.
    ``width``, ``height`` (as shown, rotation honoured, pixels) and ``fps`` (mean, frames a second)
    are 0 without a picture. ``rotation`` is the clockwise turn in degrees that shows the stored
    picture upright: 0, 90, 180 or 270. ``details`` are what the container says of itself,
    ``subtitles`` the languages of its text tracks (None: not said). The stated language of a sound
    track is left out: many encoders write English whatever is spoken.
    """

    duration_ms: int
    start_ms: int
    width: int
    height: int
    fps: float
    rotation: int
    has_audio: bool
    details: Details
    subtitles: tuple[str | None, ...]


def probe(path: Path) -> Probe:
    """What is in the media file ``path``.

    Raises:
        SourceError: it is not a video or audio file, holds nothing that plays, or is cut off.
    """
    import av

    try:
        with av.open(str(path), metadata_errors="replace") as container:
            return _probe(path, container)
    except av.FFmpegError as error:
        raise SourceError(*_why_unreadable(path, str(error.strerror or error))) from error


def _probe(path: Path, container: InputContainer) -> Probe:
    kind = container.format.name
    if kind in _STILLS or kind.endswith("_pipe"):
        raise SourceError(f"{path} is not a video but a picture or a text", "give a video file")
    playable = _playable(container)
    if not playable:
        raise SourceError(f"{path} holds neither picture nor sound", "give a video file")
    start_us = container.start_time or 0
    end_us = _end_us(container, playable)
    if end_us is None or end_us <= start_us:
        raise SourceError(
            f"{path} has zero length: nothing in it can be played", "download or record it again"
        )
    _refuse_truncated(path, container, playable, start_us, end_us)
    duration_ms = round((end_us - start_us) / 1000)
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
        subtitles=tuple(language_of(stream) for stream in container.streams.subtitles),
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
    import av

    stated = container.duration
    if stated and container.format.name not in _RAW_FORMATS:
        try:
            container.seek(max(0, (container.start_time or 0) + stated - _TAIL_US))
        except av.FFmpegError:
            return _last_packet_end(container, streams)
        # What is near the stated end is enough; nothing there means that the file is cut off.
        if (end := _last_packet_end(container, streams)) is not None:
            return end
        container.seek(0)
    return _last_packet_end(container, streams)


def _last_packet_end(container: InputContainer, streams: list[Stream]) -> int | None:
    import av

    latest: dict[int, int] = {}
    try:
        for packet in container.demux(streams):
            if packet.pts is not None and packet.size and not packet.is_corrupt:
                end = packet.pts + (packet.duration or 0)
                index = packet.stream.index
                latest[index] = max(latest.get(index, end), end)
    except av.FFmpegError:
        pass  # a damaged end is the end
    ends = [
        int(latest[stream.index] * Fraction(stream.time_base or 0) * 1_000_000)
        for stream in streams
        if stream.index in latest
    ]
    return max(ends, default=None)


def _refuse_truncated(
    path: Path, container: InputContainer, streams: list[Stream], start_us: int, end_us: int
) -> None:
    """Compare what the header promises with what is there."""
    promised_ms = _promised_us(container, streams, start_us) // 1000
    found_ms = (end_us - start_us) // 1000
    if promised_ms - found_ms > max(_MISSING_MS, promised_ms * _MISSING_SHARE):
        raise SourceError(
            f"{path} is cut off: it should last {clock(promised_ms)} and ends at {clock(found_ms)}",
            "download or copy it again",
        )


def _promised_us(container: InputContainer, streams: list[Stream], start_us: int) -> int:
    """How long picture or sound should last by the header, in microseconds; 0: it does not say.

    A stream's own duration is asked first: that of the container may count a longer text track.
    Matroska states its durations from the file's zero, not from the first timestamp.
    """
    if container.format.name in _RAW_FORMATS:
        return 0
    stated = [
        int(stream.duration * Fraction(stream.time_base or 0) * 1_000_000)
        for stream in streams
        if stream.duration
    ]
    if stated:
        return max(stated)
    tagged = [tag for stream in streams if (tag := stream.metadata.get("DURATION"))]
    if tagged:
        return max(parse_ms(tag) for tag in tagged) * 1000 - start_us
    if container.streams.subtitles:
        return 0
    before = start_us if "matroska" in container.format.name else 0
    return (container.duration or 0) - before


def _picture(path: Path, container: InputContainer, video: Stream | None) -> tuple[int, int, int]:
    """Width and height as shown, and the rotation; from the first picture that decodes."""
    import av

    if video is None:
        return 0, 0, 0
    try:
        container.seek(container.start_time or 0)
        frame: Any = next(container.decode(video), None)
    except av.FFmpegError as error:
        raise SourceError(
            f"{path}: its pictures cannot be decoded: {error.strerror}", "convert it to H.264 first"
        ) from error
    if frame is None:
        raise SourceError(f"{path} holds a picture track without a picture", "record it again")
    rotation = -int(frame.rotation) % 360  # FFmpeg counts against the clock
    turned = rotation in (90, 270)
    size = (frame.height, frame.width) if turned else (frame.width, frame.height)
    return *size, rotation


def _mean_rate(video: Any, duration_ms: int) -> float:
    """Mean frames a second, to three decimals; the count of frames beats a stated rate."""
    if video is None:
        return 0.0
    if video.frames and video.duration:
        return round(float(video.frames / (video.duration * video.time_base)), 3)
    rate = video.average_rate or video.guessed_rate or 0
    # A browser's recording states its clock (1000 a second) for lack of a frame rate.
    return round(float(rate), 3) if rate <= 240 else 0.0


def _why_unreadable(path: Path, reason: str) -> tuple[str, str]:
    """Message and hint for a file that does not open."""
    try:
        with path.open("rb") as file:
            head = file.read(12)
    except OSError as error:
        raise MediaError(f"{path} cannot be read: {error.strerror}") from error
    if not head:
        return f"{path} is empty (0 bytes)", "download or record it again"
    if head[4:8] == b"ftyp":
        return (
            f"{path} is cut off: its index (the moov atom) is missing, so nothing can be played",
            "download or copy it again, or end the recording properly",
        )
    return f"{path} is not a video: {reason}", "give a video or audio file that ffmpeg can play"
