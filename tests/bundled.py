"""The ffmpeg that draws the test videos: the bundled one, whatever the system has on its PATH."""

from __future__ import annotations

from functools import cache

import imageio_ffmpeg


@cache
def bundled_ffmpeg() -> str:
    """Its path. An older one from a system may lack the options that odd files are made with."""
    return str(imageio_ffmpeg.get_ffmpeg_exe())
