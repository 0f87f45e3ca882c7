"""The same picture and sound in a container that can be sought in."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import MediaError
from pipeline.video import ffmpeg

_CONTAINERS = (".mp4", ".mkv")  # what browsers play, else what holds everything


def remux(media: Path, target: Path) -> Path:
    """Copy ``media`` into a new container without re-encoding anything.

    Args:
        target: its suffix is replaced by that of the container.

    Returns:
        The new file, put there by a rename; timestamps begin at zero.

    Raises:
        MediaError: ffmpeg fails, hangs or cannot read ``media``.
    """
    reason = ""
    for suffix in _CONTAINERS:
        result = target.with_suffix(suffix)
        temporary = target.with_suffix(f".temporary{suffix}")
        tracks = ("-map", "0:v?", "-map", "0:a?", "-c", "copy", "-movflags", "+faststart")
        words = ffmpeg.command(media, *tracks, str(temporary.absolute()))
        reason = ffmpeg.run(words, media.stat().st_size)
        if not reason:
            temporary.replace(result)
            return result
        temporary.unlink(missing_ok=True)
    raise MediaError(f"{media} cannot be copied into another container: {reason}")
