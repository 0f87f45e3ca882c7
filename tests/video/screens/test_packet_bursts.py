"""What the sizes of packets tell about the time between two key frames."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.video.screens.packet_bursts import KeyFrameGap
from pipeline.video.screens.packets import Packet

KEY_BYTES = 40_000


def gap_of(sizes: Sequence[int]) -> KeyFrameGap:
    """Five seconds after a key frame, a picture every 40 ms."""
    packets = tuple(Packet(40 * k, size, False) for k, size in enumerate(sizes, start=1))
    return KeyFrameGap(0, 40 * (len(sizes) + 1), packets, KEY_BYTES)


def test_a_screen_that_rests_is_quiet() -> None:
    assert gap_of([60] * 124).quiet


def test_a_new_screen_is_a_burst() -> None:
    changed = gap_of([60] * 70 + [30_000] + [60] * 53)
    assert [packet.at_ms for packet in changed.bursts] == [71 * 40]
    assert not changed.busy


def test_a_webcam_is_busy_without_a_burst() -> None:
    camera = gap_of([18_000, 900, 300, 900] * 31)
    assert camera.busy
    assert camera.bursts == ()


def test_a_new_screen_stands_out_from_a_webcam() -> None:
    sizes = [18_000, 900, 300, 900] * 31
    sizes[60] = 45_000
    assert [packet.size for packet in gap_of(sizes).bursts] == [45_000]
