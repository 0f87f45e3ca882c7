"""The sound of a video as 16 kHz mono samples, decoded piece by piece through ffmpeg."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import MediaError
from pipeline.media.ffmpeg_process import STALL_S, Ffmpeg
from pipeline.media.opening import address, input_options
from pipeline.media.tools import ffmpeg_path

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

SAMPLE_RATE = 16_000
_BLOCK = 10 * SAMPLE_RATE
_JITTER = SAMPLE_RATE // 10  # timestamps of containers are rounded; less than this is no gap


def pcm_blocks(
    path: Path, start_ms: int = 0, end_ms: int | None = None, stall_s: float = STALL_S
) -> Iterator[Samples]:
    """The audio of ``path`` from ``start_ms`` to ``end_ms``, in blocks of up to 10 s.

    Yields arrays of shape (samples,), float32 in -1 to 1, 16 kHz, all channels mixed to one. The
    first sample is the source's ``start_ms``: where the audio track begins later than the video,
    or has a gap, there is silence. Where the track ends early, so do the blocks. Memory does not
    grow with the length, nor with that of a gap: one block is held at a time.

    Args:
        stall_s: how long ffmpeg may give nothing, s.

    Raises:
        MediaError: there is no audio track, it cannot be decoded, or ffmpeg fails or hangs.
    """
    import numpy as np

    longest = None if end_ms is None else max(end_ms - start_ms, 0) * SAMPLE_RATE // 1000
    held: list[Samples] = []
    waiting = done = 0
    for piece in _in_place(_decoded(path, start_ms, end_ms, stall_s)):
        if longest is not None:
            piece = piece[: longest - done]
        done += len(piece)
        held.append(piece)
        waiting += len(piece)
        if waiting >= _BLOCK:
            whole = np.concatenate(held)
            yield whole[:_BLOCK]
            held, waiting = [whole[_BLOCK:]], waiting - _BLOCK
        if done == longest:
            break
    if waiting:
        yield np.concatenate(held)


def _in_place(pieces: Iterator[tuple[int, Samples]]) -> Iterator[Samples]:
    """Pieces with the sample they belong at, as one stream: silence in gaps, overlaps cut."""
    import numpy as np

    at = 0
    for place, samples in pieces:
        missing = place - at
        if at and abs(missing) <= _JITTER:
            missing = 0
        while missing > 0:
            silence = np.zeros(min(missing, _BLOCK // 2), np.float32)
            yield silence
            at += len(silence)
            missing -= len(silence)
        fresh = samples[-missing:] if missing else samples
        if len(fresh):
            yield fresh
            at += len(fresh)


def _decoded(
    path: Path, start_ms: int, end_ms: int | None, stall_s: float
) -> Iterator[tuple[int, Samples]]:
    """What ffmpeg decodes, with the place of each piece in samples after ``start_ms``.

    The pieces come in a container, because bare samples would not say where there is a gap, and
    ffmpeg's own filling of gaps holds the whole gap in memory.
    """
    import av
    import numpy as np

    with Ffmpeg(_command(path, start_ms, end_ms), stall_s) as process:
        broken = ""
        try:
            with av.open(process, "r", format="nut") as container:
                for packet in container.demux(audio=0):
                    if packet.pts is None or not packet.size:
                        continue
                    seconds = packet.pts * Fraction(packet.time_base or 0)
                    data = bytes(packet)[: packet.size // 2 * 2]
                    samples = np.frombuffer(data, np.int16).astype(np.float32) / 32768.0
                    yield round(seconds * SAMPLE_RATE), samples
        except (av.FFmpegError, IndexError, ValueError):
            broken = "ffmpeg gave nothing that is sound"
        if why := process.finish() or broken:
            raise MediaError(
                f"the audio of {path} cannot be decoded: {why}",
                "run again; if that does not help, convert the video first",
            )


def _command(path: Path, start_ms: int, end_ms: int | None) -> list[str]:
    import ffmpeg

    options = input_options() | ({} if start_ms == 0 else {"ss": f"{start_ms / 1000:.3f}"})
    if end_ms is not None:
        options["t"] = f"{max(end_ms - start_ms, 0) / 1000:.3f}"
    stream = (
        ffmpeg.input(address(path), **options)["a:0"]
        .output("pipe:", format="nut", acodec="pcm_s16le", ac=1, ar=SAMPLE_RATE)
        .global_args("-nostdin", "-v", "error")
    )
    command: list[str] = stream.compile(cmd=ffmpeg_path())
    return command
