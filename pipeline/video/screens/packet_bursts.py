"""What the sizes of the packets tell about the time between two key frames, without decoding.

An encoder spends next to nothing on a picture that repeats the last one, a few kilobytes on a new
line of text, and nearly a whole key frame on a new screen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median

from pipeline.video.screens.packets import Packet, PacketIndex

STILL_BYTES = 400  # packets of an unchanged 1080p screen stay below this
BURST = 0.3  # of a key frame: a packet that paints this much may be another screen
SUDDEN = 1.5  # of the largest packet that a quarter second usually has, where something moves
BIN_MS = 250  # a keystroke or a step of the pointer is over in this time; a camera is not
BUSY_BYTES = 2_500  # in a quarter second, 80 kbit/s: typing and a pointer take less
BUSY = 0.16  # of a key frame: when most quarter seconds take more, something moves all the time


@dataclass(frozen=True)
class KeyFrameGap:
    """The time between two analysed key frames (or the ends of the range).

    ``packets`` are those strictly between; ``key_bytes`` is the size of the smaller key frame.
    """

    start_ms: int
    end_ms: int
    packets: tuple[Packet, ...]
    key_bytes: int

    @cached_property
    def intra(self) -> bool:
        """Every picture stands alone: the sizes say nothing of what changed."""
        return 2 * sum(packet.is_key for packet in self.packets) > len(self.packets)

    @cached_property
    def quiet(self) -> bool:
        """Nothing changed before the end of the gap."""
        return all(packet.size <= STILL_BYTES for packet in self.packets)

    @cached_property
    def busy(self) -> bool:
        """Something moves all the time: a camera, a clip."""
        if self.intra:
            return False
        least = max(BUSY_BYTES, BUSY * self.key_bytes)
        moving = sum(sum(sizes) > least for sizes in self._bins)
        return moving > 0.6 * (self.end_ms - self.start_ms) / BIN_MS

    @cached_property
    def bursts(self) -> tuple[Packet, ...]:
        """The packets that may hold another screen."""
        if self.intra:
            return ()
        least = max(2_000, BURST * self.key_bytes)
        if self.busy:
            usual = median(max(sizes) for sizes in self._bins)
            least = max(least, 3 * median(packet.size for packet in self.packets), SUDDEN * usual)
        return tuple(packet for packet in self.packets if packet.size > least)

    @cached_property
    def _bins(self) -> tuple[list[int], ...]:
        """The sizes of the packets of each quarter second that has any."""
        bins: dict[int, list[int]] = {}
        for packet in self.packets:
            bins.setdefault((packet.at_ms - self.start_ms) // BIN_MS, []).append(packet.size)
        return tuple(bins.values())


def key_frame_gaps(
    packets: PacketIndex, marks_ms: Sequence[int], start_ms: int, end_ms: int
) -> Iterator[KeyFrameGap]:
    """The gaps before, between and after the marks, in order.

    Args:
        packets: of the range.
        marks_ms: the times of the analysed key frames, in order.
    """
    edges = [*dict.fromkeys((start_ms, *marks_ms, end_ms))]
    for left, right in pairwise(edges):
        sizes = [packets.key_bytes(left), packets.key_bytes(right)]
        key_bytes = min((size for size in sizes if size is not None), default=0)
        yield KeyFrameGap(left, right, packets.between(left, right), key_bytes)
