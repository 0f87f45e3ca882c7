"""Addresses of moments in a video: the right form for each site, correct beyond one hour.

All functions are pure. Times are integer milliseconds; links point to the whole second before.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit, urlunsplit

_YOUTUBE = {"youtube.com", "m.youtube.com", "music.youtube.com", "youtube-nocookie.com"}
_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{6,20}")
_VIMEO_ID = re.compile(r"/(\d+)(?:/([0-9a-f]+))?/?$")
_BILIBILI_ID = re.compile(r"/video/(BV[A-Za-z0-9]+|av\d+)")
_MEDIA_SUFFIXES = {".mp4", ".m4v", ".webm", ".mov", ".mkv", ".ogv", ".mp3", ".m4a", ".ogg", ".wav"}


def moment_url(page: str | None, file: str | None, ms: int) -> str | None:
    """The address that plays the video from ``ms`` on.

    Args:
        page: the video's page on the web, or the address of a media file; None for a local file.
        file: the local file's address as the chapter's page sees it (relative, percent-encoded),
            None when there is none.
        ms: the moment.

    Returns:
        For YouTube, Vimeo and Bilibili their own forms; for media files (remote, else local) a
        media fragment, as for a page of a site whose form is not known; None when there is neither
        page nor file.
    """
    seconds = ms // 1000
    parts = _web(page)
    if parts:
        if video := youtube_id(page):
            rest = [(k, v) for k, v in parse_qsl(parts.query) if k not in ("v", "t", "start")]
            query = urlencode([("v", video), *rest, ("t", f"{seconds}s")])
            return f"https://www.youtube.com/watch?{query}"
        if _host(parts) == "vimeo.com":
            return urlunsplit(parts._replace(fragment=f"t={seconds}s"))
        if _host(parts) == "bilibili.com" and _BILIBILI_ID.search(parts.path):
            rest = [(k, v) for k, v in parse_qsl(parts.query) if k != "t"]
            query = urlencode([*rest, ("t", str(seconds))])
            return urlunsplit(parts._replace(query=query, fragment=""))
        if PurePosixPath(parts.path).suffix.lower() in _MEDIA_SUFFIXES:
            return urlunsplit(parts._replace(fragment=f"t={seconds}"))
    if file:
        return f"{file}#t={seconds}"
    # What a page does not know it leaves alone; one with a fragment may mean something by it.
    return urlunsplit(parts._replace(fragment=parts.fragment or f"t={seconds}")) if parts else None


def is_web(page: str | None) -> bool:
    """Whether it is the address of a page on the web."""
    return _web(page) is not None


def embed_url(page: str | None) -> str | None:
    """The address of the site's embeddable player (the privacy-enhanced one), or None."""
    parts = _web(page)
    if parts is None or page is None:
        return None
    if video := youtube_id(page):
        return f"https://www.youtube-nocookie.com/embed/{video}"
    if _host(parts) == "vimeo.com" and (match := _VIMEO_ID.search(parts.path)):
        secret = f"&h={match[2]}" if match[2] else ""
        return f"https://player.vimeo.com/video/{match[1]}?dnt=1{secret}"
    if _host(parts) == "bilibili.com" and (match := _BILIBILI_ID.search(parts.path)):
        key = "bvid" if match[1].startswith("BV") else "aid"
        number = match[1] if key == "bvid" else match[1][2:]
        page_number = dict(parse_qsl(parts.query)).get("p", "1")
        return (
            f"https://player.bilibili.com/player.html?{key}={number}"
            f"&p={quote(page_number)}&autoplay=0"
        )
    return None


def youtube_id(page: str | None) -> str | None:
    """The id of the YouTube video that ``page`` shows, in any of the site's address forms."""
    parts = _web(page)
    if parts is None:
        return None
    candidate: str | None = None
    if _host(parts) == "youtu.be":
        candidate = parts.path.strip("/").split("/")[0]
    elif _host(parts) in _YOUTUBE:
        pieces = parts.path.strip("/").split("/")
        if pieces[0] in ("shorts", "live", "embed", "v") and len(pieces) > 1:
            candidate = pieces[1]
        else:
            candidate = dict(parse_qsl(parts.query)).get("v")
    return candidate if candidate and _YOUTUBE_ID.fullmatch(candidate) else None


def _web(page: str | None) -> SplitResult | None:
    """The parts of an http(s) address, or None: no other scheme ever becomes a link."""
    try:
        parts = urlsplit((page or "").encode().decode())  # half a character is no address
        return parts if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").lower().removeprefix("www.")
