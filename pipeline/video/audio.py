"""The sound of a video as 16 kHz mono samples, decoded piece by piece through ffmpeg."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import MediaError
from pipeline.video.audio_tracks import AudioTrack, audio_tracks, lecture_track
from pipeline.video.ffmpeg import STALL_S, Ffmpeg
from pipeline.video.programs import ffmpeg_path
from pipeline.video.safe_open import address, input_options

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

SAMPLE_RATE = 16_000
_BLOCK = 10 * SAMPLE_RATE
# Channels whose correlation is below this cancel each other more than noise between them does.
_OPPOSITE = -0.5
_FADING = 0.8  # of what the correlation remembers, for each second
_JITTER = SAMPLE_RATE // 10  # timestamps of containers are rounded; less than this is no gap


def pcm_blocks(
    path: Path,
    start_ms: int = 0,
    end_ms: int | None = None,
    stall_s: float = STALL_S,
    track: AudioTrack | None = None,
) -> Iterator[Samples]:
    """The audio of ``path`` from ``start_ms`` to ``end_ms``, in blocks of up to 10 s.

    Yields arrays of shape (samples,), float32 in -1 to 1, 16 kHz, all channels mixed to one; two
    channels of opposite phase, which would cancel each other, are subtracted instead. The
    first sample is the source's ``start_ms``: where the audio track begins later than the video,
    or has a gap, there is silence. Where the track ends early, so do the blocks. Memory does not
    grow with the length, nor with that of a gap: one block is held at a time.

    Args:
        stall_s: how long ffmpeg may give nothing, s.
        track: which audio track; None: the one that a player would play (see ``lecture_track``).

    Raises:
        MediaError: there is no audio track, it cannot be decoded, or ffmpeg fails or hangs.
    """
    import numpy as np

    longest = None if end_ms is None else max(end_ms - start_ms, 0) * SAMPLE_RATE // 1000
    held: list[Samples] = []
    waiting = done = 0
    track = track or default_track(path)
    for piece in _in_place(_decoded(_command(path, start_ms, end_ms, track), path, stall_s)):
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


def default_track(path: Path) -> AudioTrack:
    """The audio track of ``path`` that a player would play.

    Raises:
        MediaError: there is none, or the file cannot be opened.
    """
    if tracks := audio_tracks(path):
        return lecture_track(tracks, None, path.name)
    raise MediaError(f"{path} has no audio track")


def _decoded(command: Sequence[str], path: Path, stall_s: float) -> Iterator[tuple[int, Samples]]:
    """What ffmpeg decodes, mixed to one channel, with the place of each piece in samples.

    The pieces come in a container, because bare samples would not say where there is a gap, and
    ffmpeg's own filling of gaps holds the whole gap in memory.
    """
    import av
    import numpy as np

    mix = _Mixer()
    with Ffmpeg(command, stall_s) as process:
        broken = ""
        try:
            with av.open(process, "r", format="nut") as container:
                width = container.streams.audio[0].codec_context.channels
                for packet in container.demux(audio=0):
                    if packet.pts is None or not packet.size:
                        continue
                    seconds = packet.pts * Fraction(packet.time_base or 0)
                    data = bytes(packet)[: packet.size // (4 * width) * 4 * width]
                    samples = np.frombuffer(data, "<f4").reshape(-1, width)
                    yield round(seconds * SAMPLE_RATE), mix.to_mono(samples)
        except (av.FFmpegError, IndexError, ValueError):
            broken = "ffmpeg produced no sound"
        if why := process.finish() or broken:
            raise MediaError(
                f"the audio of {path} cannot be decoded: {why}",
                "run again; if that does not help, convert the video first",
            )


class _Mixer:
    """Mixes a stream of stereo pieces to one channel, whatever their phase."""

    def __init__(self) -> None:
        self._product = self._power = 0.0

    def to_mono(self, samples: Samples) -> Samples:
        """The mean of the channels, or half their difference while they have opposite phase.

        Args:
            samples: of shape (n, 1) or (n, 2); a damaged file may hold any number.
        """
        import numpy as np

        samples = np.clip(np.nan_to_num(samples), -1, 1).astype(np.float32, copy=False)
        if samples.shape[1] == 1:
            return samples[:, 0]
        left, right = samples[:, 0], samples[:, 1]
        fading = _FADING ** (len(samples) / SAMPLE_RATE)
        self._product = fading * self._product + float(left @ right)
        self._power = fading * self._power + float(left @ left + right @ right) / 2
        opposite = self._product < _OPPOSITE * self._power
        mixed: Samples = (left - right if opposite else left + right) * np.float32(0.5)
        return mixed


def _command(path: Path, start_ms: int, end_ms: int | None, track: AudioTrack) -> list[str]:
    import ffmpeg

    options = input_options() | ({} if start_ms == 0 else {"ss": f"{start_ms / 1000:.3f}"})
    if end_ms is not None:
        options["t"] = f"{max(end_ms - start_ms, 0) / 1000:.3f}"
    channels = 1 if track.channels == 1 else 2
    stream = (
        ffmpeg.input(address(path), **options)[f"a:{track.number - 1}"]
        .output("pipe:", format="nut", acodec="pcm_f32le", ac=channels, ar=SAMPLE_RATE)
        .global_args("-nostdin", "-v", "error")
    )
    command: list[str] = stream.compile(cmd=ffmpeg_path())
    return command
