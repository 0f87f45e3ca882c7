"""The video comes over a network that breaks in every way a network can, and from servers that lie.

Each time the video that is there in the end is, byte for byte, the one on the server; or there is
one clear error, and the next run goes on from what had come.
"""

from __future__ import annotations

import gzip
import itertools
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import PipelineError, SourceError
from pipeline.models import Video
from pipeline.settings.download import DownloadSettings
from pipeline.sources.fetch import DownloadFolders, fetch
from tests.conftest import make_media
from tests.recording import RecordingProgress
from tests.servers.broken import Answer, Ask, BrokenServer, Fault, whole
from tests.shared import ROOT
from tests.stages.test_download import run as run_stage
from tests.tally import Tally

# The stage as a process of its own; it imports nothing of the tests, to begin soon.
PROGRAM = """
import sys
from pathlib import Path
from pipeline.settings.config import Config
from pipeline.engine.progress import Silent
from pipeline.sources.ids import video_id_of
from pipeline.engine.stage import Context, Request
from pipeline.stages.download import STAGE
from pipeline.engine.workspace import Workspace
workspace = Workspace(Path(sys.argv[2]) / video_id_of(sys.argv[1]))
context = Context(workspace, workspace.folder("download"), Silent(), Request(sys.argv[1]))
STAGE.run(context, Config())
"""
KIND = "download fault"
LOOK = 2  # the first two requests: yt-dlp's look at the address, and the load itself
HALF = 50_000


@dataclass
class Lecture:
    """A video on a server that may be told to misbehave."""

    server: BrokenServer
    body: bytes
    folder: Path
    path: str = "/talk.mp4"

    def serve(self, fault: Fault) -> None:
        self.server.put(self.path, self.body, fault=fault)

    def load(self, **settings: Any) -> Video:
        chosen = DownloadSettings.model_validate({"retries": 2, "timeout_s": 5.0, **settings})
        place = DownloadFolders(self.folder, self.folder / "work")
        return fetch(self.server.url(self.path), "id", place, chosen, RecordingProgress())

    def loads_truly(self, **settings: Any) -> None:
        video = self.load(**settings)
        assert (self.folder / video.path).read_bytes() == self.body

    def fails(self, wrong: str, **settings: Any) -> SourceError:
        """The load fails with one error that names the address and says what to do."""
        with pytest.raises(SourceError) as error:
            self.load(**settings)
        assert self.server.url(self.path) in error.value.message
        assert wrong in error.value.message
        assert error.value.hint
        assert "\n" not in str(error.value)
        assert not list(self.folder.glob("video*"))
        return error.value

    def sent(self) -> int:
        return self.server.sent(self.path)


@pytest.fixture
def lecture(tiny_video: Path, tmp_path: Path) -> Iterator[Lecture]:
    with BrokenServer() as server:
        yield Lecture(server, tiny_video.read_bytes(), tmp_path)


def but(**changes: Any) -> Fault:
    """A good answer with these changes."""
    return lambda ask, body: replace(whole(ask, body), **changes)


def first(times: int, fault: Fault) -> Fault:
    """``fault`` for the first requests, then good answers."""
    return lambda ask, body: (fault if ask.number < times else whole)(ask, body)


def after_half(fault: Fault) -> Fault:
    """The load breaks off in the middle; whoever wants the rest gets ``fault``."""

    def answer(ask: Ask, body: bytes) -> Answer:
        if ask.start:
            return fault(ask, body)
        return replace(whole(ask, body), cut=HALF if ask.number < LOOK else None)

    return answer


def part(start: int, end: int, body: bytes, **more: Any) -> Answer:
    """Status 206 with the bytes from ``start`` to ``end`` (not inclusive)."""
    span = f"bytes {start}-{end - 1}/{len(body)}"
    return Answer(206, {"Content-Range": span}, body[start:end], **more)


def endless() -> Iterator[bytes]:
    return itertools.repeat(bytes(65536))


