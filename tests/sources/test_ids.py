"""Where a lecture's folder is: known from the source alone, and safe on every file system."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SourceError
from pipeline.sources.ids import is_named_after_source, is_url, local_path, video_id_of

RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in "123")}


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/watch?v=zduSFxRajkE",
        "https://www.youtube.com/watch?v=zduSFxRajkE&list=PLAqhIrjkxbuWI23v9cThsA9GvCAUhRvKZ&t=5s",
        "https://m.youtube.com/watch?app=desktop&v=zduSFxRajkE",
        "https://music.youtube.com/watch?v=zduSFxRajkE",
        "https://youtu.be/zduSFxRajkE?si=abc",
        "https://www.youtube.com/shorts/zduSFxRajkE",
        "https://www.youtube.com/live/zduSFxRajkE?feature=share",
        "https://www.youtube-nocookie.com/embed/zduSFxRajkE",
        "youtu.be/zduSFxRajkE",
        "  https://youtu.be/zduSFxRajkE\n",
    ],
)
def test_every_address_of_a_youtube_video_gives_one_id(url: str) -> None:
    assert video_id_of(url) == "zduSFxRajkE-458"


def test_youtube_ids_that_differ_by_case_have_different_folders_where_case_does_not_count() -> None:
    ids = {
        video_id_of(f"https://youtu.be/{name}").lower()
        for name in ("zduSFxRajkE", "zdusfxrajke", "ZDUSFXRAJKE", "zduSFxRajke")
    }
    assert len(ids) == 4


def test_a_leading_dash_is_never_taken_for_an_option() -> None:
    assert video_id_of("https://youtu.be/-abcdefghi_") == "youtube--abcdefghi_-000"


def test_vimeo_and_bilibili_keep_their_ids() -> None:
    assert video_id_of("https://vimeo.com/76979871?share=copy") == "vimeo-76979871"
    assert video_id_of("https://player.vimeo.com/video/76979871") == "vimeo-76979871"
    first = video_id_of("https://www.bilibili.com/video/BV1xx411c7mD/")
    assert first.startswith("bilibili-BV1xx411c7mD-")
    assert video_id_of("https://www.bilibili.com/video/BV1xx411c7mD?p=2") == f"{first}-p2"


def test_another_url_is_named_by_its_last_part_and_its_hash() -> None:
    one = video_id_of("https://example.org/cs101/Lecture%203%20(final).mp4?token=1")
    other = video_id_of("https://example.org/cs102/Lecture%203%20(final).mp4?token=1")
    assert re.fullmatch(r"lecture-3-final-[0-9a-f]{8}", one)
    assert one != other
    assert video_id_of("https://example.org/a.mp4#t=5") == video_id_of("https://example.org/a.mp4")
    assert re.fullmatch(r"example-org-[0-9a-f]{8}", video_id_of("https://example.org/"))


def test_a_local_file_is_known_by_its_name_and_content_wherever_it_lies(tmp_path: Path) -> None:
    first, moved, other = tmp_path / "My Talk.mp4", tmp_path / "b" / "My Talk.mp4", tmp_path / "c"
    moved.parent.mkdir()
    first.write_bytes(b"one")
    moved.write_bytes(b"one")
    assert video_id_of(str(first)) == video_id_of(str(moved)) == video_id_of(first.as_uri())
    assert re.fullmatch(r"my-talk-[0-9a-f]{8}", video_id_of(str(first)))
    other.write_bytes(b"two")
    assert video_id_of(str(other))[-8:] != video_id_of(str(first))[-8:]


def test_a_change_at_the_end_of_a_large_file_is_seen(tmp_path: Path) -> None:
    video = tmp_path / "a.mp4"
    video.write_bytes(bytes(300_000))
    before = video_id_of(str(video))
    video.write_bytes(bytes(299_999) + b"x")
    assert video_id_of(str(video)) != before


def test_a_part_has_a_folder_of_its_own() -> None:
    url = "https://vimeo.com/76979871"
    assert video_id_of(url, 60_000, 120_000) == "vimeo-76979871-60-120"
    assert video_id_of(url, 60_000) == "vimeo-76979871-60-end"
    assert video_id_of(url, 0, 1_500) == "vimeo-76979871-0-1_500"


@given(stem=st.text(st.characters(blacklist_characters="/\0", codec="utf-8"), min_size=1))
def test_every_id_is_a_safe_file_name(stem: str) -> None:
    name = video_id_of(f"https://example.org/{stem}")
    assert regex.fullmatch(r"[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}_-]{0,80}", name)
    assert len(name.encode()) < 200
    assert name.lower() not in RESERVED


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="neither a file nor a URL"):
        video_id_of(str(tmp_path / "nope.mp4"))
    with pytest.raises(SourceError, match="is a folder"):
        video_id_of(str(tmp_path))
    empty = tmp_path / "empty.mp4"
    empty.touch()
    with pytest.raises(SourceError, match="is empty"):
        video_id_of(str(empty))
    with pytest.raises(SourceError, match="is not a URL"):
        video_id_of("http://[half/a.mp4")


def test_a_windows_path_and_a_file_url_are_paths(tmp_path: Path) -> None:
    assert not is_url(r"C:\lectures\one.mp4")
    video = tmp_path / "with space.mp4"
    video.write_bytes(b"x")
    assert not is_url(video.as_uri())
    assert local_path(video.as_uri()) == video


@pytest.mark.parametrize(
    ("title", "name", "expected"),
    [
        ("Names for stuff", "names_for-stuff.mp4", True),
        ("Names for stuff", "Names for Stuff.mp4", True),
        ("Byte pair encoding", "names-for-stuff.mp4", False),
        ("字节对编码", "讲座.mp4", False),
        ("讲座", "讲座.mp4", True),
    ],
)
def test_a_title_that_is_only_the_files_name_is_known(
    tmp_path: Path, title: str, name: str, expected: bool
) -> None:
    (tmp_path / name).write_bytes(b"film")
    for video_id in (
        video_id_of(str(tmp_path / name)),
        video_id_of(str(tmp_path / name), 1000, 9000),
    ):
        assert is_named_after_source(title, video_id) is expected
