"""Why a video that a site describes cannot be loaded, told by yt-dlp's own fields of it.

The fields: https://github.com/yt-dlp/yt-dlp#output-template (``live_status``, ``availability``)
and ``_has_drm``, which yt-dlp sets where all formats are protected.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pipeline.errors import SourceError
from pipeline.program import program_name

_LIVE = {
    "is_live": "that is still running",
    "is_upcoming": "that has not started yet",
    "post_live": "that has just ended and is not yet published as a video",
}
_COOKIES = "download.cookies_from_browser or download.cookies"
_AVAILABLE = {
    "private": ("is private", f"give cookies of an account that may watch it: {_COOKIES}"),
    "premium_only": (
        "is for paying subscribers of the site only",
        f"give cookies of an account that pays: {_COOKIES}",
    ),
    "subscriber_only": (
        "is for members of the channel only",
        f"give cookies of an account that is a member: {_COOKIES}",
    ),
    "needs_auth": ("wants a login", f"give cookies of an account that may watch it: {_COOKIES}"),
}


def refuse_live(url: str, info: Mapping[str, Any]) -> None:
    """Refuse what has no end yet.

    Raises:
        SourceError: a stream or premiere that runs, has not started or has only just ended.
    """
    status = info.get("live_status") or ("is_live" if info.get("is_live") else "")
    if status not in _LIVE:
        return
    # Sites tell a stream from a premiere, a finished video with a day, by its length.
    kind = "premiere" if status == "is_upcoming" and info.get("duration") else "live stream"
    begins = _moment(info.get("release_timestamp")) if status == "is_upcoming" else ""
    raise SourceError(
        f"{url} is a {kind} {_LIVE[status]}{begins}",
        "try again when it is published as a video",
    )


def refuse_unavailable(url: str, info: Mapping[str, Any]) -> None:
    """Say what keeps a video without formats from being loaded, as far as its fields tell.

    Raises:
        SourceError: it is live, protected, or for others.
    """
    refuse_live(url, info)
    if info.get("_has_drm"):
        raise SourceError(f"{url} is copy-protected (DRM)", "give a video without protection")
    if known := _AVAILABLE.get(str(info.get("availability"))):
        raise SourceError(f"{url} {known[0]}", known[1])


def refuse_list(url: str, info: Mapping[str, Any], entries: list[Mapping[str, Any]]) -> None:
    """Refuse a list of videos, and say how to make a book of it.

    Raises:
        SourceError: always.
    """
    if not entries:
        raise SourceError(f"{url} is an empty playlist", "give the address of one video")
    first = "; ".join(_name(entry) for entry in entries[:3])
    raise SourceError(
        f"{url} is a playlist ({info.get('title') or 'no title'}), not one video: {first}; ...",
        f"make a book of it: {program_name()} book '{url}'; or give the address of one video",
    )


def _name(entry: Mapping[str, Any]) -> str:
    title, address = entry.get("title"), entry.get("webpage_url") or entry.get("url")
    return f"{title} <{address}>" if title and address else str(title or address or entry.get("id"))


def _moment(timestamp: Any) -> str:
    if not isinstance(timestamp, (int, float)):
        return ""
    begins = datetime.fromtimestamp(timestamp, UTC)
    return f" (it begins on {begins:%Y-%m-%d at %H:%M} UTC)"
