"""Packets come in the order of the file and are asked for by the time they are shown."""

from __future__ import annotations

from pipeline.video.screens.packet_bursts import KeyFrameGap, key_frame_gaps
from pipeline.video.screens.packets import Packet, PacketIndex


def index(*packets: tuple[int, int, bool]) -> PacketIndex:
    found = PacketIndex()
    for at_ms, size, is_key in packets:
        found.add(at_ms, size, is_key)
    return found


def test_packets_are_given_in_order_of_display() -> None:
    found = index((0, 900, True), (120, 50, False), (40, 10, False), (80, 20, False))
    assert found.between(0, 120) == (Packet(40, 10, False), Packet(80, 20, False))
    assert found.key_bytes(0) == 900
    assert found.key_bytes(40) is None


def test_gaps_lie_between_the_marks_and_the_ends() -> None:
    found = index((0, 900, True), (40, 10, False), (80, 700, True), (120, 5, False))
    assert [*key_frame_gaps(found, [0, 80], 0, 200)] == [
        KeyFrameGap(0, 80, (Packet(40, 10, False),), 700),
        KeyFrameGap(80, 200, (Packet(120, 5, False),), 700),
    ]


def test_where_every_picture_is_a_key_frame_sizes_say_nothing() -> None:
    steady = index(*((at_ms, 9_000, True) for at_ms in range(0, 1_000, 40)))
    (gap,) = key_frame_gaps(steady, [0], 0, 1_000)
    assert gap.intra
    assert not gap.busy
    assert gap.bursts == ()
