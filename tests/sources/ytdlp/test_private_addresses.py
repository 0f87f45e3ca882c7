"""What others ask for never reaches this machine or its network, wherever a video's address leads.

The real yt-dlp loads from real servers: 127.0.0.2 stands for the internet, on 127.0.0.1 a service
waits that nobody may reach. Each test ends by asking that service whether anyone came.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from pipeline.errors import ConfigError, SourceError
from pipeline.models import Video
from pipeline.server.app import create_app
from pipeline.settings.download import DownloadSettings
from pipeline.settings.serve import ServeSettings
from pipeline.sources.fetch import DownloadFolders, fetch
from pipeline.sources.ytdlp.download import session
from tests.conftest import make_media
from tests.recording import RecordingProgress
from tests.servers.broken import Answer, Ask, BrokenServer
from tests.tally import Tally

Servers = tuple[BrokenServer, BrokenServer]

OUTSIDE = "127.0.0.2"
REFUSED = "such addresses are refused here"


@pytest.fixture
def servers(tiny_video: Path) -> Iterator[Servers]:
    """The internet, and the service inside that everything tries to reach."""
    with BrokenServer(OUTSIDE) as outside, BrokenServer() as inside:
        inside.put("/secret.mp4", tiny_video.read_bytes())
        yield outside, inside
        assert inside.asks == []


def load(url: str, folder: Path, **settings: Any) -> Video:
    chosen = {"private_addresses": "refuse", "private_hosts": [OUTSIDE], "timeout_s": 5.0}
    chosen |= {"retries": 1, **settings}
    place = DownloadFolders(folder, folder / "work")
    progress = RecordingProgress()
    return fetch(url, "id", place, DownloadSettings.model_validate(chosen), progress)


def refusal(url: str, folder: Path, **settings: Any) -> str:
    with pytest.raises(SourceError) as error:
        load(url, folder, **settings)
    assert error.value.hint
    assert not list(folder.glob("video.*"))
    return error.value.message


def hls_of(video: Path, folder: Path) -> Path:
    """A playlist of ``video`` with its pieces beside it."""
    folder.mkdir()
    return make_media(
        folder / "talk.m3u8",
        *("-i", str(video), "-c", "copy", "-hls_time", "2", "-hls_list_size", "0"),
        *("-hls_segment_filename", str(folder / "piece%d.ts")),
    )


def put_playlist(server: BrokenServer, text: str, path: str = "/talk.m3u8") -> str:
    return server.put(path, text.encode(), "application/vnd.apple.mpegurl")


def test_what_is_outside_is_loaded_as_ever(
    servers: Servers, tiny_video: Path, tmp_path: Path
) -> None:
    outside, _ = servers
    url = outside.put("/talk.mp4", tiny_video.read_bytes())
    video = load(url, tmp_path / "file")
    assert (tmp_path / "file" / video.path).read_bytes() == tiny_video.read_bytes()
    playlist = hls_of(tiny_video, tmp_path / "hls")
    for piece in playlist.parent.glob("*.ts"):
        outside.put(f"/{piece.name}", piece.read_bytes(), "video/mp2t")
    stream = load(put_playlist(outside, playlist.read_text()), tmp_path / "stream")
    assert stream.duration_ms == pytest.approx(8000, abs=100)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "127.1"])
def test_an_address_inside_is_refused(host: str, servers: Servers, tmp_path: Path) -> None:
    url = f"http://{host}:{servers[1].port}/secret.mp4"
    assert REFUSED in refusal(url, tmp_path)


def test_a_redirect_inside_is_refused(servers: Servers, tmp_path: Path, tally: Tally) -> None:
    outside, inside = servers
    for number, address in enumerate((inside.url("/secret.mp4"), "http://[::1]:9/a.mp4")):
        url = outside.put(f"/{number}.mp4", b"", fault=to(address))
        assert REFUSED in refusal(url, tmp_path / str(number))
    tally.survived("private address (SSRF)", 2)


def to(address: str) -> Any:
    def answer(ask: Ask, body: bytes) -> Answer:
        return Answer(302, {"Location": address})

    return answer


@pytest.mark.parametrize(
    "page",
    [
        "<video src='{}'></video>",
        '<meta property="og:video" content="{}">',
        "<script>jwplayer('p').setup({{file: '{}'}})</script>",
        '<meta http-equiv="refresh" content="0;url={}">',
        "<iframe src='{}'></iframe><video src='{}'></video>",
    ],
)
def test_a_page_cannot_lead_inside(
    page: str, servers: Servers, tmp_path: Path, tally: Tally
) -> None:
    outside, inside = servers
    secret = inside.url("/secret.mp4")
    text = f"<html><head><title>Talk</title></head>{page.format(secret, secret)}</html>"
    message = refusal(outside.put("/talk", text.encode(), "text/html"), tmp_path)
    assert REFUSED in message
    tally.survived("private address (SSRF)")


SEGMENTS = "#EXTM3U\n#EXT-X-TARGETDURATION:8\n{}#EXTINF:8,\n{}\n#EXT-X-ENDLIST\n"


@pytest.mark.parametrize(
    "playlist",
    [
        SEGMENTS.format("", "{secret}"),
        SEGMENTS.format('#EXT-X-KEY:METHOD=AES-128,URI="{secret}"\n', "piece0.ts"),
        SEGMENTS.format('#EXT-X-MAP:URI="{secret}"\n', "piece0.ts"),
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{secret}\n",
    ],
)
def test_a_playlist_cannot_lead_inside(
    playlist: str, servers: Servers, tmp_path: Path, tally: Tally
) -> None:
    outside, inside = servers
    outside.put("/piece0.ts", bytes(16 * 100), "video/mp2t")
    url = put_playlist(outside, playlist.format(secret=inside.url("/secret.mp4")))
    assert REFUSED in refusal(url, tmp_path)
    tally.survived("private address (SSRF)")


def test_a_dash_manifest_cannot_lead_inside(servers: Servers, tmp_path: Path) -> None:
    outside, inside = servers
    manifest = (
        '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT8S">'
        f"<Period><BaseURL>{inside.url('/')}</BaseURL>"
        '<AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1000">'
        '<SegmentList duration="8"><Initialization sourceURL="secret.mp4"/>'
        '<SegmentURL media="secret.mp4"/></SegmentList></Representation></AdaptationSet>'
        "</Period></MPD>"
    )
    url = outside.put("/talk.mpd", manifest.encode(), "application/dash+xml")
    assert REFUSED in refusal(url, tmp_path)


@pytest.mark.parametrize(
    "name", ["file:///etc/passwd", "concat:/etc/passwd", "subfile:/etc/passwd"]
)
def test_a_playlist_cannot_name_a_file_of_this_machine(
    name: str, servers: Servers, tmp_path: Path
) -> None:
    outside, _ = servers
    refusal(put_playlist(outside, SEGMENTS.format("", name)), tmp_path)
    lines = Path("/etc/passwd").read_text().splitlines()
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or lines[0].encode() not in path.read_bytes()


def test_no_other_program_loads_for_others(servers: Servers, tmp_path: Path) -> None:
    outside, inside = servers
    key = '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="{}"\n'.format(inside.url("/secret.mp4"))
    url = put_playlist(outside, SEGMENTS.format(key, "piece0.ts"))
    assert "is not downloaded for others" in refusal(url, tmp_path / "aes")
    page = f"<video src='rtmp://127.0.0.1:{inside.port}/a'></video>"
    refusal(outside.put("/page", page.encode(), "text/html"), tmp_path / "rtmp")


def test_a_part_that_is_a_list_of_other_files_is_not_merged(
    servers: Servers, tiny_video: Path, tmp_path: Path
) -> None:
    outside, _ = servers
    playlist = hls_of(tiny_video, tmp_path / "hls")
    for piece in playlist.parent.glob("*.ts"):
        outside.put(f"/{piece.name}", piece.read_bytes(), "video/mp2t")
    put_playlist(outside, playlist.read_text(), "/picture.m3u8")
    put_playlist(outside, SEGMENTS.format("", "list.ts"), "/sound.m3u8")
    # ffmpeg knows the script by its first words, and would read the file beside it.
    script = b"ffconcat version 1.0\nfile video.1.mp4\n"
    outside.put("/list.ts", script, "video/mp2t")
    main = (
        '#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="en",URI="sound.m3u8"\n'
        '#EXT-X-STREAM-INF:BANDWIDTH=1000,CODECS="avc1.42c00b,mp4a.40.2",AUDIO="a"\npicture.m3u8\n'
    )
    message = refusal(put_playlist(outside, main, "/main.m3u8"), tmp_path / "out")
    assert "neither video nor audio" in message


def test_captions_inside_are_left_out(servers: Servers, tiny_video: Path, tmp_path: Path) -> None:
    outside, inside = servers
    outside.put("/talk.mp4", tiny_video.read_bytes())
    page = (
        "<html><title>Talk</title><video><source src='/talk.mp4' type='video/mp4'>"
        f"<track kind='subtitles' srclang='en' src='{inside.url('/a.vtt')}'></video></html>"
    )
    video = load(outside.put("/talk", page.encode(), "text/html"), tmp_path)
    assert video.captions == ()


@pytest.mark.parametrize("way", ["straight", "by a redirect"])
def test_an_address_of_captions_cannot_lead_inside(
    servers: Servers, tiny_video: Path, tmp_path: Path, way: str
) -> None:
    outside, inside = servers
    secret = inside.put("/a.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\nInside.\n")
    if way == "by a redirect":
        secret = outside.put("/a.vtt", b"", fault=to(secret))
    url = outside.put("/talk.mp4", tiny_video.read_bytes())
    assert REFUSED in refusal(url, tmp_path, captions_url=secret)
    assert not inside.asks


def test_no_proxy_of_the_environment_or_of_a_page_leads_around_the_check(
    servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside, inside = servers
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, inside.url(""))
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "*")
    assert REFUSED in refusal(inside.url("/secret.mp4"), tmp_path / "a")
    outside.put("/page", b"<p>Hello.</p>", "text/html")
    settings = DownloadSettings(private_addresses="refuse", private_hosts=(OUTSIDE,))
    from yt_dlp.networking import Request

    with session("x", tmp_path, settings, RecordingProgress()) as ydl:
        headers = {"Ytdl-Request-Proxy": inside.url("")}
        request = Request(outside.url("/page"), headers=headers, proxies={"all": inside.url("")})
        assert ydl.urlopen(request).read() == b"<p>Hello.</p>"


def test_a_proxy_that_resolves_names_itself_cannot_be_checked(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"download\.proxy.*serve\.private_addresses"):
        load("http://example.org/a.mp4", tmp_path, proxy="http://127.0.0.1:9")


def test_a_person_may_load_from_their_own_network(tiny_video: Path, tmp_path: Path) -> None:
    with BrokenServer() as server:
        url = server.put("/a.mp4", tiny_video.read_bytes())
        settings = DownloadSettings()
        place = DownloadFolders(tmp_path, tmp_path / "work")
        assert fetch(url, "id", place, settings, RecordingProgress()).duration_ms == 8000


def test_the_form_of_the_server_runs_its_jobs_behind_the_check(
    servers: Servers, tmp_path: Path, tally: Tally
) -> None:
    outside, inside = servers
    url = outside.put("/talk.mp4", b"", fault=to(inside.url("/secret.mp4")))
    app = create_app(tmp_path, ServeSettings(private_hosts=(OUTSIDE,)))

    async def failed_job() -> dict[str, Any]:
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
        ):
            assert (await client.post("/jobs", data={"source": url})).status_code == 303
            for _ in range(1200):
                job = json.loads((tmp_path / ".jobs" / "job000001.json").read_text())
                if job["state"] == "failed":
                    return dict(job)
                await asyncio.sleep(0.1)
        raise AssertionError(job)

    job = asyncio.run(failed_job())
    assert REFUSED in job["error"]
    assert not [line for line in job["log"] if "Traceback" in line]
    assert outside.asks
    tally.survived("private address (SSRF)")
