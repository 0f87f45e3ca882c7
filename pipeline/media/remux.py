"""The same picture and sound in a container that can be sought in."""

from __future__ import annotations

import subprocess
from pathlib import Path

from pipeline.errors import MediaError
from pipeline.media.tools import ffmpeg_path

_CONTAINERS = (".mp4", ".mkv")  # what browsers play, else what holds everything


def remux(media: Path, target: Path) -> Path:
    """Copy ``media`` into a new container without coding anything anew.

    Args:
        target: its suffix is replaced by that of the container.

    Returns:
        The new file, put there by a rename; timestamps begin at zero.

    Raises:
        MediaError: ffmpeg cannot read ``media``.
    """
    reason = ""
    for suffix in _CONTAINERS:
        result = target.with_suffix(suffix)
        temporary = target.with_suffix(f".temporary{suffix}")
        command = [ffmpeg_path(), "-nostdin", "-v", "error", "-y", "-i", str(media)]
        command += ["-map", "0:v?", "-map", "0:a?", "-c", "copy"]
        command += ["-movflags", "+faststart", str(temporary)]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace")
        if done.returncode == 0:
            temporary.replace(result)
            return result
        temporary.unlink(missing_ok=True)
        reason = " ".join(done.stderr.split())
    raise MediaError(f"{media} cannot be copied into another container: {reason[:300]}")
