"""The second pass over a video: its key frames, and every picture where something happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from pipeline.video.screens.candidates import Sample, another_screen, has_overlay
from pipeline.video.screens.dense_sampling import changed_frames
from pipeline.video.screens.keyframes import KeyFrames
from pipeline.video.screens.packet_bursts import KeyFrameGap, key_frame_gaps
from pipeline.video.screens.tiles import measure
from pipeline.video.screens.video_reader import VideoReader

SPARSE_MS = 10_000  # key frames further apart than this are not enough to go by


def samples(
    reader: VideoReader, keys: KeyFrames, start_ms: int, end_ms: int, report: Callable[[int], None]
) -> Iterator[Sample]:
    """The pictures of [start_ms, end_ms) that pages are made of, in order of time.

    Those that were decoded here carry their ``shot``. ``report`` is told how far it is, in ms.
    """
    restless = False
    before: Sample | None = None
    waiting = keys.samples()
    after = next(waiting, None)
    for gap in key_frame_gaps(keys.packets, keys.times_ms, start_ms, end_ms):
        starts_here = after is not None and after.at_ms == gap.start_ms
        if after is not None and starts_here:
            before, after = replace(after, restless=restless), next(waiting, None)
        restless = gap.busy and not gap.bursts
        if before is not None:
            yield from _within(reader, gap, before, after, starts_here)
        report(gap.end_ms)


def _within(
    reader: VideoReader, gap: KeyFrameGap, before: Sample, after: Sample | None, starts_here: bool
) -> Iterator[Sample]:
    """The key frame ``before``, if the gap starts with it, and the pictures that changed since."""
    is_given = not starts_here
    if _is_eventful(gap, before, after):
        for shot in changed_frames(reader, gap, _is_thorough(gap, before, after)):
            if shot.at_ms <= gap.start_ms:
                if not is_given and shot.at_ms == before.at_ms:
                    yield replace(before, shot=shot)
                    is_given = True
                continue
            if not is_given:
                yield before
                is_given = True
            yield Sample(shot.at_ms, measure(reader.gray(shot)), before.mask, False, shot=shot)
    if not is_given:
        yield before


def _is_eventful(gap: KeyFrameGap, before: Sample, after: Sample | None) -> bool:
    """Whether the pictures between two key frames have to be looked at."""
    if gap.quiet:
        return after is not None and has_overlay(before, after)
    if gap.bursts or gap.end_ms - gap.start_ms > SPARSE_MS or after is None:
        return True
    laid_over = not gap.busy and has_overlay(before, after)
    differs = laid_over or another_screen(before, after)
    return differs and _is_thorough(gap, before, after)


def _is_thorough(gap: KeyFrameGap, before: Sample, after: Sample | None) -> bool:
    """Whether movement all over the gap is no reason to look only at its bursts.

    It is none when it comes from an inset: then the screen itself can be told from it.
    """
    return not gap.busy or not before.mask.all() or (after is not None and not after.mask.all())
