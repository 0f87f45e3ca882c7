"""The segment stage: every word in one segment, and the frames on screen during them."""

from __future__ import annotations

from pathlib import Path

from pipeline.artifacts import SEGMENTS
from pipeline.engine.progress import Silent
from pipeline.engine.stage import Context, Request
from pipeline.engine.workspace import Workspace
from pipeline.models import Cue, Frame, Screens, Segments, Transcript
from pipeline.settings.config import Config
from pipeline.stages.segment import run
from tests.writing.transcript_edition.lectures import frame, video

CUES = tuple(
    Cue(start_ms=5_000 * k, end_ms=5_000 * k + 4_500, text=f"Sentence number {k} is spoken here.")
    for k in range(12)
)
FRAMES = (
    frame("f0001", 0, 20_000),
    frame("f0002", 20_000, 45_000),
    frame("f0003", 45_000, 60_000),
)


class Noting(Silent):
    """Keeps the warnings."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def warn(self, message: str) -> None:
        self.warnings.append(message)


def segmented(
    root: Path,
    cues: tuple[Cue, ...],
    frames: tuple[Frame, ...] = FRAMES,
    language: str = "en",
    progress: Silent | None = None,
) -> Segments:
    made = Workspace(root)
    made.folder("download").write_json("video.json", video(60_000, []))
    made.folder("screens").write_json("screens.json", Screens(frames=frames))
    transcript = Transcript(language=language, engine="captions", model=None, cues=cues)
    made.folder("transcribe").write_json("transcript.json", transcript)
    told = progress or Silent()
    run(Context(made, made.folder("segment"), told, Request(source="cast.mp4")), Config())
    return made.read(SEGMENTS)


def test_segments_list_the_frames_on_screen_during_them(tmp_path: Path) -> None:
    result = segmented(tmp_path, CUES)
    assert result.frames == FRAMES
    frames = {frame.id: frame for frame in result.frames}
    assert [segment.id for segment in result.segments][:2] == ["s0001", "s0002"]
    for segment in result.segments:
        shown = [frames[name] for name in segment.frames]
        assert shown
        assert all(f.start_ms < segment.end_ms and f.end_ms > segment.start_ms for f in shown)
    assert " ".join(s.text for s in result.segments) == " ".join(c.text for c in CUES)


def test_every_word_of_the_transcript_is_in_one_segment(tmp_path: Path) -> None:
    result = segmented(tmp_path, CUES)
    words = Transcript(language="en", engine="captions", model=None, cues=CUES).words
    places = [at for s in result.segments for at in range(s.first_word, s.last_word + 1)]
    assert places == list(range(len(words)))
    for segment in result.segments:
        kept = words[segment.first_word : segment.last_word + 1]
        assert " ".join(word.text for word in kept) == segment.text
        assert segment.start_ms <= kept[0].start_ms and kept[-1].start_ms < segment.end_ms


def test_a_silent_video_has_segments_without_text(tmp_path: Path) -> None:
    result = segmented(tmp_path, ())
    assert [segment.text for segment in result.segments] == [""] * len(result.segments)
    assert {name for s in result.segments for name in s.frames} == {f.id for f in result.frames}


def test_a_sound_recording_has_segments_and_no_frames(tmp_path: Path) -> None:
    result = segmented(tmp_path, CUES, ())
    assert result.frames == ()
    assert result.segments


def test_pictures_whose_script_the_ocr_does_not_know_are_counted(tmp_path: Path) -> None:
    told = Noting()
    shown = (FRAMES[0].model_copy(update={"text": "nasuwsauru oiwainwii"}), *FRAMES[1:])
    result = segmented(tmp_path / "th", CUES, shown, "th", told)
    assert [frame.text for frame in result.frames] == ["", *[f.text for f in FRAMES[1:]]]
    (warning,) = told.warnings
    assert "text of 1 of 3 pictures was not read" in warning and "screens.ocr_model" in warning
    told = Noting()
    segmented(tmp_path / "en", CUES, shown, "en", told)
    assert not told.warnings
