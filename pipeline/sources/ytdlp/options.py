"""Our settings as yt-dlp's parameters, and its messages and progress as ours."""

from __future__ import annotations

import io
import logging
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.engine.progress import Progress
from pipeline.errors import ConfigError, SourceError
from pipeline.settings.download import DownloadSettings
from pipeline.video.programs import ffmpeg_path

log = logging.getLogger(__name__)

_MB = 1_000_000
_GIB = 1 << 30
_BLOCK = 64 << 10  # bytes between two reports and looks at Ctrl-C
# What yt-dlp warns of and a user cannot act on: a plain link works, and so does ffmpeg alone.
_NOISE = ("falling back on generic", "could be a direct video link", "ffprobe not found")
_NO_JAVASCRIPT = (
    "YouTube may offer fewer formats, because there is no JavaScript runtime for its scripts; "
    "to fix this: pip install deno"
)
_SLOWEST_RETRY_S = 10.0  # the pauses double from a quarter of a second to this: 1 min for ten tries
_COOKIES = re.compile(r"#( Netscape)? HTTP Cookie File|([^\t\n]*\t){6}")


class ToProgress:
    """yt-dlp's logger: warnings become ours; ``last_error`` is its last word before it raised."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._said: set[str] = set()
        self.last_error = ""
        self._interrupted = False

    def debug(self, message: str) -> None:
        """To the log only: yt-dlp tells here what its progress hooks tell as well."""
        log.debug("yt-dlp: %s", message)

    def info(self, message: str) -> None:
        """To the log only."""
        log.debug("yt-dlp: %s", message)

    def warning(self, message: str) -> None:
        """Pass it on, once."""
        noise = any(phrase in message.lower() for phrase in _NOISE)
        if message in self._said or noise:
            return
        self._said.add(message)
        text = " ".join(message.removeprefix("WARNING:").split())
        if "no supported javascript runtime" in text.lower():
            text = _NO_JAVASCRIPT
        self._progress.warn(text)

    def error(self, message: str) -> None:
        """Keep it for the exception that follows.

        After Ctrl-C yt-dlp waits here for its open connections; they are not to try again.
        """
        self.last_error = message
        if "interrupted by user" in message.lower():
            self._interrupted = True
            self._progress.note("waiting for open connections to end")

    def pause_s(self, n: int) -> float:
        """Seconds to wait before the try after attempt ``n`` (from 0): 0.25, 0.5, 1, ... 10.

        Raises:
            ConnectionAbortedError: the user wants to stop.
        """
        if self._interrupted:
            raise ConnectionAbortedError("interrupted")
        return float(min(0.25 * 2**n, _SLOWEST_RETRY_S))


class TooLargeError(SourceError):
    """More would be loaded than ``download.max_gib`` allows."""


class Megabytes:
    """Counts what all files of one video load, for the listener.

    Args:
        total_bytes: of all of them together; None: not known, then that of the file in hand counts.
        most_bytes: of all of them together that are taken.
    """

    def __init__(
        self, progress: Progress, total_bytes: int | None, most_bytes: float = math.inf
    ) -> None:
        self._progress = progress
        self._total = total_bytes
        self._most = most_bytes
        self._files: dict[str, int] = {}

    def __call__(self, report: Mapping[str, Any]) -> None:
        """yt-dlp's progress hook.

        Raises:
            TooLargeError: the server sends, or means to send, more than ``most_bytes``.
        """
        name = str(report.get("filename"))
        self._files[name] = int(report.get("downloaded_bytes") or self._files.get(name, 0))
        done = sum(self._files.values())
        file_total = report.get("total_bytes") or report.get("total_bytes_estimate")
        total = self._total or (file_total + done - self._files[name] if file_total else None)
        if max(done, report.get("total_bytes") or 0) > self._most:
            raise TooLargeError(
                f"the video is larger than {self._most / _GIB:g} GiB, or endless",
                "choose a smaller format (download.max_height), or raise download.max_gib",
            )
        self._progress.update(
            done / _MB, max(total, done) / _MB if total is not None else None, "MB"
        )


def parameters(
    settings: DownloadSettings, work: Path, logger: ToProgress, gate_url: str | None = None
) -> dict[str, Any]:
    """What ``yt_dlp.YoutubeDL`` is given. Partial files stay in ``work`` and are continued.

    Args:
        gate_url: the proxy through which alone something may be loaded; None: no such proxy.

    Raises:
        ConfigError: the file of cookies cannot be used.
    """
    chosen: dict[str, Any] = {
        "paths": {"home": str(work)},
        # The format is part of the name: a part of one is never continued with another.
        "outtmpl": {"default": "video.%(format_id)s.%(ext)s"},
        "logger": logger,
        "quiet": True,
        "noprogress": True,
        "color": {"stdout": "no_color", "stderr": "no_color"},
        "noplaylist": True,
        "extract_flat": "in_playlist",
        "playlistend": 5,
        "format": settings.format or "bv*+ba/b/bv*/ba",
        # The lecturer's own language before a dubbed one, whatever their codecs.
        "format_sort": [
            "lang",
            f"res:{settings.max_height}",
            "vcodec:h264",
            "fps:30",
            "acodec:aac",
        ],
        "merge_output_format": "mp4/mkv",
        "ffmpeg_location": ffmpeg_path(),
        "continuedl": True,
        "buffersize": _BLOCK,
        "noresizebuffer": True,
        "keep_fragments": True,  # see partial_files.py
        "fixup": "never",  # download.py remuxes what came in pieces
        "updatetime": False,  # the file's time must not differ between two runs
        "windowsfilenames": True,
        "cachedir": False,
        "socket_timeout": settings.timeout_s,
        "retries": settings.retries,
        "fragment_retries": settings.retries,
        "extractor_retries": settings.retries,
        "skip_unavailable_fragments": False,  # a hole in the lecture is an error
        "concurrent_fragment_downloads": settings.connections,
        "retry_sleep_functions": dict.fromkeys(("http", "fragment", "extractor"), logger.pause_s),
        "js_runtimes": {"deno": {}, "node": {}, "bun": {}, "quickjs": {}},
        "cookiefile": _cookies(settings.cookies) if settings.cookies else None,
        "proxy": settings.proxy,
        "ratelimit": settings.rate_limit,
    }
    if gate_url is not None:
        chosen["proxy"] = gate_url
        chosen["external_downloader"] = {"default": "native"}
    if settings.cookies_from_browser:
        chosen["cookiesfrombrowser"] = (settings.cookies_from_browser, None, None, None)
    return chosen


def _cookies(name: str) -> io.StringIO:
    """The cookie file as a stream: yt-dlp writes back to a file, and this one is the user's."""
    try:
        text = Path(name).expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"download.cookies: {name} cannot be read: {error}"]) from error
    if not _COOKIES.match(text):
        raise ConfigError([f"download.cookies: {name} is not a cookie file in Netscape format"])
    return io.StringIO(text)
