"""A few pictures of a video, evenly spread: enough to read its terms, for little work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.media.screen.packets import PacketIndex
from pipeline.media.screen.reader import VideoReader

if TYPE_CHECKING:
    from PIL.Image import Image


def glimpses(path: Path, start_ms: int, end_ms: int, count: int) -> Iterator[tuple[int, Image]]:
    """Up to ``count`` key frames between two times, each with its own time in ms, in order.

    Only key frames are decoded; fewer come where the video has fewer.

    Raises:
        MediaError: the file cannot be opened or has no picture track.
    """
    with VideoReader(path) as reader:
        latest = -1
        for number in range(count):
            # The middle of each share: lectures begin and end with title screens.
            wanted = start_ms + (end_ms - start_ms) * (2 * number + 1) // (2 * count)
            shot = next(reader.keys(PacketIndex(), wanted, wanted + 1), None)
            if shot is not None and shot.at_ms > latest:
                latest = shot.at_ms
                yield shot.at_ms, shot.picture()
