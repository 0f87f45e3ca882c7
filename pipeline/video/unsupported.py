"""Media files that open and still cannot be converted: each is refused in words.

Every function here raises ``SourceError`` or does nothing.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import SourceError
from pipeline.timecode import clock, parse_ms
from pipeline.video.safe_open import MAX_PIXELS, intact_packets

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.stream import Stream

_MISSING_MS = 2_000  # a file that ends this much before its header says, and by this share
_MISSING_SHARE = 0.01  # of it, is cut off; less is the rounding of containers
_NARROWEST = 1 / 32  # of the longer side: a phone held upright has about a half
_LOOKED_AT = 500  # packets, to see one of each track
_JUMP_US = 1_000_000  # a clock that goes back by more than this was reset
# ffmpeg takes a longer way forward for a new clock, too (its dts_delta_threshold), and hears the
# sound on one clock: pictures must not be on another.
_AHEAD_US = 10_000_000
_STREAMED = frozenset({"mpegts", "mpeg", "flv", "live_flv"})  # pieces can be put end to end
RAW_FORMATS = frozenset({"mp3", "aac", "h264", "hevc", "ac3"})  # duration guessed from bit rate


class ClockJumpError(SourceError):
    """The file's clock jumps: it must be put on one clock before anything is dated by it."""


def refuse_truncated(
    path: Path, container: InputContainer, streams: list[Stream], start_us: int, end_us: int
) -> None:
    """Compare what the header promises with what is there: ``start_us`` to ``end_us``."""
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
    if container.format.name in RAW_FORMATS:
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
        return max(map(_tag_ms, tagged)) * 1000 - start_us
    if container.streams.subtitles:
        return 0
    before = start_us if "matroska" in container.format.name else 0
    return (container.duration or 0) - before


def _tag_ms(tag: str) -> int:
    """The time in a tag, 0 when it is none: anybody can write a tag."""
    try:
        return parse_ms(tag)
    except ValueError:
        return 0


def refuse_encrypted(path: Path, container: InputContainer, streams: list[Stream]) -> None:
    """Protected streams decode to noise, without an error."""
    container.seek(container.start_time or 0)
    unseen = {stream.index for stream in streams}
    for packet in islice(intact_packets(container, streams), _LOOKED_AT):
        if packet.has_sidedata("encryption_info"):
            raise SourceError(
                f"{path} is encrypted (protected by DRM)", "give a copy without protection"
            )
        unseen.discard(packet.stream.index)
        if not unseen:
            break


def refuse_jumps(path: Path, container: InputContainer, streams: list[Stream]) -> None:
    """Pieces put end to end, each with a clock of its own, have no one time for anything.

    Raises:
        ClockJumpError: the clock goes back by a second, or ahead by ten.
    """
    if container.format.name not in _STREAMED:
        return
    container.seek(container.start_time or 0)
    latest: dict[int, int] = {}
    for packet in intact_packets(container, streams):
        if packet.dts is None:
            continue
        at_us = int(packet.dts * Fraction(packet.time_base or 0) * 1_000_000)
        before_us = latest.get(packet.stream.index, at_us)
        if not -_JUMP_US <= at_us - before_us <= _AHEAD_US:
            start_us = container.start_time or 0
            was, now = (max(0, us - start_us) // 1000 for us in (before_us, at_us))
            raise ClockJumpError(
                f"the clock of {path} jumps from {clock(was)} to {clock(now)}",
                f"give it one clock first: ffmpeg -i {path.name} -c copy {path.stem}.mp4",
            )
        latest[packet.stream.index] = at_us


def refuse_shape(path: Path, width: int, height: int) -> None:
    """Pictures that no screen has: they show nothing and fill the memory."""
    narrow = width and height and min(width, height) / max(width, height) < _NARROWEST
    if narrow or width * height > MAX_PIXELS:
        raise SourceError(
            f"{path}: its pictures of {width} x {height} pixels are of no screen",
            "scale it down first",
        )
