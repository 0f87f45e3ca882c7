"""The outside programs of media work: ffmpeg, and a JavaScript runtime for YouTube."""

from __future__ import annotations

import os
import shutil
from functools import cache
from pathlib import Path

from pipeline.errors import MissingDependencyError
from pipeline.redaction import keyless


@cache
def ffmpeg_path() -> str:
    """The path of an ffmpeg that can be run.

    The one on PATH, so that a system's own build (with its hardware and its codecs) wins; else the
    binary that comes with ``imageio-ffmpeg``. ``IMAGEIO_FFMPEG_EXE`` names another binary.

    Raises:
        MissingDependencyError: there is neither.
    """
    if found := shutil.which("ffmpeg"):
        return str(Path(found).absolute())
    try:
        import imageio_ffmpeg

        with keyless():  # it tries ffmpeg out
            bundled = Path(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError) as error:
        raise _missing("neither on PATH nor in the package imageio-ffmpeg") from error
    if not os.access(bundled, os.X_OK):
        raise _missing(f"{bundled} cannot be executed")
    return str(bundled.absolute())


def javascript_runtime() -> str | None:
    """Name and version of the runtime that yt-dlp will use for YouTube's scripts, or None.

    Without one YouTube still works, but may offer fewer formats.
    """
    from yt_dlp.globals import supported_js_runtimes

    for name, runtime in supported_js_runtimes.value.items():
        with keyless():
            found = runtime().info
        if found is not None and found.supported:
            return f"{name} {found.version}"
    return None


def _missing(why: str) -> MissingDependencyError:
    return MissingDependencyError(
        f"ffmpeg was not found: {why}",
        hint="install ffmpeg, or run: pip install imageio-ffmpeg",
    )