# What a server may do and the video still comes in one run.
SURVIVED: dict[str, Fault] = {
    "no length": but(length=None),
    "chunked": but(chunked=True),
    "chunked and cut": first(LOOK, but(chunked=True, cut=HALF)),
    "compressed": lambda ask, body: Answer(200, {"Content-Encoding": "gzip"}, gzip.compress(body)),
    "slow": but(rate=400_000),
    "closes without a word": first(2, but(drop=True)),
    "a fault at first": first(2, lambda ask, body: Answer(503)),
    "too busy at first": first(1, lambda ask, body: Answer(429, {"Retry-After": "0"})),
    "no ranges": after_half(lambda ask, body: Answer(body=body)),
    "another range": after_half(
        lambda ask, body: part((ask.start or 0) // 2, len(body), body)
    ),
    "another range under a false name": after_half(
        lambda ask, body: replace(whole(ask, body), body=body[ask.start :][::-1])
    ),
    "less than the rest": after_half(
        lambda ask, body: part(ask.start or 0, (ask.start or 0) + 9000, body)
    ),
    "a part that does not say which": after_half(
        lambda ask, body: Answer(206, {}, body[ask.start :])
    ),
    "a range that it says is beyond the end": after_half(
        lambda ask, body: Answer(416, {"Content-Range": f"bytes */{len(body)}"})
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", SURVIVED)
def test_the_video_comes_although_the_server(fault: str, lecture: Lecture, tally: Tally) -> None:
    lecture.serve(SURVIVED[fault])
    lecture.loads_truly()
    tally.survived(KIND)


# What ends in an error: the fault, what the error says of it, and settings.
REFUSED: dict[str, tuple[Fault, str]] = {
    "promises more than it sends": (but(length=200_000), "kept breaking"),
    "promises half": (but(length=HALF), "cut off"),
    "promises a little less": (lambda a, b: replace(whole(a, b), length=len(b) - 99), "cut off"),
    "ends early without a word": (lambda a, b: Answer(body=b[:-99], length=None), "cut off"),
    "calls it compressed": (but(headers={"Content-Encoding": "gzip"}), "kept breaking"),
    "redirects in circles": (
        lambda a, b: Answer(302, {"Location": a.path + "?again"}), "redirects in a circle",
    ),
    "redirects to a file": (
        lambda a, b: Answer(302, {"Location": "file:///etc/passwd"}), "outside the web",
    ),
    "redirects to ftp": (
        lambda a, b: Answer(302, {"Location": "ftp://127.0.0.1/a.mp4"}), "outside the web",
    ),
    "says 403": (lambda a, b: Answer(403), "refuses it"),
    "says 404": (lambda a, b: Answer(404), "does not exist"),
    "says 410": (lambda a, b: Answer(410), "does not exist"),
    "says 416": (lambda a, b: Answer(416), "refuses the request"),
    "says 429": (lambda a, b: Answer(429, {"Retry-After": "3600"}), "too many requests"),
    "says 500": (lambda a, b: Answer(500), "has a fault"),
    "says 503": (lambda a, b: Answer(503), "has a fault"),
    "sends nothing": (lambda a, b: Answer(), "is empty"),
    "sends a page": (
        lambda a, b: Answer(200, {"Content-Type": "text/html"}, b"<p>Log in.</p>"), "no video",
    ),
    "sends a page as a video": (lambda a, b: Answer(body=b"<html>Log in." * 99), "not a video"),
    "never ends": (lambda a, b: Answer(body=endless(), length=None), "or endless"),
    "sends a page without end": (
        lambda a, b: Answer(200, {"Content-Type": "text/html"}, endless(), None), "or endless",
    ),
    "falls silent": (but(stall=HALF), "kept breaking"),
    "closes without a word": (but(drop=True), "kept breaking"),
}  # fmt: skip


@pytest.mark.parametrize("fault", REFUSED)
def test_there_is_one_clear_error_and_the_next_run_finishes_if_the_server(
    fault: str, lecture: Lecture, tally: Tally
) -> None:
    answer, wrong = REFUSED[fault]
    lecture.serve(answer)
    lecture.fails(wrong, retries=1, timeout_s=1.0, max_gib=0.01)
    lecture.server.repair(lecture.path)
    lecture.loads_truly()
    tally.survived(KIND)


def test_a_connection_cut_again_and_again_costs_little_more_than_the_video(
    lecture: Lecture, tally: Tally
) -> None:
    chance = random.Random(10)
    cuts = 0

    def cutting(ask: Ask, body: bytes) -> Answer:
        nonlocal cuts
        cuts += 1
        return replace(whole(ask, body), cut=chance.randrange(15_000, 40_000))

    lecture.serve(cutting)
    for _ in range(40):
        try:
            lecture.loads_truly(retries=1)
            break
        except SourceError as error:
            assert "run again" in error.hint
    assert cuts > 5
    assert max(ask.start or 0 for ask in lecture.server.asks) > HALF
    tally.survived("download cut", cuts)


def test_what_had_come_is_not_loaded_again_by_the_next_run(lecture: Lecture, tally: Tally) -> None:
    lecture.serve(
        lambda ask, body: replace(whole(ask, body), body=whole(ask, body).body, stall=HALF)
    )
    lecture.fails("kept breaking", retries=0, timeout_s=1.0)
    lecture.server.asks.clear()
    before = lecture.sent()
    lecture.server.repair(lecture.path)
    lecture.loads_truly()
    rest = [ask for ask in lecture.server.asks if ask.start]
    assert min(ask.start or 0 for ask in rest) > HALF // 2 - 5000
    assert lecture.sent() - before < 2 * len(lecture.body) - HALF // 2 + 5000
    tally.survived("download cut")


def test_a_network_that_is_down_for_a_while(lecture: Lecture, tally: Tally) -> None:
    def down_in_the_middle(ask: Ask, body: bytes) -> Answer:
        if ask.number == LOOK - 1:
            lecture.server.down()
            threading.Timer(1.0, lecture.server.up).start()
            return replace(whole(ask, body), cut=HALF)
        return whole(ask, body)

    lecture.serve(down_in_the_middle)
    lecture.loads_truly(retries=8)
    tally.survived("network down")


def test_a_network_that_is_down_between_two_runs(lecture: Lecture, tally: Tally) -> None:
    lecture.serve(but(stall=HALF))
    lecture.fails("kept breaking", retries=0, timeout_s=1.0)
    lecture.server.down()
    lecture.fails("cannot be reached", retries=0)
    lecture.server.up()
    lecture.server.repair(lecture.path)
    lecture.server.asks.clear()
    lecture.loads_truly()
    assert any((ask.start or 0) > HALF // 2 - 5000 for ask in lecture.server.asks)
    tally.survived("network down", 2)


def another(body: bytes, start: int) -> bytes:
    """A file of the same length that differs in every byte from ``start`` on."""
    return body[:start] + bytes(byte ^ 0x55 for byte in body[start:])


def told(**headers: str) -> Callable[[bytes], Fault]:
    """Answers for a body that say these things of it."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}

    def of(body: bytes) -> Fault:
        def answer(ask: Ask, _: bytes) -> Answer:
            good = whole(ask, body)
            return replace(good, headers={**good.headers, **fields})

        return answer

    return of


CHANGES: dict[str, tuple[Callable[[bytes], Fault], Callable[[bytes], Fault]]] = {
    "its ETag": (told(ETag='"1"'), told(ETag='"2"')),
    "its date": (
        told(Last_Modified="Sat, 21 Nov 2026 10:00:00 GMT"),
        told(Last_Modified="Sat, 21 Nov 2026 10:00:01 GMT"),
    ),
    "only its content": (told(), told()),
}


@pytest.mark.parametrize("between_runs", [True, False])
@pytest.mark.parametrize("change", CHANGES)
def test_two_versions_are_never_joined_when_the_file_changes(
    change: str, between_runs: bool, lecture: Lecture, tally: Tally
) -> None:
    old, new = CHANGES[change]
    # Where the server tells nothing, the bytes before the break tell that it is another file.
    end = None if change == "only its content" else HALF // 2
    before = another(lecture.body[:end], HALF // 4) + (lecture.body[end:] if end else b"")

    def replaced(ask: Ask, body: bytes) -> Answer:
        if ask.number < LOOK:
            return replace(old(before)(ask, body), stall=HALF)
        return new(lecture.body)(ask, body)

    lecture.serve(replaced)
    if between_runs:
        lecture.fails("kept breaking", retries=0, timeout_s=1.0)
    lecture.loads_truly(timeout_s=2.0)
    tally.survived("video replaced")


def test_a_shorter_file_in_place_of_the_old_one(lecture: Lecture, tally: Tally) -> None:
    def replaced(ask: Ask, body: bytes) -> Answer:
        longer = another(body, HALF // 4) * 2
        return (
            whole(ask, body)
            if ask.number >= LOOK
            else replace(whole(ask, longer), stall=len(body) + 5000)
        )

    lecture.serve(replaced)
    lecture.fails("kept breaking", retries=0, timeout_s=1.0)
    lecture.loads_truly()
    tally.survived("video replaced")


@pytest.fixture(scope="module")
def pieces(tiny_video: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """An HLS stream: its playlist and four pieces, by name."""
    folder = tmp_path_factory.mktemp("hls")
    make_media(
        folder / "talk.m3u8",
        *("-i", str(tiny_video), "-c", "copy", "-hls_time", "2", "-hls_list_size", "0"),
        *("-hls_segment_filename", str(folder / "piece%d.ts")),
    )
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


KINDS = {
    ".ts": "video/mp2t",
    ".m3u8": "application/vnd.apple.mpegurl",
    ".mpd": "application/dash+xml",
}


@dataclass
class Stream:
    """A stream in pieces on a server; ``expected`` is what an undisturbed load makes of it."""

    server: BrokenServer
    pieces: dict[str, bytes]
    folder: Path
    expected: bytes
    path: str = "/talk.m3u8"

    def serve(self, faults: dict[str, Fault], pieces: dict[str, bytes] | None = None) -> None:
        for name, body in (pieces or self.pieces).items():
            kind = KINDS.get(Path(name).suffix, "video/mp4")
            self.server.put(f"/{name}", body, kind, faults.get(name, whole))

    def load(self, **settings: Any) -> bytes:
        chosen = DownloadSettings.model_validate({"retries": 2, "timeout_s": 5.0, **settings})
        place = DownloadFolders(self.folder, self.folder / "work")
        url = self.server.url(self.path)
        return (
            self.folder / fetch(url, "id", place, chosen, RecordingProgress()).path
        ).read_bytes()

    def fails(self, wrong: str, **settings: Any) -> None:
        with pytest.raises(PipelineError) as error:
            self.load(**settings)
        assert wrong in error.value.message
        assert error.value.hint
        assert not list(self.folder.glob("video*"))

    def asked(self) -> list[str]:
        return [ask.path[1:] for ask in self.server.asks]


@pytest.fixture
def stream(pieces: dict[str, bytes], tmp_path: Path) -> Iterator[Stream]:
    with BrokenServer() as server:
        calm = Stream(server, pieces, tmp_path / "calm", b"")
        calm.serve({})
        expected = calm.load()
        server.asks.clear()
        yield Stream(server, pieces, tmp_path / "stormy", expected)


STREAM_SURVIVED: dict[str, Fault] = {
    "is cut": first(1, but(cut=5000)),
    "falls silent": first(1, but(stall=5000)),
    "is slow": but(rate=100_000),
    "is chunked": but(chunked=True),
    "has no length": but(length=None),
    "comes without ranges after a cut": lambda ask, body: Answer(
        body=body, cut=5000 if ask.number == 0 else None
    ),
    "has a fault at first": first(1, lambda ask, body: Answer(503)),
    "closes without a word": first(1, but(drop=True)),
}


@pytest.mark.parametrize("fault", STREAM_SURVIVED)
def test_a_stream_comes_although_a_piece(fault: str, stream: Stream, tally: Tally) -> None:
    stream.serve({"piece2.ts": STREAM_SURVIVED[fault]})
    assert stream.load(timeout_s=2.0) == stream.expected
    tally.survived(KIND)


PIECE_LOST: dict[str, Fault] = {
    "closes without a word": but(drop=True),
    "falls silent": but(stall=5000),
    "is cut": but(cut=5000),
    "promises more than it sends": but(length=99_999),
    "is a page": but(headers={"Content-Type": "text/html"}),
    "is missing": lambda ask, body: Answer(404),
}


@pytest.mark.parametrize("fault", PIECE_LOST)
def test_whole_pieces_are_not_loaded_again_by_the_next_run(
    fault: str, stream: Stream, tally: Tally
) -> None:
    stream.serve({"piece3.ts": PIECE_LOST[fault]})
    stream.fails("", retries=0, timeout_s=1.0, connections=1)
    sent = {name: stream.server.sent(f"/{name}") for name in stream.pieces}
    stream.server.repair("/piece3.ts")
    assert stream.load() == stream.expected
    for name in ("piece1.ts", "piece2.ts"):
        assert stream.server.sent(f"/{name}") == sent[name]
    assert stream.server.sent("/piece0.ts") <= sent["piece0.ts"] + 1
    tally.survived("download cut")


def test_pieces_of_two_streams_are_never_joined(stream: Stream, tally: Tally) -> None:
    other = {
        name: body if name.endswith("m3u8") else another(body, 188)
        for name, body in stream.pieces.items()
    }
    stream.serve({"piece3.ts": but(drop=True)}, other)
    for name in ("piece0.ts", "piece1.ts", "piece2.ts"):
        stream.server.put(f"/{name}", other[name], "video/mp2t", told(ETag='"1"')(other[name]))
    stream.fails("", retries=0, connections=1)
    stream.serve({name: told(ETag='"2"')(stream.pieces[name]) for name in other if "ts" in name})
    assert stream.load() == stream.expected
    tally.survived("video replaced")


def test_a_playlist_of_other_pieces_begins_anew(stream: Stream, tally: Tally) -> None:
    longer = dict(stream.pieces)
    longer["talk.m3u8"] = longer["talk.m3u8"].replace(b"piece0.ts", b"piece1.ts")
    stream.serve({"piece3.ts": but(drop=True)}, longer)
    stream.fails("", retries=0, connections=1)
    stream.serve({})
    assert stream.load() == stream.expected
    tally.survived("video replaced")


def test_a_dash_stream_goes_on_with_the_piece_that_was_lost(
    tiny_video: Path, tmp_path: Path, tally: Tally
) -> None:
    folder = tmp_path / "dash"
    folder.mkdir()
    make_media(
        folder / "talk.mpd",
        *("-i", str(tiny_video), "-c", "copy", "-seg_duration", "2", "-use_template", "0"),
        *("-use_timeline", "0", "-f", "dash"),
    )
    pieces = {path.name: path.read_bytes() for path in folder.iterdir()}
    with BrokenServer() as server:
        calm = Stream(server, pieces, tmp_path / "calm", b"", "/talk.mpd")
        calm.serve({})
        stream = Stream(server, pieces, tmp_path / "stormy", calm.load(), "/talk.mpd")
        lost, kept = sorted(name for name in pieces if "chunk-stream0" in name)[-1:-3:-1]
        stream.serve({lost: but(drop=True)})
        stream.fails("", retries=0, connections=1)
        sent = server.sent(f"/{kept}")
        assert sent
        server.repair(f"/{lost}")
        assert stream.load() == stream.expected
        assert server.sent(f"/{kept}") == sent
    tally.survived("download cut")


SEGMENTS = "#EXTM3U\n#EXT-X-TARGETDURATION:8\n{}\n#EXTINF:8,\n{}\n#EXT-X-ENDLIST\n"
PLAYLISTS = {
    "refers to itself": (
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\ntalk.m3u8\n#EXT-X-ENDLIST\n", "",
    ),
    "has itself as a piece": (SEGMENTS.format("", "talk.m3u8"), ""),
    "names a file of this machine": (SEGMENTS.format("", "file:///etc/passwd"), ""),
    "names a piece that is missing": (SEGMENTS.format("", "gone.ts"), "does not exist"),
    "names a key that is missing": (
        SEGMENTS.format('#EXT-X-KEY:METHOD=AES-128,URI="gone.key"', "piece0.ts"), "",
    ),
    "has a key of the wrong length": (
        SEGMENTS.format('#EXT-X-KEY:METHOD=AES-128,URI="talk.m3u8"', "piece0.ts"), "",
    ),
    "is empty": ("#EXTM3U\n#EXT-X-ENDLIST\n", ""),
    "is no text": ("#EXTM3U\n" + "\0\1\2" * 99, ""),
}  # fmt: skip


@pytest.mark.parametrize("kind", PLAYLISTS)
def test_there_is_one_clear_error_if_a_playlist(kind: str, stream: Stream, tally: Tally) -> None:
    text, wrong = PLAYLISTS[kind]
    stream.serve({}, {**stream.pieces, "talk.m3u8": text.encode()})
    stream.fails(wrong, retries=0)
    secret = Path("/etc/passwd").read_bytes().splitlines()[0]
    for path in stream.folder.rglob("*"):
        assert not path.is_file() or secret not in path.read_bytes()
    stream.serve({})
    assert stream.load() == stream.expected
    tally.survived(KIND)


def test_a_killed_run_goes_on_where_it_was(lecture: Lecture, tally: Tally) -> None:
    """``kill -9`` in the middle of the load, twice, each time further on."""
    places = [40_000, 80_000]
    kills = 0

    def holding(ask: Ask, body: bytes) -> Answer:
        answer, start = whole(ask, body), ask.start or 0
        return replace(answer, stall=places[kills] - start if ask.number else None)

    lecture.serve(holding)
    command = [sys.executable, "-c", PROGRAM, lecture.server.url(lecture.path), str(lecture.folder)]
    for place in places:
        run = subprocess.Popen(command, cwd=ROOT)
        wait_for(lambda: loaded(lecture.folder) > place - 20_000)  # noqa: B023
        run.kill()
        run.wait()
        kills += 1
    lecture.server.repair(lecture.path)
    lecture.server.asks.clear()
    run_stage(lecture.server.url(lecture.path), lecture.folder)
    (video,) = lecture.folder.glob("*/download/video.mp4")
    assert video.read_bytes() == lecture.body
    assert max(ask.start or 0 for ask in lecture.server.asks) > places[0]
    tally.survived("kill -9", kills)


def test_a_stream_killed_between_its_pieces_goes_on(stream: Stream, tally: Tally) -> None:
    stream.serve({"piece2.ts": but(stall=100), "piece3.ts": but(stall=100)})
    url = stream.server.url("/talk.m3u8")
    command = [sys.executable, "-c", PROGRAM, url, str(stream.folder)]
    run = subprocess.Popen(command, cwd=ROOT)
    wait_for(lambda: len(list(stream.folder.rglob("*-Frag[12]"))) == 2)
    run.kill()
    run.wait()
    stream.serve({})
    run_stage(url, stream.folder)
    (video,) = stream.folder.glob("*/download/video.mp4")
    assert video.read_bytes() == stream.expected
    assert stream.server.sent("/piece1.ts") == 0
    tally.survived("kill -9")


def loaded(output: Path) -> int:
    return max((path.stat().st_size for path in output.rglob("*.part")), default=0)


def wait_for(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)
