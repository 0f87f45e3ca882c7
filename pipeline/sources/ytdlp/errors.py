"""yt-dlp's failures as our errors: what is wrong with the source, and what the user can do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pipeline.errors import PipelineError, SourceError, WorkspaceError

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_PREFIX = re.compile(r"^(?:ERROR:\s*)?(?:\[[^\]]+\]\s*)?(?:[\w-]{1,40}:\s+(?=[A-Z]))?")
_ADVICE = re.compile(
    r"(?<!\s)\s*+[;(.]\s*+"
    r"(?:please report|confirm you are on|caused by|see\s+https?:|use --enable-file-urls).*$",
    re.I,
)

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
        "give cookies of an account that may watch it: download.cookies_from_browser or "
        "download.cookies",
    ),
    (
        r"members[- ]only|join this channel|channel members|member-only|for members",
        "the video is for members of the channel only",
        "give cookies of an account that is a member: download.cookies_from_browser or "
        "download.cookies",
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
        "give cookies of an account that may watch it: download.cookies_from_browser or "
        "download.cookies",
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
