"""The segment stage on files: segments, frames and pictures, resumed and repeated."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from pipeline.media.frames import FrameMaker
from pipeline.model import Cue, Frame, Segments, Transcript, Video
from pipeline.progress import Silent
from pipeline.settings.segment import SegmentSettings
from pipeline.stages.base import Context, Request
from pipeline.stages.segment import named_by_screen, run
from pipeline.transcript.cues import spread
from pipeline.workspace import Workspace
from tests.screencast import Screencast, draw, slide


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Screencast:
    rng = random.Random(3)
    scenes = [slide(rng, 20), slide(rng, 25), slide(rng, 15)]
    return draw(tmp_path_factory.mktemp("cast") / "cast.mp4", scenes, (640, 360), fps=10)


def workspace(root: Path, cast: Screencast, cues: tuple[Cue, ...], width: int = 640) -> Workspace:
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
    transcript = Transcript(language="en", engine="captions", model=None, cues=cues)
    made.folder("transcribe").write_json("transcript.json", transcript)
    return made


def segmented(made: Workspace, settings: SegmentSettings) -> Segments:
    request = Request(source="cast.mp4")
    run(Context(made, made.folder("segment"), Silent(), request), settings)
    return made.read("segment/segments.json", Segments)


CUES = tuple(
    Cue(start_ms=5_000 * k, end_ms=5_000 * k + 4_500, text=f"Sentence number {k} is spoken here.")
    for k in range(12)
)


def test_segments_list_the_frames_on_screen_during_them(tmp_path: Path, cast: Screencast) -> None:
    made = workspace(tmp_path, cast, CUES)
    result = segmented(made, SegmentSettings())
    frames = {frame.id: frame for frame in result.frames}
    assert list(frames) == ["f0001", "f0002", "f0003"]
    assert [segment.id for segment in result.segments][:2] == ["s0001", "s0002"]
    for segment in result.segments:
        shown = [frames[name] for name in segment.frames]
        assert shown
        assert all(f.start_ms < segment.end_ms and f.end_ms > segment.start_ms for f in shown)
    assert " ".join(s.text for s in result.segments) == " ".join(c.text for c in CUES)


def test_the_text_on_a_frame_is_what_the_slide_says(tmp_path: Path, cast: Screencast) -> None:
    result = segmented(workspace(tmp_path, cast, CUES), SegmentSettings())
    for frame, truth in zip(result.frames, cast.states, strict=True):
        read = set(frame.text.replace(",", " ").split())
        found = sum(word in read for word in truth.words)
        assert found >= 0.95 * len(truth.words), (truth.words, frame.text)
        assert frame.kind == "slide"


def test_pictures_are_where_the_frames_say_and_named_by_their_time(
    tmp_path: Path, cast: Screencast
) -> None:
    made = workspace(tmp_path, cast, CUES)
    result = segmented(made, SegmentSettings(ocr=False, crops=True))
    folder = made.folder("segment").path
    for frame in result.frames:
        assert Path(frame.path).stem == f"{frame.at_ms:08d}"
        for name in (frame.path, frame.thumbnail, frame.crop):
            assert name is None or (folder / name).is_file()
    # The second slide differs from the first in a part of the screen.
    assert result.frames[1].crop is not None
    assert all(frame.text == "" for frame in result.frames)


def test_a_silent_video_has_segments_without_text(tmp_path: Path, cast: Screencast) -> None:
    result = segmented(workspace(tmp_path, cast, ()), SegmentSettings(ocr=False))
    assert [segment.text for segment in result.segments] == [""] * len(result.segments)
    assert {name for s in result.segments for name in s.frames} == {f.id for f in result.frames}


def test_a_sound_recording_has_segments_and_no_frames(tmp_path: Path, cast: Screencast) -> None:
    result = segmented(workspace(tmp_path, cast, CUES, width=0), SegmentSettings())
    assert result.frames == ()
    assert result.segments


def test_a_second_run_writes_the_same_bytes(tmp_path: Path, cast: Screencast) -> None:
    settings = SegmentSettings(ocr=False)
    one, two = (workspace(tmp_path / name, cast, CUES) for name in ("one", "two"))
    segmented(one, settings)
    segmented(two, settings)
    files = sorted(p.relative_to(one.root) for p in (one.root / "segment").rglob("*.*"))
    assert files
    for name in files:
        if "journal" not in name.name:
            assert (one.root / name).read_bytes() == (two.root / name).read_bytes()


def test_pictures_read_before_a_crash_are_not_read_again(tmp_path: Path, cast: Screencast) -> None:
    read: list[str] = []

    def reader_that_stops_after(count: int) -> FrameMaker:
        def reader(picture: object) -> str:
            if len(read) >= count:
                raise KeyboardInterrupt
            read.append("picture")
            return f"text {len(read)}"

        return FrameMaker(
            write=lambda name, data: _put(tmp_path / name, data),
            read=lambda name: (tmp_path / name).read_bytes(),
            cache=tmp_path / "cache",
            reader=reader,
            reader_version="1",
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


def heard(model: str | None) -> Transcript:
    said = "I use the reex library"
    cue = Cue(start_ms=0, end_ms=4_000, text=said, words=spread(said.split(), 0, 4_000))
    return Transcript(language="en", engine="captions", model=model, cues=(cue,))


def test_automatic_captions_take_their_names_from_the_screen_and_human_ones_stay() -> None:
    frames = [
        Frame(
            id=f"f000{n}",
            at_ms=1_000 * n,
            start_ms=1_000 * n,
            end_ms=60_000,
            path="",
            width=4,
            height=3,
            text="import regex as re",
        )
        for n in (1, 2)
    ]
    named = named_by_screen(heard("automatic"), frames)
    assert named.cues[0].text == "I use the regex library"
    assert named.cues[0].heard == "I use the reex library"
    assert named_by_screen(heard(None), frames) == heard(None)
