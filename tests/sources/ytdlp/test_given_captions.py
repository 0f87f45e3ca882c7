"""Captions at an address of their own are loaded in place of those that come with the video."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from pipeline.errors import SourceError
from pipeline.settings.download import DownloadSettings
from tests.servers.media import MediaServer, Page
from tests.sources.ytdlp.test_download import load

VTT = b"WEBVTT\n\n00:01.000 --> 00:03.000\nGiven by address.\n"
SRT = b"1\n00:00:01,000 --> 00:00:03,000\nGiven by address.\n"


@pytest.mark.parametrize(
    "address, body, name, language",
    [
        ("/talk.de.vtt", VTT, "captions.de.vtt", "de"),
        ("/talk.srt", SRT, "captions.srt", None),
        ("/captions?id=7", SRT, "captions.srt", None),
    ],
)
def test_they_are_what_their_content_says(
    media_server: MediaServer,
    tiny_video: Path,
    tmp_path: Path,
    address: str,
    body: bytes,
    name: str,
    language: str | None,
) -> None:
    media_server.add(address.partition("?")[0], Page(body, "text/plain"))
    given = media_server.url(address)
    video = load(media_server.add_file(tiny_video), tmp_path, captions_url=given)
    assert [(one.path, one.language, one.kind) for one in video.captions] == [
        (name, language, "human")
    ]
    assert "Given by address." in (tmp_path / name).read_text()


def test_they_replace_those_beside_a_file(
    media_server: MediaServer, tiny_video: Path, tmp_path: Path
) -> None:
    talk = tmp_path / "talk.mp4"
    talk.write_bytes(tiny_video.read_bytes())
    talk.with_suffix(".fr.vtt").write_bytes(VTT.replace(b"Given by address", b"Beside"))
    given = media_server.add("/other.en.vtt", Page(VTT, "text/vtt"))
    video = load(str(talk), tmp_path / "out", captions_url=given)
    assert [one.language for one in video.captions] == ["en"]


@pytest.mark.parametrize("body", [b"<html>Sign in</html>", b"", b"WEBVTT\n"])
def test_what_is_no_caption_file_is_an_error_before_the_video_is_loaded(
    media_server: MediaServer, tiny_video: Path, tmp_path: Path, body: bytes
) -> None:
    given = media_server.add("/talk.vtt", Page(body, "text/html"))
    url = media_server.add_file(tiny_video)
    with pytest.raises(SourceError, match="is no caption file"):
        load(url, tmp_path, captions_url=given)
    assert media_server.starts("/tiny.mp4") == []


def test_an_address_that_is_not_there_is_named(
    media_server: MediaServer, tiny_video: Path, tmp_path: Path
) -> None:
    with pytest.raises(SourceError, match=r"captions_url: .*gone.vtt.*404"):
        load(
            media_server.add_file(tiny_video),
            tmp_path,
            captions_url=media_server.url("/gone.vtt"),
            retries=0,
        )


@pytest.mark.parametrize("url", ["/etc/passwd", "file:///a.vtt", "https://me:pw@x.example/a.vtt"])
def test_paths_and_secrets_are_no_address_of_captions(url: str) -> None:
    with pytest.raises(ValidationError):
        DownloadSettings(captions_url=url)


def test_lectures_without_the_setting_are_as_they_were() -> None:
    assert "download.captions_url" not in DownloadSettings().deciding("download")
    given = DownloadSettings(captions_url="https://x.example/a.vtt")
    assert "download.captions_url" in given.deciding("download")
