"""Looking at every picture of a short stretch that matters."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.video.screens.packet_bursts import STILL_BYTES, KeyFrameGap
from pipeline.video.screens.video_reader import DecodedFrame, VideoReader

APART_MS = 100  # where something moves all the time, pictures closer than this are skipped
SETTLE_MS = 300  # after the last change of a stretch, how long it is watched


def changed_frames(
    reader: VideoReader, gap: KeyFrameGap, thorough: bool = True
) -> Iterator[DecodedFrame]:
    """The pictures within ``gap`` that may differ from the one before, in order.

    The picture at its very start comes first, where anything is decoded: it is a by-product.
    Decoding stops soon after the last packet that carries a change. Just before a large change the
    unchanged picture is given too: it is the last, fullest one of its page. Where something moves
    all the time only the bursts are looked at, unless ``thorough``; in a quiet gap, its largest
    packet.
    """
    sizes = {packet.at_ms: packet.size for packet in gap.packets}
    bursts = {packet.at_ms for packet in gap.bursts}
    worth = [packet for packet in gap.packets if packet.size > STILL_BYTES]
    if gap.busy and not thorough:
        worth = list(gap.bursts)
    if gap.quiet and gap.packets:
        worth = [max(gap.packets, key=lambda packet: packet.size)]  # whatever changed, it was small
    if not worth:
        return
    until = min(gap.end_ms - 1, worth[-1].at_ms + SETTLE_MS)
    unseen = 0
    last = gap.start_ms
    held: DecodedFrame | None = None
    wanted = {packet.at_ms for packet in worth}
    for shot in reader.between(gap.start_ms, until, wanted):
        if shot.at_ms <= gap.start_ms:
            yield shot
            continue
        size = sizes.get(shot.at_ms, 0)
        unseen += size
        sudden = (
            shot.at_ms in bursts
            or (gap.quiet and shot.at_ms in wanted)
            or size > max(STILL_BYTES, unseen // 2)
        )
        if sudden and held is not None:
            yield held
            held = None
        if sudden or (unseen > STILL_BYTES and shot.at_ms - last >= APART_MS):
            yield shot
            unseen, last, held = 0, shot.at_ms, None
        else:
            held = shot
    if held is not None:
        yield held
