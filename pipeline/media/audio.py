"""The sound of a video as 16 kHz mono samples, decoded piece by piece through ffmpeg."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import MediaError
from pipeline.media.tools import ffmpeg_path

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SAMPLE_RATE = 16_000
_BLOCK_SECONDS = 10


def pcm_blocks(
    path: Path, start_ms: int = 0, end_ms: int | None = None
) -> Iterator[NDArray[np.float32]]:
    """The audio of ``path`` from ``start_ms`` to ``end_ms``, in blocks of up to 10 s.

    Yields arrays of shape (samples,), float32 in -1 to 1, 16 kHz, all channels mixed to one. The
    first sample is the source's ``start_ms``: where the audio track begins later than the video,
    or has a gap, there is silence. Where the track ends early, so do the blocks. Memory does not
    grow with the length: one block is held at a time.

    Raises:
        MediaError: there is no audio track, or it cannot be decoded.
    """
    import numpy as np

    command = _command(path, start_ms, end_ms)
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log
        )
        assert process.stdout is not None
        try:
            while data := process.stdout.read(_BLOCK_SECONDS * SAMPLE_RATE * 2):
                whole = len(data) // 2 * 2
                yield np.frombuffer(data[:whole], np.int16).astype(np.float32) / 32768.0
            status = process.wait()
        finally:
            process.stdout.close()
            if process.poll() is None:
                process.kill()
                process.wait()
        if status != 0:
            log.seek(0)
            lines = log.read().decode("utf-8", "replace").strip().splitlines()
            why = lines[-1] if lines else f"ffmpeg ended with status {status}"
            raise MediaError(f"the audio of {path} cannot be decoded: {why}")


def _command(path: Path, start_ms: int, end_ms: int | None) -> list[str]:
    import ffmpeg

    options = {} if start_ms == 0 else {"ss": f"{start_ms / 1000:.3f}"}
    if end_ms is not None:
        options["t"] = f"{max(end_ms - start_ms, 0) / 1000:.3f}"
    # first_pts=0 puts silence before a track that begins late, async=1 into gaps between packets:
    # without them every later word would come too early.
    stream = (
        ffmpeg.input(str(path), **options)
        .audio.filter("aresample", SAMPLE_RATE, **{"async": 1, "first_pts": 0})
        .output("pipe:", format="s16le", acodec="pcm_s16le", ac=1, ar=SAMPLE_RATE)
        .global_args("-nostdin", "-v", "error")
    )
    command: list[str] = stream.compile(cmd=ffmpeg_path())
    return command
