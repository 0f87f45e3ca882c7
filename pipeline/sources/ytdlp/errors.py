"""yt-dlp's failures as our errors: what is wrong with the source, and what the user can do.

They are told by its messages and exceptions, and by its own fields of a video that it describes and
cannot load: https://github.com/yt-dlp/yt-dlp#output-template (``live_status``, ``availability``),
and ``_has_drm``, which it sets where all formats are protected.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pipeline.errors import PipelineError, SourceError, WorkspaceError
from pipeline.program import program_name

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_PREFIX = re.compile(r"^(?:ERROR:\s*)?(?:\[[^\]]+\]\s*)?(?:[\w-]{1,40}:\s+(?=[A-Z]))?")
_ADVICE = re.compile(
    r"(?<!\s)\s*+[;(.]\s*+"
    r"(?:please report|confirm you are on|caused by|see\s+https?:|use --enable-file-urls).*$",
    re.I,
)
_COOKIES = "download.cookies_from_browser or download.cookies"

# The first pattern that is found in yt-dlp's text decides: (pattern, what is wrong, what to do).
_KINDS: tuple[tuple[str, str, str], ...] = (
    (
        r"unsupported browser|cookies database|unsupported keyring",
        "the cookies of the browser in download.cookies_from_browser cannot be read",
        "name another browser, or give a file of cookies: download.cookies",
    ),
    (
        r"name or service not known|failed to resolve|name resolution|getaddrinfo|nodename nor"
        r"|no address associated|could not resolve",
        "the name of its server cannot be resolved (DNS)",
        "check the address and the network, or set download.proxy",
    ),
    (
        r"private video|video is private|this content is private|password",
        "the video is private",
        f"give cookies of an account that may watch it: {_COOKIES}",
    ),
    (
        r"members[- ]only|join this channel|channel members|member-only|for members",
        "the video is for members of the channel only",
        f"give cookies of an account that is a member: {_COOKIES}",
    ),
    (
        r"premieres? (?:in|will)|is a premiere|premiere",
        "it is a premiere that has not started yet",
        "try again when it has been shown",
    ),
    (
        r"(?:event|stream|it) (?:will begin|has not (?:begun|started))|is upcoming|not started",
        "it is a live stream that has not started yet",
        "try again when it is published as a video",
    ),
    (
        r"is offline|not (?:currently )?live|has ended",
        "it is a live stream, and it is not on air now",
        "give the address of the recording",
    ),
    (
        r"live event|livestream|live stream",
        "it is a live stream",
        "wait until it has ended and been published as a video",
    ),
    (
        r"available in your (?:country|region|location)|geo[- ]?restrict|blocked it in your",
        "the video may not be shown in this country",
        "set download.proxy to a server in another country",
    ),
    (r"\bdrm\b", "the video is copy-protected (DRM)", "give a video without protection"),
    (
        r"video unavailable|no longer available|has been (?:removed|deleted|terminated)"
        r"|removed by|does not exist|http error (?:404|410)|not exist",
        "the video does not exist (removed, or a wrong address)",
        "check the address in a browser",
    ),
    (
        r"sign in|log ?in|cookies|registered users|account",
        "the site wants a login",
        f"give cookies of an account that may watch it: {_COOKIES}",
    ),
    (
        r"http error 40[13]|forbidden",
        "the server refuses it",
        "set download.cookies_from_browser, or check that the address has not expired",
    ),
    (
        r"redirect loop|redirect.*infinite",
        "its server redirects in a circle",
        "open the address in a browser, and give the one where the video finally plays",
    ),
    (
        r"no connection adapters|unsupported url scheme|file:// urls are disabled",
        "it leads to an address outside the web",
        "give an address that begins with https:// or http://",
    ),
    (
        r"http error 4(?!29)\d\d",
        "the server refuses the request",
        "check the address in a browser, or set download.cookies_from_browser",
    ),
    (
        r"http error 429",
        "the server says: too many requests",
        "wait an hour, or set download.proxy",
    ),
    (
        r"http error 5\d\d",
        "the server has a fault",
        "run again later; what was downloaded is kept and continued",
    ),
    (
        r"unsupported url|no video formats|no media found|is not a valid url|unable to extract",
        "no video was found at this address",
        "give the page of one video, or a direct link to a media file; for a site that changed, "
        "update with: pip install -U yt-dlp",
    ),
    (
        r"requested format is not available",
        "the site has no such format",
        "set download.format to null, or to another yt-dlp selector",
    ),
    (r"did not get any data|file is empty", "its file is empty (0 bytes)", "check the address"),
    (
        r"certificate|ssl",
        "its server's certificate is not accepted",
        "check the address and this machine's clock",
    ),
    (
        r"connection refused|no route|network is unreachable|cannot connect|proxy",
        "its server cannot be reached",
        "check the address and the network, or set download.proxy",
    ),
    (
        r"timed out|timeout|connection (?:reset|aborted|broken)|incomplete ?read|remote end closed"
        r"|bytes read|more expected|fragment \d+ not found|giving up",
        "the connection kept breaking",
        "run again: what was downloaded is kept and continued",
    ),
)

_LIVE = {
    "is_live": "that is still running",
    "is_upcoming": "that has not started yet",
    "post_live": "that has just ended and is not yet published as a video",
}
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


def source_error(source: str, reason: str, cause: BaseException | None = None) -> PipelineError:
    """The error to raise for yt-dlp's ``reason`` (its whole message) on ``source``.

    ``cause`` is the exception: the few classes that yt-dlp has tell more surely than its words.
    """
    said = _PREFIX.sub("", _ANSI.sub("", reason).strip())
    said = " ".join(_ADVICE.sub("", said).split()).rstrip(". ")
    if re.search(r"no space left|errno 28|read-only file system|errno 30", said, re.IGNORECASE):
        return WorkspaceError(
            f"the video cannot be stored: {said}",
            "free some space or choose another folder with --output, then run again",
        )
    if cause and (kind := _by_class(cause)):
        return SourceError(f"{source}: {kind[0]}: {said}", kind[1])
    for pattern, wrong, advice in _KINDS:
        if re.search(pattern, said, re.IGNORECASE):
            return SourceError(f"{source}: {wrong}: {said}", advice)
    return SourceError(f"{source}: {said}", "check the address; update with: pip install -U yt-dlp")


def _by_class(error: BaseException) -> tuple[str, str] | None:
    """What is wrong, and what to do, by yt-dlp's class of what it wrapped in ``error``."""
    from yt_dlp.utils import GeoRestrictedError, UserNotLive

    wrapped: BaseException | None = error
    while wrapped is not None:
        if isinstance(wrapped, GeoRestrictedError):
            where = ", ".join(wrapped.countries or ()) or "another country"
            return (
                "the video may not be shown in this country",
                f"set download.proxy to a server in {where}",
            )
        if isinstance(wrapped, UserNotLive):
            return (
                "it is a live stream, and it is not on air now",
                "give the address of the recording",
            )
        info = getattr(wrapped, "exc_info", None)
        wrapped = (info[1] if info else None) or wrapped.__context__
    return None


def refused(reason: str) -> SourceError:
    """The error for an address that the gate refused."""
    return SourceError(
        f"{reason}, and such addresses are refused here",
        "upload the file instead, or let whoever runs this server permit the address with the "
        "setting serve.private_hosts",
    )


def not_for_others(info: Mapping[str, Any]) -> SourceError:
    """The error for a stream that only another program could load, past the gate."""
    where = info.get("webpage_url") or info.get("url")
    return SourceError(
        f"{where}: a stream of the kind {info.get('protocol')} is not downloaded for others",
        "download it yourself and upload the file",
    )


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
