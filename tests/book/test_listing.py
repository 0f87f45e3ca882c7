"""From what a person names to the entries of a book; the playlist is served on loopback."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.book.filters import Filters, filters
from pipeline.book.listing import list_sources
from pipeline.errors import SourceError, UsageError
from pipeline.settings.download import DownloadSettings
from tests.book.feed import feed
from tests.recording import RecordingProgress
from tests.servers.media import MediaServer, Page

SETTINGS = DownloadSettings(retries=0, timeout_s=5)


def titles(*sources: str, wanted: Filters | None = None) -> list[str]:
    listing = list_sources(sources, wanted or Filters(), SETTINGS, RecordingProgress())
    return [entry.title for entry in listing.entries]


def videos(folder: Path, *names: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_text(f"not looked into: {name}")
    return folder


def test_a_folder_gives_its_videos_in_the_order_a_person_expects(tmp_path: Path) -> None:
    folder = videos(tmp_path / "Course", "10 end.mp4", "2 middle.webm", "1 start.mp4", "notes.pdf")
    listing = list_sources([str(folder)], Filters(), SETTINGS, RecordingProgress())
    assert [entry.title for entry in listing.entries] == ["1 start", "2 middle", "10 end"]
    assert listing.title == "Course"


def test_a_list_holds_paths_relative_to_itself_and_comments(tmp_path: Path) -> None:
    videos(tmp_path, "b.mp4", "a.mp4")
    listed = tmp_path / "my course.txt"
    listed.write_text("# the course\nb.mp4\n\na.mp4\nb.mp4\ngone.mp4\n")
    listing = list_sources([str(listed)], Filters(), SETTINGS, RecordingProgress())
    assert [Path(entry.source).name for entry in listing.entries] == ["b.mp4", "a.mp4", "gone.mp4"]
    assert "neither a file nor a URL" in (listing.entries[2].failure or "")
    assert listing.title == "my course"


def test_several_sources_keep_the_order_given_and_each_lecture_once(tmp_path: Path) -> None:
    folder = videos(tmp_path / "folder", "x.mp4", "y.mp4")
    assert titles(str(folder / "y.mp4"), str(folder)) == ["y", "x"]


def test_match_and_limit_choose_lectures(tmp_path: Path) -> None:
    folder = videos(tmp_path, "lecture 1.mp4", "lab 1.mp4", "lecture 2.mp4")
    assert titles(str(folder), wanted=filters(None, "^lecture", None, None)) == [
        "lecture 1",
        "lecture 2",
    ]
    assert titles(str(folder), wanted=filters(1, None, None, None)) == ["lab 1"]


def test_a_feed_is_listed_by_yt_dlp_without_loading_its_videos(media_server: MediaServer) -> None:
    address = feed(media_server, "A course", {"one": "First", "two": "Second"})
    listing = list_sources([address], Filters(), SETTINGS, RecordingProgress())
    assert listing.title == "A course"
    assert [entry.title for entry in listing.entries] == ["First", "Second"]
    assert [entry.source for entry in listing.entries] == [
        media_server.url("/one.mp4"),
        media_server.url("/two.mp4"),
    ]
    assert not [call for call in media_server.calls if call.path.endswith(".mp4")]


def test_a_page_with_two_videos_is_a_list(media_server: MediaServer, tiny_video: Path) -> None:
    for name in ("a.mp4", "b.mp4"):
        media_server.pages[f"/{name}"] = Page(tiny_video.read_bytes(), "video/mp4")
    html = '<title>Week</title><video src="/a.mp4"></video><video src="/b.mp4"></video>'
    media_server.pages["/week.html"] = Page(html.encode(), "text/html")
    listing = list_sources(
        [media_server.url("/week.html")], Filters(), SETTINGS, RecordingProgress()
    )
    assert [entry.source for entry in listing.entries] == [
        media_server.url("/a.mp4"),
        media_server.url("/b.mp4"),
    ]


def test_a_source_that_cannot_be_listed_does_not_stop_the_others(
    tmp_path: Path, media_server: MediaServer
) -> None:
    folder = videos(tmp_path / "here", "x.mp4")
    found = list_sources(
        [media_server.url("/gone.xml"), str(folder)], Filters(), SETTINGS, RecordingProgress()
    )
    assert [bool(entry.failure) for entry in found.entries] == [True, False]
    with pytest.raises(SourceError, match="404"):
        list_sources([media_server.url("/gone.xml")], Filters(), SETTINGS, RecordingProgress())


def test_dates_and_expressions_are_checked_at_once() -> None:
    assert filters(None, None, "20240930", None).after == "2024-09-30"
    with pytest.raises(UsageError, match="not a date"):
        filters(None, None, None, "yesterday")
    with pytest.raises(UsageError, match="regular expression"):
        filters(None, "(", None, None)


def test_an_unknown_day_stays_in_a_known_one_is_judged() -> None:
    wanted = filters(None, None, "2024-01-01", "2024-12-31")
    assert wanted.refuse_date(None) is None
    assert wanted.refuse_date("2024-06-01") is None
    assert wanted.refuse_date("2023-12-31") == "published 2023-12-31, before 2024-01-01"
    assert wanted.refuse_date("2025-01-01") == "published 2025-01-01, after 2024-12-31"
