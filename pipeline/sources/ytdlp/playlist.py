"""What a playlist, channel or feed holds, told by yt-dlp without loading any of it."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipeline.engine.progress import Progress
from pipeline.errors import SourceError
from pipeline.settings.download import DownloadSettings
from pipeline.sources.ytdlp.download import session


@dataclass(frozen=True)
class PlaylistItem:
    """One entry: its address, its title (may be empty) and its day (YYYY-MM-DD), if told."""

    url: str
    title: str
    day: str | None = None


@dataclass(frozen=True)
class PlaylistItems:
    """``is_single``: the address is one video, not a list."""

    title: str
    items: tuple[PlaylistItem, ...]
    is_single: bool


def list_url(
    url: str,
    settings: DownloadSettings,
    progress: Progress,
    match: str | None = None,
    after: str | None = None,
    before: str | None = None,
) -> PlaylistItems:
    """The entries behind ``url`` in the site's order; a channel's tabs one after another.

    Args:
        match: a regular expression for titles, and ``after``/``before``: days (YYYY-MM-DD); yt-dlp
            leaves out what it knows not to match, entries of unknown date stay in.

    Raises:
        SourceError: it cannot be reached, or is an empty list.
    """
    from yt_dlp.utils import DateRange

    more: dict[str, Any] = {
        "extract_flat": "in_playlist",
        "noplaylist": False,
        "playlistend": None,
        "matchtitle": match,
        # YouTube tells only "3 years ago" in a list; an estimate is better than nothing.
        "extractor_args": {"youtubetab": {"approximate_date": [""]}},
    }
    if after or before:
        more["daterange"] = DateRange(_packed(after), _packed(before))
    with (
        TemporaryDirectory() as folder,
        session(url, Path(folder), settings, progress, **more) as ydl,
    ):
        info = ydl.extract_info(url, download=False, process=True)
        if not info:
            raise SourceError(f"{url}: nothing found", "check the address")
        if info.get("_type", "video") not in ("playlist", "multi_video"):
            return PlaylistItems(
                str(info.get("title") or ""), (PlaylistItem(url, _title(info)),), True
            )
        items = tuple(dict.fromkeys(_items(ydl, info, url)))
    if not items:
        raise SourceError(f"{url} is an empty playlist", "check the address, --match and the dates")
    return PlaylistItems(str(info.get("title") or ""), items, False)


def _items(ydl: Any, info: Mapping[str, Any], page: str) -> list[PlaylistItem]:
    """The entries, those of lists within the list (a channel's tabs) in their place."""
    found: list[PlaylistItem] = []
    for entry in info.get("entries") or ():
        if not entry:
            continue
        if entry.get("_type") in ("playlist", "multi_video"):
            found += _items(ydl, entry, page)
        elif address := _address(entry, page):
            found.append(PlaylistItem(address, _title(entry), _day(entry)))
    return found


def _address(entry: Mapping[str, Any], page: str) -> str | None:
    """Where one entry alone can be downloaded: its page, else the file itself."""
    if entry.get("_type") in ("url", "url_transparent"):
        return str(entry.get("url") or "").partition("#__youtubedl")[0] or None
    own = entry.get("webpage_url")
    if own and own != page:
        return str(own)
    direct = entry.get("url") or next(
        (one.get("url") for one in reversed(entry.get("formats") or ()) if one.get("url")), None
    )
    return str(direct) if direct else None


def _title(entry: Mapping[str, Any]) -> str:
    return " ".join(str(entry.get("title") or "").split())


def _day(entry: Mapping[str, Any]) -> str | None:
    day = str(entry.get("upload_date") or "")
    with contextlib.suppress(ValueError):
        if len(day) == 8 and int(day):
            return f"{day[:4]}-{day[4:6]}-{day[6:]}"
    return None


def _packed(day: str | None) -> str | None:
    return day.replace("-", "") if day else None
