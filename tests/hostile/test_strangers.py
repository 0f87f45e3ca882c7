"""Files that are no video, and lists that would make FFmpeg open other files or addresses."""

from __future__ import annotations

import base64
import random
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import make_media
from tests.hostile.conftest import Convert, well_behaved
from tests.tally import Tally


class Listener:
    """A socket on loopback that notes whoever comes."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._server.getsockname()[1]}"
        self.visits = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                visitor, _ = self._server.accept()
            except OSError:
                return
            self.visits += 1
            visitor.close()

    def close(self) -> None:
        self._server.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


def hls(piece: str) -> str:
    lines = ("#EXTM3U", "#EXT-X-TARGETDURATION:10", "#EXTINF:4,", piece, "#EXT-X-ENDLIST")
    return "\n".join(lines) + "\n"


def lists(canary: Path, address: str) -> dict[str, str]:
    """Lists by name that refer to the file ``canary`` or to ``address``."""
    inner = base64.b64encode(hls(f"http://{address}/n.ts").encode()).decode()
    return {
        "address.mp4": hls(f"http://{address}/a.ts"),
        "address.m3u8": hls(f"http://{address}/a.ts"),
        "file.mp4": hls(f"file://{canary}"),
        "file.m3u8": hls(str(canary)),
        "beside.m3u8": hls(canary.name),
        "password.m3u8": hls("file:///etc/passwd"),
        "nested.m3u8": "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n"
        f"data:application/x-mpegurl;base64,{inner}\n",
        "concat.mp4": f"ffconcat version 1.0\nfile '{canary}'\n",
        "concat.ffconcat": f"ffconcat version 1.0\nfile '{canary.name}'\n",
        "concat.txt": "ffconcat version 1.0\noption protocol_whitelist file,http,tcp\n"
        f"file 'http://{address}/x.ts'\n",
        "dash.mpd": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
        'mediaPresentationDuration="PT3S"><Period><AdaptationSet mimeType="video/mp4">'
        f'<Representation id="1" bandwidth="1"><BaseURL>http://{address}/v.mp4</BaseURL>'
        "</Representation></AdaptationSet></Period></MPD>",
        "stream.sdp": f"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 {address.split(':')[0]}\n"
        "t=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
        "script.avs": "Version()\n",
    }


def test_a_list_under_the_name_of_a_video_opens_nothing(
    tmp_path: Path, good: Path, convert: Convert, listener: Listener, tally: Tally
) -> None:
    canary = make_media(tmp_path / "canary.ts", "-i", str(good), "-c", "copy")
    made = lists(canary, listener.address)
    for name, text in made.items():
        path = tmp_path / name
        path.write_text(text)
        outcome = convert(path)
        # Refused because of what it is: the canary is a whole video, which would have been taken.
        assert outcome.kind == "refused", (name, outcome)
        assert "is not a video" in outcome.message, (name, outcome)
    assert listener.visits == 0
    tally.survived("playlist as a video", len(made))


def test_what_is_no_video_is_called_by_its_name(
    tmp_path: Path, good: Path, convert: Convert, tally: Tally
) -> None:
    picture = make_media(tmp_path / "shot.png", "-i", str(good), "-frames:v", "1")
    make_media(tmp_path / "shot.jpg", "-i", str(good), "-frames:v", "1")
    make_media(tmp_path / "shot.gif", "-i", str(good), "-frames:v", "3")
    (tmp_path / "picture.mp4").write_bytes(picture.read_bytes())
    (tmp_path / "paper.pdf").write_bytes(b"%PDF-1.4\n" + b"x" * 5_000)
    (tmp_path / "archive.zip").write_bytes(b"PK\x03\x04" + b"x" * 5_000)
    (tmp_path / "program.exe").write_bytes(b"MZ" + bytes(5_000))
    (tmp_path / "page.mp4").write_text("<html>Sorry, this video has moved</html>\n" * 50)
    (tmp_path / "noise.mp4").write_bytes(random.Random(1).randbytes(200_000))
    (tmp_path / "zeros.mkv").write_bytes(bytes(100_000))
    names = {
        "shot.png": "a picture",
        "shot.jpg": "a picture",
        "shot.gif": "a picture",
        "picture.mp4": "a picture",
        "paper.pdf": "a PDF document",
        "archive.zip": "a ZIP archive",
        "program.exe": "a program",
        "page.mp4": "a text",
        "noise.mp4": "is not a video",
        "zeros.mkv": "is not a video",
    }
    for name, said in names.items():
        outcome = convert(tmp_path / name)
        assert outcome.kind == "refused" and said in outcome.message, (name, outcome)
        assert well_behaved(outcome), (name, outcome)
    tally.survived("no video at all", len(names))
