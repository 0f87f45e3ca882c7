"""Opening media files that nobody vouches for: one file, of a format that holds picture or sound.

A "video" may be a list that makes FFmpeg open other files or addresses (HLS, DASH, concat, SDP,
scripts), or a few kilobytes that unpack to a gigabyte of picture. Every file is therefore opened
with a list of formats that refer to nothing outside themselves, with no protocol but ``file``, and
with a limit on the size of pictures.

FFmpeg's options: https://ffmpeg.org/ffmpeg-formats.html (``format_whitelist``),
https://ffmpeg.org/ffmpeg-protocols.html (``protocol_whitelist``),
https://ffmpeg.org/ffmpeg-codecs.html (``max_pixels``).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream

# A picture of 8K (8192 x 4320) has 35 million pixels.
MAX_PIXELS = 40_000_000
FORMATS = (
    *("mov", "mp4", "matroska", "webm", "avi", "flv", "live_flv", "asf", "mpeg", "mpegts"),
    *("mpegvideo", "ogg", "nut", "mxf", "gxf", "rm", "dv", "wtv", "ivf", "obu", "swf"),
    *("h264", "hevc", "m4v", "av1", "vc1", "yuv4mpegpipe"),
    *("mp3", "aac", "loas", "ac3", "eac3", "flac", "wav", "w64", "aiff", "caf", "au"),
    *("amr", "amrnb", "amrwb", "ape", "dts", "truehd", "tta", "wv", "mpc", "mpc8", "oma"),
)
_LIMITS = {"protocol_whitelist": "file", "format_whitelist": ",".join(FORMATS)}


def open_media(path: Path) -> InputContainer:
    """The open media file ``path``; the caller closes it.

    Raises:
        av.FFmpegError: it does not open, or is of a format that is not on the list.
    """
    import av

    options = _LIMITS | {"max_pixels": str(MAX_PIXELS)}
    return av.open(address(path), metadata_errors="replace", options=options)


def undecodable() -> tuple[type[Exception], ...]:
    """What PyAV raises for damaged data.

    Lengths and times beyond all measure give ``MemoryError`` (as an ``FFmpegError``) and
    ``OverflowError``; a track that turns up in the middle of a file gives ``IndexError``.
    """
    import av

    return av.FFmpegError, ValueError, OverflowError, IndexError


def intact_packets(container: InputContainer, streams: list[Stream]) -> Iterator[Packet[Stream]]:
    """The packets of ``streams`` from here on, up to the end of the file or of what is intact."""
    try:
        for packet in container.demux(streams):
            if packet.size:
                yield packet
    except undecodable():
        return


def input_options() -> dict[str, str]:
    """The same limits as options of the ffmpeg program, to stand before ``-i``."""
    return _LIMITS | {"max_pixels": str(MAX_PIXELS)}


def address(path: Path) -> str:
    """``path`` so that nothing in its name is taken for a protocol."""
    return f"file:{path}"
