"""Odd videos made on the spot: strange clocks, shapes, tracks and claims."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.conftest import make_media
from tests.hostile.conftest import SOUND, VIDEO
from tests.hostile.structure import mp4_boxes

HOUR, YEAR = 3_600, 31_536_000
Shift = Callable[[float, Any], float | None]


def shifted(source: Path, target: Path, shift: Shift) -> Path:
    """``source`` with every packet moved by ``shift(its second, packet)`` seconds; None: left out.

    The order in the file stays.
    """
    import av

    with av.open(str(source)) as old, av.open(str(target), "w") as new:
        tracks = {stream.index: new.add_stream_from_template(stream) for stream in old.streams}
        for packet in old.demux():
            if packet.dts is None or packet.pts is None:
                continue
            base = packet.time_base
            seconds = shift(float(packet.pts * base), packet)
            if seconds is not None:
                packet.pts += int(seconds / base)
                packet.dts += int(seconds / base)
                packet.stream = tracks[packet.stream.index]
                new.mux(packet)
    return target


def with_size(good: Path, target: Path, width: int, height: int) -> Path:
    """``good`` with another size claimed in all its headers."""
    data = good.read_bytes()
    entry = struct.pack(">HH", 96, 64) + b"\0H\0\0"  # then the resolution, 72 dpi
    assert entry in data
    data = data.replace(entry, struct.pack(">HH", width, height) + b"\0H\0\0")
    track = struct.pack(">II", 96 << 16, 64 << 16)
    target.write_bytes(data.replace(track, struct.pack(">II", width << 16, height << 16)))
    return target


def with_duration(good: Path, target: Path, seconds: int) -> Path:
    """``good`` with another duration claimed by the headers of the file and of its tracks."""
    data = bytearray(good.read_bytes())
    places = {b"mvhd": (20, 24), b"mdhd": (20, 24), b"tkhd": (None, 28)}
    for start, _ in mp4_boxes(bytes(data)):
        name = bytes(data[start + 4 : start + 8])
        if name in places:
            scale_at, at = places[name]
            scale = 1000
            if scale_at is not None:
                scale = int.from_bytes(data[start + scale_at : start + scale_at + 4], "big")
            claimed = min(seconds * scale, 0xFFFFFFFF)
            data[start + at : start + at + 4] = claimed.to_bytes(4, "big")
    target.write_bytes(data)
    return target


def with_zeros(good: Path, target: Path, box: bytes, at: int, length: int = 4) -> Path:
    """``good`` with zeros at a place in all boxes of a kind."""
    data = bytearray(good.read_bytes())
    for start, _ in mp4_boxes(bytes(data)):
        if data[start + 4 : start + 8] == box:
            data[start + at : start + at + length] = bytes(length)
    target.write_bytes(data)
    return target


def black_png(target: Path, width: int, height: int) -> Path:
    """A picture of one bit a pixel: 32 MB of black pack into 32 kB."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + bytes(width // 8)) * height, 9)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    target.write_bytes(b"\x89PNG\r\n\x1a\n" + parts)
    return target


def of_pictures(target: Path, picture: Path) -> Path:
    """A video of two seconds whose pictures are the file ``picture`` as it is."""
    return make_media(
        target,
        *("-f", "png_pipe", "-framerate", "1", "-i", str(picture)),
        *("-f", "lavfi", "-i", "sine=duration=2", "-c:v", "copy", *SOUND),
    )


def of_shape(target: Path, size: str, *options: str) -> Path:
    """Three seconds of a black picture of ``size``, and a tone."""
    return make_media(
        target,
        *("-f", "lavfi", "-i", f"color=black:size={size}:rate=2:duration=3"),
        *("-f", "lavfi", "-i", "sine=duration=3", *VIDEO, *SOUND, *options),
    )


def changing_size(folder: Path, good: Path) -> Path:
    """A transport stream whose pictures become larger in the middle."""
    first = make_media(folder / "first.ts", "-i", str(good), "-c", "copy")
    second = make_media(
        folder / "second.ts",
        *("-f", "lavfi", "-i", "testsrc2=size=320x240:rate=5:duration=2"),
        *("-f", "lavfi", "-i", "sine=duration=2", *VIDEO, *SOUND, "-output_ts_offset", "4"),
    )
    target = folder / "changing.ts"
    target.write_bytes(first.read_bytes() + second.read_bytes())
    return target


def many_tracks(target: Path, good: Path, subtitle: Path, count: int) -> Path:
    """``good`` with ``count`` text tracks."""
    maps = [word for _ in range(count) for word in ("-map", "1")]
    return make_media(
        target, "-i", str(good), "-i", str(subtitle), "-map", "0", *maps, "-c", "copy"
    )


def fast_and_short(target: Path) -> Path:
    """Pictures at a million a second, and four seconds of sound."""
    return make_media(
        target,
        *("-f", "lavfi", "-i", "testsrc=size=96x64:rate=1000000:duration=0.0002"),
        *("-f", "lavfi", "-i", "sine=duration=4", *VIDEO, *SOUND),
    )


def damaged_inside(target: Path, good: Path) -> Path:
    """``good`` with noise in the packets of its picture from 1.3 s to 2.7 s."""
    import av

    data = bytearray(good.read_bytes())
    with av.open(str(good)) as container:
        for packet in container.demux(video=0):
            if packet.pts is not None and 1.3 <= float(packet.pts * packet.time_base) <= 2.7:
                place = data.index(bytes(packet))
                data[place + 8 : place + packet.size] = b"\xa5" * (packet.size - 8)
    target.write_bytes(data)
    return target


def put_end_to_end(folder: Path, good: Path, *starts_s: int) -> Path:
    """A transport stream of copies of ``good``, each with a clock that starts at its own second."""
    target = folder / "pieces.ts"
    pieces = b""
    for start_s in starts_s:
        piece = make_media(
            folder / "piece.ts", "-i", str(good), "-c", "copy", "-output_ts_offset", str(start_s)
        )
        pieces += piece.read_bytes()
        piece.unlink()
    target.write_bytes(pieces)
    return target


def encrypted(target: Path, good: Path) -> Path:
    """``good`` under Common Encryption (ISO/IEC 23001-7), as streaming services protect videos."""
    return make_media(
        target,
        *("-i", str(good), "-c", "copy", "-encryption_scheme", "cenc-aes-ctr"),
        *("-encryption_key", "00112233445566778899aabbccddeeff"),
        *("-encryption_kid", "ffeeddccbbaa99887766554433221100"),
    )
