"""The analysis pass: the tiles of key frames, and of pictures between them where they are sparse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from pipeline.media.screen.reader import Packet, VideoReader
from pipeline.media.screen.tiles import Tiles, measure

SPARSE_MS = 10_000  # key frames further apart than this get samples between them
BETWEEN_MS = 5_000


@dataclass(frozen=True)
class Sample:
    """One analysed picture."""

    at_ms: int
    tiles: Tiles


@dataclass(frozen=True)
class Analysis:
    """The samples in order of time, and every packet of the range by its time of display."""

    samples: tuple[Sample, ...]
    packets: tuple[Packet, ...]


def analyse(
    reader: VideoReader,
    start_ms: int,
    end_ms: int,
    report: Callable[[int], None] = lambda at_ms: None,
) -> Analysis:
    """Sample the range [start_ms, end_ms); ``report`` is told how far the pass is, in ms.

    Nothing is decoded but key frames, the first picture of the range, and the stretches in which
    the sizes of the packets say that something moved: a burst between two key frames (a change that
    the encoder gave no key frame), or key frames more than ``SPARSE_MS`` apart.
    """
    packets: list[Packet] = []
    samples: list[Sample] = []
    for shot in reader.keys(packets, start_ms, end_ms):
        if start_ms <= shot.at_ms < end_ms:
            samples.append(Sample(shot.at_ms, measure(reader.gray(shot))))
            report(shot.at_ms)
    packets.sort(key=lambda packet: packet.at_ms)
    inside = tuple(packet for packet in packets if start_ms <= packet.at_ms < end_ms)
    samples += _between(reader, samples, inside, start_ms, end_ms)
    unique = {sample.at_ms: sample for sample in samples}
    return Analysis(tuple(unique[at_ms] for at_ms in sorted(unique)), inside)


def _between(
    reader: VideoReader,
    keys: list[Sample],
    packets: tuple[Packet, ...],
    start_ms: int,
    end_ms: int,
) -> list[Sample]:
    """Samples at the moments that the key frames alone would miss."""
    found: list[Sample] = []
    marks = [start_ms, *(sample.at_ms for sample in keys), end_ms]
    for left, right in pairwise(marks):
        stretch = [packet for packet in packets if left < packet.at_ms < right]
        wanted = moments(stretch, left, right)
        if not keys or (left == start_ms and keys[0].at_ms > start_ms):
            wanted = [start_ms, *wanted]
        if not wanted:
            continue
        for shot in reader.between(wanted[0], right - 1):
            if not wanted:
                break
            if shot.at_ms >= wanted[0]:
                found.append(Sample(shot.at_ms, measure(reader.gray(shot))))
                wanted = [at_ms for at_ms in wanted if at_ms > shot.at_ms]
    return found


def moments(stretch: list[Packet], left: int, right: int) -> list[int]:
    """When to look between two key frames, in order; empty when nothing happened there.

    Args:
        stretch: the packets strictly between them.
        left, right: the times of the two key frames.
    """
    if not stretch:
        return []
    usual = median(packet.size for packet in stretch)
    bursts = [packet.at_ms for packet in stretch if packet.size > max(2_000, 8 * usual)]
    wanted: set[int] = set()
    if right - left > SPARSE_MS and max(packet.size for packet in stretch) > 500:
        wanted.update(range(left + BETWEEN_MS, right - BETWEEN_MS // 2, BETWEEN_MS))
    # Half a second after a burst the new picture has settled; bursts closer than that are one.
    last = left
    for at_ms in bursts:
        settled = min(at_ms + 500, right - 1)
        if at_ms - last > 1_000:
            wanted.add(settled)
            last = at_ms
    return sorted(wanted)
