"""The transcribe stage: its files, and what makes it stale."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from pipeline import demo
from pipeline.artifacts import TRANSCRIPT
from pipeline.engine.stage import Context, Request
from pipeline.engine.workspace import Workspace
from pipeline.errors import UsageError
from pipeline.models import CaptionTrack, Screens, Transcript, Video
from pipeline.runner import run_stage
from pipeline.settings.config import Config, load_config
from pipeline.stages.transcribe import STAGE, open_sound
from pipeline.transcript.asr.report import SpeechReport, Unheard
from pipeline.transcript.asr.transcription import SpeechSource, Transcribed
from pipeline.transcript.captions.parse import parse_captions
from pipeline.transcript.transcriber import spoken_word_count
from tests.recording import RecordingProgress
from tests.video.test_audio_tracks import two_tracks

MICRO = Path(__file__).parents[1] / "data" / "micro-whisper" / "micro-en.pt"


def transcribed(root: Path, config: Config, captions: bool, end_ms: int) -> Workspace:
    """A workspace in which the stage has run on the start of the demo lecture."""
    workspace = Workspace(root / "demo")
    track = CaptionTrack(path=str(demo.video().with_suffix(".en.vtt")), language="en", kind="human")
    video = Video(
        video_id="demo", title="Byte Pair Encoding", url=None, path=str(demo.video()),
        duration_ms=202_776, width=1280, height=720, fps=30, has_audio=True, language="en",
        captions=(track,) if captions else (), sha256="0", start_ms=0, end_ms=end_ms,
    )  # fmt: skip
    workspace.folder("download").write_json("video.json", video)
    folder = workspace.folder("transcribe")
    workspace.folder("screens").write_json("screens.json", Screens(frames=()))
    STAGE.run(Context(workspace, folder, RecordingProgress(), Request("demo")), config)
    return workspace


def test_the_transcript_is_written_in_four_forms_and_a_report(tmp_path: Path) -> None:
    workspace = transcribed(tmp_path, Config(), captions=True, end_ms=202_776)
    folder = workspace.root / "transcribe"
    transcript = workspace.read(TRANSCRIPT)
    assert transcript.engine == "captions"
    assert transcript.cues[0].text.startswith("Hello, and welcome")
    for name in ("transcript.vtt", "transcript.srt"):
        again = parse_captions((folder / name).read_text(encoding="utf-8")).cues
        assert [(c.start_ms, c.end_ms, " ".join(c.lines)) for c in again] == [
            (c.start_ms, c.end_ms, c.text) for c in transcript.cues
        ]
    text = (folder / "transcript.txt").read_text(encoding="utf-8")
    assert text.split() == [word for cue in transcript.cues for word in cue.text.split()]
    assert json.loads((folder / "report.json").read_text())["engine"] == "captions"


def test_a_recogniser_gives_the_same_kind_of_files_and_the_same_bytes_again(
    tmp_path: Path,
) -> None:
    pytest.importorskip("whisper")
    pytest.importorskip("faster_whisper", reason="the voice detector comes with it")
    config = load_config(
        overrides=[
            f"transcribe.model={MICRO}",
            "transcribe.engine=whisper",
            "transcribe.threads=1",
        ]
    )
    first = transcribed(tmp_path / "one", config, captions=False, end_ms=17_000).root / "transcribe"
    other = transcribed(tmp_path / "two", config, captions=False, end_ms=17_000).root / "transcribe"
    names = sorted(path.name for path in first.iterdir() if path.is_file())
    assert {"report.json", "transcript.json", "transcript.srt", "transcript.txt"} < set(names)
    for name in names:
        if not name.startswith("."):
            assert (first / name).read_bytes() == (other / name).read_bytes()
    transcript = Transcript.model_validate_json((first / "transcript.json").read_bytes())
    assert (transcript.engine, transcript.model, transcript.language) == (
        "whisper",
        "micro-en.pt",
        "en",
    )
    assert transcript.cues[0].text.startswith("Hello, and welcome to this short lecture")


def test_another_model_or_engine_makes_it_stale_and_more_threads_do_not(tmp_path: Path) -> None:
    model = tmp_path / "mine.pt"
    model.write_bytes(b"one")
    base = STAGE.depends(load_config(overrides=[f"transcribe.model={model}"]))
    assert base["model mine.pt"].startswith("sha256")
    model.write_bytes(b"two")
    assert STAGE.depends(load_config(overrides=[f"transcribe.model={model}"])) != base
    assert STAGE.depends(load_config(overrides=["transcribe.threads=3"])) == STAGE.depends(Config())
    assert STAGE.depends(load_config(overrides=["transcribe.engine=whisper"])) != STAGE.depends(
        Config()
    )


def test_a_poorer_transcript_never_replaces_a_fuller_one_of_the_same_video(
    tmp_path: Path,
) -> None:
    lecture = Captioned(tmp_path)
    lecture.caption("one two three four five six seven eight nine ten")
    lecture.run()
    lecture.caption("one two")
    lecture.run()
    assert lecture.words() == 10
    (warning,) = (text for text in lecture.warnings if "no captions from" not in text)
    assert "kept the transcript of an earlier run (captions, 10 words)" in warning
    assert "this one (captions) has 2 words" in warning
    assert "eight" in (lecture.folder / "transcript.vtt").read_text()
    lecture.run(overwrite=True)
    assert lecture.words() == 2


def test_nearly_as_many_words_are_the_new_transcript(tmp_path: Path) -> None:
    lecture = Captioned(tmp_path)
    lecture.caption("one two three four five six seven eight nine ten")
    lecture.run()
    lecture.caption("one two three four five six seven eight nine")
    lecture.run()
    assert lecture.words() == 9


def test_the_words_of_another_video_or_part_are_not_kept(tmp_path: Path) -> None:
    lecture = Captioned(tmp_path)
    lecture.caption("one two three four five six seven eight nine ten")
    lecture.run()
    lecture.sha256 = "another"
    lecture.caption("one two")
    lecture.run()
    assert lecture.words() == 2


class Captioned:
    """A lecture in a workspace whose captions can be changed between runs."""

    def __init__(self, root: Path) -> None:
        self.workspace = Workspace(root / "lecture")
        self.folder = self.workspace.root / "transcribe"
        self.captions = root / "captions.vtt"
        self.video_id, self.title, self.sha256 = "lecture", "A talk", "one"
        self.end_ms = 600_000
        self.warnings: tuple[str, ...] = ()
        self.notes: list[str] = []
        self.workspace.folder("screens").write_json("screens.json", Screens(frames=()))

    def caption(self, text: str) -> None:
        self.captions.write_text(f"WEBVTT\n\n00:01.000 --> 00:09.000\n{text}\n")

    def run(self, overwrite: bool = False) -> None:
        track = CaptionTrack(path=str(self.captions), language="en", kind="human")
        video = Video(
            video_id=self.video_id, title=self.title, url=None, path="talk.mp4",
            duration_ms=600_000,
            width=0, height=0, fps=0, has_audio=False, captions=(track,),
            sha256=self.sha256, start_ms=0, end_ms=self.end_ms,
        )  # fmt: skip
        self.workspace.folder("download").write_json("video.json", video)
        (self.workspace.root / "download" / "talk.mp4").write_bytes(b"video")
        progress = RecordingProgress()
        run_stage(
            STAGE, self.workspace, Config(), Request("talk.mp4"), progress, overwrite=overwrite
        )
        manifest = self.workspace.folder("transcribe").manifest()
        assert manifest
        self.warnings = manifest.warnings
        self.notes = progress.notes

    def words(self) -> int:
        return spoken_word_count(self.workspace.read(TRANSCRIPT))


def test_speech_that_nobody_could_transcribe_is_told_in_one_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unheard = [
        Unheard(start_ms=17_000 + n * 60_000, end_ms=29_000 + n * 60_000, reason="no_words")
        for n in range(7)
    ]
    transcript = Transcript(language="en", engine="whisper", model="base", cues=())
    done = Transcribed(transcript, SpeechReport(engine="whisper", unheard=tuple(unheard)))
    monkeypatch.setattr("pipeline.stages.transcribe.transcribe", lambda *_: done)
    lecture = Captioned(tmp_path)
    lecture.caption("one")
    lecture.run()
    (warning,) = lecture.warnings
    assert warning.startswith("1 min 24 s of speech could not be transcribed: 0:17 to 0:29 (no ")
    assert warning.endswith("and 2 more; the page lists them all")
    lecture.end_ms = 25_000
    lecture.run()
    assert lecture.warnings[0].startswith("12 s of speech could not be transcribed: 0:17 to 0:29")


def test_several_audio_tracks_are_named_and_a_wrong_number_is_refused(tmp_path: Path) -> None:
    path = two_tracks(tmp_path / "a.mkv", "-disposition:a:0", "0", "-disposition:a:1", "default")
    progress = RecordingProgress()
    samples = np.concatenate(list(open_sound(path, "a.mkv", None, progress)(0, 2_000)))
    assert np.abs(samples).max() > 0.1
    assert progress.notes == [
        "audio tracks: 1 (mono), 2 (mono); number 2 is transcribed (run --track N chooses another)"
    ]
    with pytest.raises(UsageError, match="no audio track 3"):
        open_sound(path, "a.mkv", 3, progress)


def test_a_silent_run_keeps_the_words_of_an_earlier_one_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lecture = Captioned(tmp_path)
    lecture.caption("one two three")
    lecture.run()
    empty = Transcript(language=None, engine="whisper", model="base", cues=())
    done = Transcribed(empty, SpeechReport(engine="whisper"), silence="nobody speaks")
    monkeypatch.setattr("pipeline.stages.transcribe.transcribe", lambda *_: done)
    lecture.run()
    (warning,) = lecture.warnings
    assert warning.startswith("kept the transcript of an earlier run (captions, 3 words): nobody ")
    lecture.run(overwrite=True)
    assert lecture.warnings == ("nobody speaks: the transcript is empty",)


def test_a_title_that_is_the_name_of_the_file_is_not_told_to_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    titled: list[bool] = []

    def listen(source: SpeechSource, *_: object) -> Transcribed:
        titled.append(source.titled)
        spoken = Transcript(language="en", engine="whisper", model="base", cues=())
        return Transcribed(spoken, SpeechReport(engine="whisper"))

    monkeypatch.setattr("pipeline.stages.transcribe.transcribe", listen)
    lecture = Captioned(tmp_path)
    lecture.caption("one")
    lecture.video_id = "data301-talk_sethchart-fee42800"
    for title in ("Data301 talk sethchart", "Is this water safe to drink?"):
        lecture.title = title
        lecture.run()
    assert titled == [False, True]


def test_what_was_made_of_the_sound_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = SpeechReport(
        engine="whisper", language="de", language_probability=0.931, windows=3, prompt="Talk.",
        reheard={"gap": 2, "loop": 1}, dropped={"silence": 3, "loop": 0},
    )  # fmt: skip
    spoken = Transcript(language="de", engine="whisper", model="base", cues=())
    done = Transcribed(spoken, report)
    monkeypatch.setattr("pipeline.stages.transcribe.transcribe", lambda *_: done)
    lecture = Captioned(tmp_path)
    lecture.caption("one")
    lecture.run()
    assert lecture.notes == [
        "language de (probability 0.93), prompt used; windows decoded again: 2 (gap), 1 (loop); "
        "words dropped: 3 (silence)"
    ]
