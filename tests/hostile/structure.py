"""Where the pieces of a media file begin and end, for cutting it exactly there."""

from __future__ import annotations

from collections.abc import Iterator

_MP4_FOLDERS = frozenset(
    {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"dinf", b"udta", b"moof", b"traf"}
)
_EBML_FOLDERS = frozenset(
    {
        0x1A45DFA3,  # EBML
        0x18538067,  # Segment
        0x1549A966,  # Info
        0x1654AE6B,  # Tracks
        0xAE,  # TrackEntry
        0x114D9B74,  # SeekHead
        0x1F43B675,  # Cluster
        0x1C53BB6B,  # Cues
    }
)
_TS_PACKET = 188


def mp4_boxes(data: bytes, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """(begin, end) of every box, those inside others too, in the order of the file."""
    end = len(data) if end is None else end
    while start + 8 <= end:
        size = int.from_bytes(data[start : start + 4], "big")
        header = 8
        if size == 1:
            size, header = int.from_bytes(data[start + 8 : start + 16], "big"), 16
        stop = end if size == 0 else min(start + max(size, header), end)
        yield start, stop
        if data[start + 4 : start + 8] in _MP4_FOLDERS:
            yield from mp4_boxes(data, start + header, stop)
        start = stop


def ebml_elements(data: bytes, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """(begin, end) of every element of a Matroska file, in the order of the file."""
    end = len(data) if end is None else end
    while start < end:
        id_length = 9 - data[start].bit_length()
        name = int.from_bytes(data[start : start + id_length], "big")
        at = start + id_length
        if at >= end or not data[at]:
            return
        size_length = 9 - data[at].bit_length()
        size = int.from_bytes(data[at : at + size_length], "big") & ((1 << 7 * size_length) - 1)
        body = at + size_length
        unknown = size == (1 << 7 * size_length) - 1
        stop = end if unknown else min(body + size, end)
        yield start, stop
        if name in _EBML_FOLDERS:
            yield from ebml_elements(data, body, stop)
        start = stop


def ts_packets(data: bytes) -> Iterator[tuple[int, int]]:
    """(begin, end) of every packet of a transport stream."""
    for start in range(0, len(data), _TS_PACKET):
        yield start, min(start + _TS_PACKET, len(data))


def cut_points(data: bytes, pieces: Iterator[tuple[int, int]]) -> list[int]:
    """Lengths to cut ``data`` to: before, within the head of, in the middle and just before the
    end of every piece; sorted, none of them 0 or the whole."""
    points: set[int] = set()
    for start, stop in pieces:
        points |= {start, start + 4, start + 8, (start + stop) // 2, stop - 1}
    return sorted(point for point in points if 0 < point < len(data))
