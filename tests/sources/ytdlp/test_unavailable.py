"""Videos that a site describes but does not give: one clear line each, through the real yt-dlp."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from yt_dlp.extractor.common import InfoExtractor
from yt_dlp.utils import ExtractorError, UserNotLive

from pipeline.errors import SourceError
from pipeline.settings.download import DownloadSettings
from pipeline.sources.fetch import DownloadFolders, fetch
from pipeline.sources.ytdlp import session
from tests.recording import RecordingProgress

URL = "https://video.example/talk"
DRM = [{"url": "https://video.example/a.mp4", "format_id": "a", "has_drm": True}]
OPEN = [{"url": "https://video.example/a.mp4", "format_id": "a"}]


class Site(InfoExtractor):  # type: ignore[misc]  # yt-dlp has no types
    """A site that describes one video, or fails, as it is told."""

    _VALID_URL = r"https://video\.example/(?P<id>\w+)"
    described: dict[str, Any] | None = None
    fails: Any = None

    def _real_extract(self, url: str) -> Any:
        if Site.fails is not None:
            Site.fails(self)
        return {"id": "talk", "title": "A talk", **(Site.described or {})}


@pytest.fixture(autouse=True)
def site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Site, "described", None)
    monkeypatch.setattr(Site, "fails", None)
    monkeypatch.setattr(
        session.YtdlpSession,
        "add_default_info_extractors",
        lambda self: self.add_info_extractor(Site()),
    )


def failing(error: Exception) -> Callable[[Site], None]:
    def fail(site: Site) -> None:
        raise error

    return fail


def refusal(folder: Path) -> tuple[str, str]:
    settings = DownloadSettings.model_validate({"retries": 0, "timeout_s": 2.0})
    with pytest.raises(SourceError) as error:
        fetch(URL, "id", DownloadFolders(folder, folder / "work"), settings, RecordingProgress())
    assert "\n" not in str(error.value)
    assert error.value.message.startswith(URL)
    return error.value.message, error.value.hint


@pytest.mark.parametrize(
    ("described", "wrong", "advice"),
    [
        (
            {"live_status": "is_live", "formats": OPEN},
            "a live stream that is still running",
            "again",
        ),
        ({"is_live": True, "formats": OPEN}, "a live stream that is still running", "again"),
        (
            {"live_status": "is_upcoming", "formats": [], "release_timestamp": 1_800_000_000},
            "a live stream that has not started yet (it begins on 2027-01-15 at 08:00 UTC)",
            "again",
        ),
        (
            {"live_status": "is_upcoming", "formats": [], "duration": 60},
            "a premiere that has not started yet",
            "again",
        ),
        ({"live_status": "post_live", "formats": OPEN}, "has just ended", "again"),
        ({"formats": DRM}, "is copy-protected (DRM)", "without protection"),
        ({"formats": [], "availability": "private"}, "is private", "download.cookies"),
        (
            {"formats": [], "availability": "subscriber_only"},
            "is for members of the channel only",
            "is a member",
        ),
        ({"formats": [], "availability": "premium_only"}, "is for paying subscribers", "pays"),
        ({"formats": [], "availability": "needs_auth"}, "wants a login", "download.cookies"),
        ({"formats": [], "availability": "public"}, "no video was found", "one video"),
    ],
)
def test_the_fields_of_a_video_tell_why_it_cannot_be_loaded(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    described: dict[str, Any],
    wrong: str,
    advice: str,
) -> None:
    monkeypatch.setattr(Site, "described", described)
    message, hint = refusal(tmp_path)
    assert wrong in message
    assert advice in hint


@pytest.mark.parametrize(
    ("fails", "wrong", "advice"),
    [
        (
            lambda site: site.raise_geo_restricted("Nur hier.", countries=["DE", "AT"]),
            "may not be shown in this country",
            "a server in DE, AT",
        ),
        (
            failing(UserNotLive(video_id="talk")),
            "it is not on air now",
            "the recording",
        ),
        (
            lambda site: site.raise_login_required("Join this channel to get access"),
            "for members of the channel only",
            "is a member",
        ),
        (
            lambda site: (_ for _ in ()).throw(
                ExtractorError("Premieres in 3 hours", expected=True)
            ),
            "a premiere that has not started yet",
            "shown",
        ),
        (
            failing(ExtractorError("This video has been removed by the uploader", expected=True)),
            "does not exist",
            "check the address",
        ),
    ],
    ids=["region", "not live", "members", "premiere", "removed"],
)
def test_the_classes_and_words_of_ytdlp_tell_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: Any, wrong: str, advice: str
) -> None:
    monkeypatch.setattr(Site, "fails", staticmethod(fails))
    message, hint = refusal(tmp_path)
    assert wrong in message
    assert advice in hint


def test_a_playlist_says_how_to_make_a_book_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = [
        {"_type": "url", "url": f"https://video.example/{n}", "title": f"Lecture {n}"}
        for n in range(1, 4)
    ]
    monkeypatch.setattr(
        Site, "described", {"_type": "playlist", "title": "CS 101", "entries": entries}
    )
    message, hint = refusal(tmp_path)
    assert "is a playlist (CS 101), not one video: Lecture 1" in message
    assert f"python -m pipeline book '{URL}'" in hint


def test_a_playlist_without_entries_is_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Site, "described", {"_type": "playlist", "title": "Gone", "entries": []})
    assert "is an empty playlist" in refusal(tmp_path)[0]
