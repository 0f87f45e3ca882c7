"""What yt-dlp says, as an error a person can act on."""

from __future__ import annotations

import pytest

from pipeline.errors import SourceError, WorkspaceError
from pipeline.sources.ytdlp.errors import source_error

URL = "https://www.youtube.com/watch?v=zduSFxRajkE"

SAID = [
    (
        "ERROR: [youtube] zduSFxRajkE: Private video. Sign in if you've been granted access",
        "the video is private",
        "download.cookies",
    ),
    (
        "ERROR: [youtube] zduSFxRajkE: Video unavailable. This video has been removed by the "
        "uploader",
        "the video does not exist",
        "check the address",
    ),
    (
        "ERROR: [youtube] zduSFxRajkE: This video is no longer available because the YouTube "
        "account associated with this video has been terminated.",
        "the video does not exist",
        "check the address",
    ),
    (
        "ERROR: [youtube] zduSFxRajkE: Sign in to confirm you're not a bot. Use --cookies",
        "the site wants a login",
        "download.cookies",
    ),
    (
        "ERROR: [youtube] zduSFxRajkE: This live event will begin in 3 hours.",
        "it is a live stream that has not started yet",
        "when it is published",
    ),
    (
        "ERROR: [youtube] zduSFxRajkE: The uploader has not made this video available in your "
        "country",
        "may not be shown in this country",
        "download.proxy",
    ),
    (
        "ERROR: [vimeo] 1: Unable to download webpage: HTTP Error 503: Service Unavailable "
        "(caused by <HTTPError 503: Service Unavailable>)",
        "the server has a fault",
        "run again",
    ),
    (
        "\x1b[0;31mERROR:\x1b[0m Unable to download: HTTP Error 429: Too Many Requests",
        "too many requests",
        "wait",
    ),
    (
        "ERROR: [DRM] x: The requested site is known to use DRM protection",
        "copy-protected",
        "without protection",
    ),
    (
        "ERROR: [generic] Unable to download webpage: The read operation timed out",
        "kept breaking",
        "run again",
    ),
    (
        "ERROR: [youtube] zduSFxRajkE: Requested format is not available. Use --list-formats",
        "no such format",
        "download.format",
    ),
    (
        "ERROR: [generic] Unable to download webpage: HTTP Error 302: Found (redirect loop "
        "detected)",
        "redirects in a circle",
        "where the video finally plays",
    ),
    (
        "ERROR: No connection adapters were found for 'file:///etc/passwd'",
        "outside the web",
        "https://",
    ),
    (
        "ERROR: file:// URLs are disabled by default in yt-dlp for security reasons. Use "
        "--enable-file-urls to enable at your own risk.",
        "outside the web",
        "https://",
    ),
    (
        "ERROR: Unable to download: HTTP Error 416: Requested Range Not Satisfiable",
        "refuses the request",
        "check the address",
    ),
    ("ERROR: something never seen before", "something never seen before", "check the address"),
]


@pytest.mark.parametrize(("said", "wrong", "advice"), SAID)
def test_each_kind_names_the_source_what_is_wrong_and_what_to_do(
    said: str, wrong: str, advice: str
) -> None:
    error = source_error(URL, said)
    assert isinstance(error, SourceError)
    assert error.message.startswith(URL)
    assert wrong in error.message
    assert advice in error.hint
    assert "\x1b" not in error.message
    assert "ERROR:" not in error.message
    assert "--enable" not in error.message
    assert "\n" not in str(error)


def test_a_full_disk_is_not_the_sources_fault() -> None:
    error = source_error(URL, "ERROR: unable to write data: [Errno 28] No space left on device")
    assert isinstance(error, WorkspaceError)
    assert "free some space" in error.hint
