"""The screens stage on files: frames and pictures, resumed and repeated."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import pytest

from pipeline.artifacts import SCREENS
from pipeline.engine.progress import Silent
from pipeline.engine.stage import Context, Request
from pipeline.engine.workspace import Workspace
from pipeline.models import Frame, Video
from pipeline.settings.config import Config
from pipeline.settings.screens import ScreensSettings
from pipeline.stages.screens import run
from pipeline.video.ocr.lines import FoundLine, LineReading, PictureReadings, Pixels
from pipeline.video.screens.frames import FrameMaker
from tests.drawn import boards
from tests.drawn.reel import Reel, encode
from tests.screencast import Screencast, draw, slide


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Screencast:
    rng = random.Random(3)
    scenes = [slide(rng, 20), slide(rng, 25), slide(rng, 15)]
    return draw(tmp_path_factory.mktemp("cast") / "cast.mp4", scenes, (640, 360), fps=10)


def workspace(root: Path, cast: Screencast, width: int = 640) -> Workspace:
    made = Workspace(root)
    video = Video(
        video_id="cast",
        title="Cast",
        url=None,
        path=str(cast.path),
        duration_ms=cast.duration_ms,
        width=width,
        height=width * 9 // 16,
        fps=10,
        has_audio=False,
        sha256="0" * 64,
        start_ms=0,
        end_ms=cast.duration_ms,
    )
    made.folder("download").write_json("video.json", video)
    return made


def shown(made: Workspace, settings: ScreensSettings) -> tuple[Frame, ...]:
    context = Context(made, made.folder("screens"), Silent(), Request(source="cast.mp4"))
    run(context, Config(screens=settings))
    return made.read(SCREENS).frames


def test_each_slide_is_a_frame_and_they_follow_each_other(tmp_path: Path, cast: Screencast) -> None:
    frames = shown(workspace(tmp_path, cast), ScreensSettings(ocr=False))
    assert [frame.id for frame in frames] == ["f0001", "f0002", "f0003"]
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(frames))


def test_the_text_on_a_frame_is_what_the_slide_says(tmp_path: Path, cast: Screencast) -> None:
    frames = shown(workspace(tmp_path, cast), ScreensSettings())
    for frame, truth in zip(frames, cast.states, strict=True):
        read = set(frame.text.replace(",", " ").split())
        found = sum(word in read for word in truth.words)
        assert found >= 0.95 * len(truth.words), (truth.words, frame.text)
        assert frame.kind == "slide"
        assert {line.text for line in frame.lines}
        assert all(line.box.x + line.box.width <= frame.width for line in frame.lines)


def test_pictures_are_where_the_frames_say_and_named_by_their_time(
    tmp_path: Path, cast: Screencast
) -> None:
    frames = shown(workspace(tmp_path, cast), ScreensSettings(ocr=False))
    for frame in frames:
        assert Path(frame.path).stem == f"{frame.at_ms:08d}"
        for name in (frame.path, frame.thumbnail):
            assert name is None or (tmp_path / name).is_file()
    assert all(frame.text == "" for frame in frames)


def test_the_content_of_a_screen_is_found_unless_it_is_not_wanted(tmp_path: Path) -> None:
    reel = Reel()
    reel.show(boards.slide(640, 360).picture, 3, "slide")
    encode(tmp_path / "talk.mp4", reel)
    talk = Screencast(tmp_path / "talk.mp4", reel.duration_ms, ())
    (frame,) = shown(workspace(tmp_path / "a", talk), ScreensSettings(ocr=False))
    assert frame.crop is not None
    assert frame.crop.width < frame.width
    (frame,) = shown(workspace(tmp_path / "b", talk), ScreensSettings(ocr=False, crops=False))
    assert frame.crop is None


def test_a_sound_recording_has_no_frames(tmp_path: Path, cast: Screencast) -> None:
    assert shown(workspace(tmp_path, cast, width=0), ScreensSettings()) == ()


def test_a_second_run_writes_the_same_bytes(tmp_path: Path, cast: Screencast) -> None:
    settings = ScreensSettings(ocr=False)
    one, two = (workspace(tmp_path / name, cast) for name in ("one", "two"))
    shown(one, settings)
    shown(two, settings)
    files = sorted(p.relative_to(one.root) for p in (one.root / "screens").rglob("*.*"))
    assert files
    for name in files:
        if "journal" not in name.name:
            assert (one.root / name).read_bytes() == (two.root / name).read_bytes()


def test_pictures_read_before_a_crash_are_not_read_again(tmp_path: Path, cast: Screencast) -> None:
    read: list[str] = []

    class StopsAfter:
        def __init__(self, count: int) -> None:
            self.count = count

        def find(self, pixels: Pixels) -> PictureReadings:
            return PictureReadings(found=(FoundLine(((0, 0), (600, 0), (600, 340), (0, 340))),))

        def read(self, pixels: Pixels, found: FoundLine) -> LineReading:
            if len(read) >= self.count:
                raise KeyboardInterrupt
            read.append("line")
            return LineReading(f"text {len(read)}", 1.0)

    def reader_that_stops_after(count: int) -> FrameMaker:
        return FrameMaker(
            write=lambda name, data: _put(tmp_path / name, data),
            read=lambda name: (tmp_path / name).read_bytes(),
            cache=tmp_path / "cache",
            engine=StopsAfter(count),
            engine_version="1",
            workers=1,
        )

    with pytest.raises(KeyboardInterrupt):
        reader_that_stops_after(2).frames(cast.path, 0, cast.duration_ms, Silent())
    frames = reader_that_stops_after(3).frames(cast.path, 0, cast.duration_ms, Silent())
    assert [frame.text for frame in frames] == ["text 1", "text 2", "text 3"]
    assert len(read) == 3


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
