"""Loading from a real web server with the real yt-dlp."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import ConfigError, SourceError, UsageError
from pipeline.models import Video
from pipeline.settings.download import DownloadSettings
from pipeline.sources.fetch import DownloadFolders, fetch
from pipeline.sources.time_range import TimeRange
from pipeline.sources.ytdlp.download import session
from pipeline.sources.ytdlp.versions import Version, Versions
from tests.conftest import make_media
from tests.recording import RecordingProgress
from tests.servers.media import MediaServer, Page


def load(
    url: str,
    folder: Path,
    part: TimeRange | None = None,
    progress: RecordingProgress | None = None,
    **settings: Any,
) -> Video:
    place = DownloadFolders(folder, folder / "work")
    chosen = DownloadSettings.model_validate({"retries": 2, "timeout_s": 5.0, **settings})
    return fetch(url, "id", place, chosen, progress or RecordingProgress(), part or TimeRange())


def serve_hls(server: MediaServer, video: Path, folder: Path, *, ended: bool = True) -> str:
    """The address of an HLS stream of ``video`` in pieces of two seconds."""
    folder.mkdir()
    playlist = make_media(
        folder / "talk.m3u8",
        *("-i", str(video), "-c", "copy", "-hls_time", "2", "-hls_list_size", "0"),
        *("-hls_segment_filename", str(folder / "piece%d.ts")),
    )
    if not ended:
        playlist.write_text(playlist.read_text().replace("#EXT-X-ENDLIST\n", ""))
    server.add_folder(folder, "/hls")
    return server.url("/hls/talk.m3u8")


def test_a_direct_link(media_server: MediaServer, tiny_video: Path, tmp_path: Path) -> None:
    url = media_server.add_file(tiny_video, "/talks/My%20talk.mp4")
    progress = RecordingProgress()
    video = load(url, tmp_path, progress=progress)
    assert (tmp_path / video.path).read_bytes() == tiny_video.read_bytes()
    assert (video.path, video.title, video.url) == ("video.mp4", "My talk", url)
    assert (video.duration_ms, video.end_ms, video.upload_date) == (8000, 8000, None)
    assert progress.warnings == []
    done, total, unit = progress.updates[-1]
    assert unit == "MB"
    assert done == total == tiny_video.stat().st_size / 1e6


def test_a_redirect_is_followed(
    media_server: MediaServer, tiny_video: Path, tmp_path: Path
) -> None:
    media_server.add_file(tiny_video)
    moved = Page(b"", "text/plain", status=302, location=media_server.url("/tiny.mp4"))
    url = media_server.add("/old.mp4", moved)
    assert load(url, tmp_path).duration_ms == 8000


def test_a_page_that_shows_one_video(
    media_server: MediaServer, tiny_video: Path, tmp_path: Path
) -> None:
    media_server.add_file(tiny_video)
    page = b"<html><title>A talk</title><video src='/tiny.mp4'></video></html>"
    url = media_server.add("/talk.html", Page(page, "text/html"))
    video = load(url, tmp_path)
    assert (video.title, video.url) == ("A talk", url)


def test_an_hls_stream_in_pieces(
    media_server: MediaServer, tiny_video: Path, tmp_path: Path
) -> None:
    url = serve_hls(media_server, tiny_video, tmp_path / "hls")
    video = load(url, tmp_path / "out")
    assert video.path == "video.mp4"
    assert video.duration_ms == pytest.approx(8000, abs=100)
    assert video.has_audio


def test_hls_with_sound_and_captions_of_their_own(
    media_server: MediaServer, tiny_video: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "hls"
    folder.mkdir()
    for name, stream in (("picture", "v"), ("sound", "a")):
        make_media(
            folder / f"{name}.m3u8",
            *("-i", str(tiny_video), "-map", f"0:{stream}", "-c", "copy", "-hls_time", "2"),
            *("-hls_list_size", "0", "-hls_segment_filename", str(folder / f"{name}%d.ts")),
        )
    (folder / "text.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:03.000\nHello, there.\n")
    (folder / "text.m3u8").write_text(
        "#EXTM3U\n#EXT-X-TARGETDURATION:8\n#EXTINF:8,\ntext.vtt\n#EXT-X-ENDLIST\n"
    )
    (folder / "main.m3u8").write_text(
        "#EXTM3U\n"
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="en",LANGUAGE="en",URI="sound.m3u8"\n'
        '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="en",LANGUAGE="en",URI="text.m3u8"\n'
        '#EXT-X-STREAM-INF:BANDWIDTH=90000,RESOLUTION=160x120,CODECS="avc1.42c00b,mp4a.40.2",'
        'AUDIO="a",SUBTITLES="s"\npicture.m3u8\n'
    )
    media_server.add_folder(folder, "/hls")
    video = load(media_server.url("/hls/main.m3u8"), tmp_path / "out")
    assert (video.has_audio, video.width) == (True, 160)
    assert [(c.language, c.kind) for c in video.captions] == [("en", "human")]
    assert "Hello, there." in (tmp_path / "out" / video.captions[0].path).read_text()


def test_a_broken_connection_is_continued_where_it_broke(
    media_server: MediaServer, tiny_video: Path, tmp_path: Path
) -> None:
    url = media_server.add_file(tiny_video)
    # The first request only looks at the headers and the beginning; the second one loads.
    media_server.pages["/tiny.mp4"].cuts = [40_000, 40_000]
    video = load(url, tmp_path)
    assert (tmp_path / video.path).read_bytes() == tiny_video.read_bytes()
    assert max(media_server.starts("/tiny.mp4")) > 20_000


def test_a_load_that_failed_is_continued_by_the_next_run(
    media_server: MediaServer, tiny_video: Path, tmp_path: Path
) -> None:
    url = media_server.add_file(tiny_video)
    page = media_server.pages["/tiny.mp4"]
    page.cuts = [40_000, 40_000, 10]
    with pytest.raises(SourceError, match="kept breaking") as error:
        load(url, tmp_path, retries=1)
    assert "run again" in error.value.hint
    page.cuts = []
    media_server.calls.clear()
    video = load(url, tmp_path)
    assert max(media_server.starts("/tiny.mp4")) > 20_000
    assert (tmp_path / video.path).read_bytes() == tiny_video.read_bytes()


def test_a_file_that_was_whole_when_the_run_was_killed_is_taken(
    media_server: MediaServer, tiny_video: Path, tmp_path: Path
) -> None:
    page = b"<html><title>A talk</title><video src='/tiny.mp4'></video></html>"
    url = media_server.add("/talk.html", Page(page, "text/html"))
    media_server.add_file(tiny_video)
    work = tmp_path / "work"
    work.mkdir()
    (work / "video.0.mp4.part").write_bytes(tiny_video.read_bytes())
    Versions(work).put("video.0.mp4.part", Version(None, None, tiny_video.stat().st_size))
    video = load(url, tmp_path)
    assert (tmp_path / video.path).read_bytes() == tiny_video.read_bytes()
    assert min(media_server.starts("/tiny.mp4")) > 90_000


def test_a_piece_that_was_appended_when_the_run_was_killed_is_not_there_twice(
    media_server: MediaServer, tiny_video: Path, tmp_path: Path
) -> None:
    url = serve_hls(media_server, tiny_video, tmp_path / "hls")
    expected = load(url, tmp_path / "undisturbed")
    lost = media_server.pages.pop("/hls/piece2.ts")
    with pytest.raises(SourceError):
        load(url, tmp_path / "out", retries=0)
    (partial,) = (tmp_path / "out" / "work").glob("*.mp4.part")
    with partial.open("ab") as file:
        file.write(lost.body)
    media_server.pages["/hls/piece2.ts"] = lost
    media_server.calls.clear()
    assert load(url, tmp_path / "out") == expected
    assert media_server.starts("/hls/piece1.ts") == []


def test_an_address_with_letters_that_must_be_escaped_is_continued_too(
    media_server: MediaServer, tiny_video: Path, tmp_path: Path
) -> None:
    media_server.add_file(tiny_video, "/talk%20%C3%BCber%20x.mp4")
    media_server.pages["/talk%20%C3%BCber%20x.mp4"].cuts = [40_000] * 3
    video = load(media_server.url("/talk über x.mp4"), tmp_path)
    assert (tmp_path / video.path).read_bytes() == tiny_video.read_bytes()
    assert max(media_server.starts("/talk%20%C3%BCber%20x.mp4")) > 20_000


def test_a_file_is_put_together_from_the_ranges_that_a_site_wants(
    media_server: MediaServer, tiny_video: Path, tmp_path: Path
) -> None:
    """YouTube slows down whoever asks for more than 10 MiB at once."""
    url = media_server.add_file(tiny_video)
    media_server.pages["/tiny.mp4"].cuts = [40_000, 9_000]
    ranges = {"http_chunk_size": 20_000}
    with session(url, tmp_path, DownloadSettings(), RecordingProgress(), **ranges) as ydl:
        ydl.extract_info(url)
    (loaded,) = tmp_path.glob("*.mp4")
    assert loaded.read_bytes() == tiny_video.read_bytes()
    assert len(media_server.starts("/tiny.mp4")) > 6


def test_a_server_without_ranges_is_asked_for_all_again(
    media_server: MediaServer, tiny_video: Path, tmp_path: Path
) -> None:
    url = media_server.add_file(tiny_video)
    media_server.pages["/tiny.mp4"].ranges = False
    media_server.pages["/tiny.mp4"].cuts = [40_000, 40_000]
    video = load(url, tmp_path)
    assert (tmp_path / video.path).read_bytes() == tiny_video.read_bytes()


def test_a_missing_piece_is_an_error_and_no_hole(
    media_server: MediaServer, tiny_video: Path, tmp_path: Path
) -> None:
    url = serve_hls(media_server, tiny_video, tmp_path / "hls")
    del media_server.pages["/hls/piece2.ts"]
    with pytest.raises(SourceError):
        load(url, tmp_path / "out", retries=0)


def test_a_part_beyond_the_end_is_refused_before_the_video_is_loaded(
    media_server: MediaServer, tiny_video: Path, tmp_path: Path
) -> None:
    url = serve_hls(media_server, tiny_video, tmp_path / "hls")
    with pytest.raises(UsageError, match="beyond the end"):
        load(url, tmp_path / "out", TimeRange(60_000, 90_000))
    assert media_server.starts("/hls/piece0.ts") == []


def test_the_largest_picture_within_the_limit_is_taken(
    media_server: MediaServer, tiny_video: Path, tmp_path: Path
) -> None:
    variants = ""
    for height in (120, 240, 480):
        folder = tmp_path / str(height)
        folder.mkdir()
        make_media(
            folder / "v.m3u8",
            *("-i", str(tiny_video), "-vf", f"scale=-2:{height}", "-preset", "ultrafast"),
            *("-hls_list_size", "0", "-hls_segment_filename", str(folder / "p%d.ts")),
        )
        media_server.add_folder(folder, f"/hls/{height}")
        variants += (
            f"#EXT-X-STREAM-INF:BANDWIDTH={height * 1000},RESOLUTION={height * 4 // 3}x{height},"
            f'CODECS="avc1.42c00b,mp4a.40.2"\n{height}/v.m3u8\n'
        )
    playlist = Page(f"#EXTM3U\n{variants}".encode(), "application/vnd.apple.mpegurl")
    url = media_server.add("/hls/main.m3u8", playlist)
    assert load(url, tmp_path / "a", max_height=300).height == 240
    assert media_server.starts("/hls/480/p0.ts") == []
    assert load(url, tmp_path / "b", format="worst").height == 120


def test_cookies_are_sent_and_their_file_is_left_alone(
    media_server: MediaServer, tiny_video: Path, tmp_path: Path
) -> None:
    url = media_server.add_file(tiny_video)
    cookies = tmp_path / "cookies.txt"
    text = "# Netscape HTTP Cookie File\n127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\tsecret\n"
    cookies.write_text(text)
    load(url, tmp_path / "out", cookies=str(cookies))
    assert {call.cookies for call in media_server.calls} == {"session=secret"}
    assert cookies.read_text() == text


def test_cookies_that_cannot_be_used_name_the_setting(tmp_path: Path) -> None:
    cookies = tmp_path / "cookies.json"
    for _ in range(2):
        with pytest.raises(ConfigError, match=r"download\.cookies: .*cookies\.json"):
            load("http://127.0.0.1:9/a.mp4", tmp_path, cookies=str(cookies))
        cookies.write_text("[]")
    message = refusal("http://127.0.0.1:9/a.mp4", tmp_path, cookies_from_browser="netscape")
    assert "download.cookies_from_browser cannot be read" in message


def test_a_proxy_is_asked_instead_of_the_server(
    media_server: MediaServer, tiny_video: Path, tmp_path: Path
) -> None:
    media_server.add_file(tiny_video)
    video = load("http://lectures.invalid/tiny.mp4", tmp_path, proxy=media_server.url(""))
    assert video.url == "http://lectures.invalid/tiny.mp4"


def test_a_lost_caption_file_is_said_and_the_video_still_had(
    media_server: MediaServer, tiny_video: Path, tmp_path: Path
) -> None:
    media_server.add_file(tiny_video)
    page = (
        b"<html><title>A talk</title><video><source src='/tiny.mp4' type='video/mp4'>"
        b"<track kind='subtitles' srclang='en' src='/gone.vtt'></video></html>"
    )
    progress = RecordingProgress()
    url = media_server.add("/talk.html", Page(page, "text/html"))
    video = load(url, tmp_path, progress=progress, retries=0)
    assert video.captions == ()
    assert any("human captions (en) are missing" in text for text in progress.warnings)


def refusal(url: str, folder: Path, **settings: Any) -> str:
    with pytest.raises(SourceError) as error:
        load(url, folder, **{"retries": 0, "timeout_s": 2.0, **settings})
    assert error.value.hint
    return error.value.message


def test_a_live_stream_is_refused(
    media_server: MediaServer, tiny_video: Path, tmp_path: Path
) -> None:
    url = serve_hls(media_server, tiny_video, tmp_path / "hls", ended=False)
    assert "is a live stream that is still running" in refusal(url, tmp_path / "out")


def test_a_playlist_names_its_first_entries(
    media_server: MediaServer, tiny_video: Path, tmp_path: Path
) -> None:
    feed = "".join(
        f"<item><title>Lecture {n}</title><link>{media_server.url(f'/{n}.mp4')}</link></item>"
        for n in range(1, 9)
    )
    rss = f'<?xml version="1.0"?><rss><channel><title>CS 101</title>{feed}</channel></rss>'
    url = media_server.add("/feed.xml", Page(rss.encode(), "application/rss+xml"))
    message = refusal(url, tmp_path)
    assert "is a playlist (CS 101), not one video: Lecture 1" in message
    assert "Lecture 3" in message
    assert "Lecture 4" not in message


def test_a_page_without_a_video(media_server: MediaServer, tmp_path: Path) -> None:
    page = Page(b"<html><title>Hello</title><p>Nothing to see.</p></html>", "text/html")
    assert "no video was found" in refusal(media_server.add("/page.html", page), tmp_path)


@pytest.mark.parametrize(
    ("status", "wrong"),
    [(404, "does not exist"), (410, "does not exist"), (403, "refuses it"), (503, "has a fault")],
)
def test_what_the_server_says(
    status: int, wrong: str, media_server: MediaServer, tmp_path: Path
) -> None:
    url = media_server.add("/a.mp4", Page(b"no", "text/plain", status=status))
    assert wrong in refusal(url, tmp_path)


def test_a_server_that_does_not_exist(tmp_path: Path) -> None:
    assert "cannot be resolved (DNS)" in refusal("http://no-such-host.invalid/a.mp4", tmp_path)


def test_a_server_that_does_not_listen(tmp_path: Path) -> None:
    assert "cannot be reached" in refusal("http://127.0.0.1:9/a.mp4", tmp_path)


def test_a_server_that_falls_silent(
    media_server: MediaServer, tiny_video: Path, tmp_path: Path
) -> None:
    url = media_server.add_file(tiny_video)
    page = media_server.pages["/tiny.mp4"]
    page.pause_after, page.stall = 30_000, threading.Event()
    message = refusal(url, tmp_path, timeout_s=0.5)
    page.stall.set()
    assert "the connection kept breaking" in message


def test_an_address_of_an_unknown_kind(tmp_path: Path) -> None:
    assert "outside the web" in refusal("gopher://example.org/a", tmp_path)


def test_an_empty_file(media_server: MediaServer, tmp_path: Path) -> None:
    assert "empty (0 bytes)" in refusal(
        media_server.add("/a.mp4", Page(b"", "video/mp4")), tmp_path
    )


def test_a_file_that_is_not_a_video(media_server: MediaServer, tmp_path: Path) -> None:
    url = media_server.add("/a.mp4", Page(b"\0\1\2 nonsense" * 500, "video/mp4"))
    message = refusal(url, tmp_path)
    assert "is not a video" in message
    assert message.startswith(url)


def test_a_file_that_is_cut_off_on_the_server_is_not_kept(
    media_server: MediaServer, tiny_video: Path, tmp_path: Path
) -> None:
    whole = tiny_video.read_bytes()
    url = media_server.add("/a.mp4", Page(whole[:60_000], "video/mp4"))
    assert "is cut off: it should last 0:08" in refusal(url, tmp_path)
    media_server.pages["/a.mp4"].body = whole
    assert load(url, tmp_path).duration_ms == 8000


def test_neither_sound_nor_captions(
    media_server: MediaServer, tiny_video: Path, tmp_path: Path
) -> None:
    mute = make_media(tmp_path / "mute.mp4", "-i", str(tiny_video), "-an", "-c", "copy")
    assert "neither sound nor captions" in refusal(media_server.add_file(mute), tmp_path / "out")


def test_nothing_is_printed(
    media_server: MediaServer,
    tiny_video: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    load(serve_hls(media_server, tiny_video, tmp_path / "hls"), tmp_path / "out")
    refusal(media_server.url("/nothing.mp4"), tmp_path / "none")
    assert capfd.readouterr() == ("", "")
