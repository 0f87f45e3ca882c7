"""yt-dlp's fields as our own, from a site or from a file beside the video."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.errors import SourceError
from pipeline.models import ChapterMark
from pipeline.video.metadata import VideoMetadata, details_of, read_details


def test_the_fields_of_a_site() -> None:
    details = details_of(
        {
            "title": " A talk ",
            "webpage_url": "https://www.youtube.com/watch?v=zduSFxRajkE",
            "channel": "Somebody",
            "upload_date": "20240220",
            "language": "en",
            "description": "About it.",
            "chapters": [
                {"start_time": 350.0, "end_time": 896.0, "title": "Second"},
                {"start_time": 0.5, "end_time": 350.0, "title": "First"},
            ],
            "subtitles": {"de": [], "live_chat": []},
            "automatic_captions": {"en": [], "de": []},
        }
    )
    assert details == VideoMetadata(
        title="A talk",
        url="https://www.youtube.com/watch?v=zduSFxRajkE",
        uploader="Somebody",
        upload_date="2024-02-20",
        language="en",
        description="About it.",
        chapters=(
            ChapterMark(start_ms=500, title="First"),
            ChapterMark(start_ms=350_000, title="Second"),
        ),
        auto_languages=("en",),
    )


def test_nothing_known_is_nothing_said() -> None:
    assert details_of({}) == VideoMetadata()


def test_strange_values_are_left_out() -> None:
    assert (
        details_of(
            {
                "title": 3,
                "webpage_url": "javascript:alert(1)",
                "upload_date": "yesterday",
                "chapters": [None, {"title": "x"}, {"title": "y", "start_time": -1}, {"title": ""}],
                "subtitles": [],
            }
        )
        == VideoMetadata()
    )


def test_the_placeholder_before_a_late_first_chapter_is_no_title() -> None:
    marks = [
        {"start_time": 0, "title": "<Untitled Chapter 1>"},
        {"start_time": 9, "title": "Begin"},
    ]
    assert details_of({"chapters": marks}).chapters == (ChapterMark(start_ms=9000, title="Begin"),)


@pytest.mark.parametrize("address", ["http://[half", "ftp://example.org/a", "see below", "", 7])
def test_what_is_no_web_address_is_not_linked(address: object) -> None:
    assert details_of({"webpage_url": address}).url is None


def test_a_password_in_the_address_is_not_kept() -> None:
    details = details_of({"webpage_url": "https://me:secret@example.org/talk?x=1"})
    assert details.url == "https://example.org/talk?x=1"


def test_a_file_of_chapters_counts_in_milliseconds(tmp_path: Path) -> None:
    file = tmp_path / "talk.chapters.json"
    marks = [{"title": "Second", "start_ms": 17369, "end_ms": 44489}]
    file.write_text(json.dumps({"title": "Talk", "chapters": marks}))
    details = read_details(file)
    assert details.title == "Talk"
    assert details.chapters == (ChapterMark(start_ms=17369, title="Second"),)


@pytest.mark.parametrize("text", ["{", "[]", "\xff\xfe"])
def test_a_damaged_file_is_named(text: str, tmp_path: Path) -> None:
    file = tmp_path / "talk.info.json"
    file.write_text(text, encoding="latin-1")
    with pytest.raises(SourceError, match=r"talk\.info\.json beside the video"):
        read_details(file)
