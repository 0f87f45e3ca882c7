"""Which words are taken, the captions' or the recogniser's, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.errors import CaptionError, SpeechError
from pipeline.models import CaptionTrack, Video
from pipeline.settings.transcribe import TranscribeSettings
from pipeline.transcript.asr.transcription import SpeechSource
from pipeline.transcript.screen_glossary import ScreenWords
from pipeline.transcript.transcriber import transcribe
from tests.recording import RecordingProgress
from tests.transcript.asr.fakes import silence, speech

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


from pipeline.models import Cue, Transcript
from pipeline.transcript.transcriber import is_far_poorer, spoken_word_count

HUMAN = "WEBVTT\n\n00:01.000 --> 00:03.000\nHello there.\n\n00:05.000 --> 00:07.000\nGood bye.\n"
AUTO = HUMAN.replace("Hello there.", "hello their")


class Lecture:
    """A source of captions in files and made-up sound."""

    def __init__(self, folder: Path, **fields: object) -> None:
        self.folder = folder
        self.tracks: list[CaptionTrack] = []
        self.samples = silence(30)
        self.shown: tuple[ScreenWords, ...] = ()
        self.fields = fields

    def add(self, name: str, text: str, kind: str, language: str | None = "en") -> Lecture:
        (self.folder / name).write_text(text, encoding="utf-8")
        self.tracks.append(
            CaptionTrack.model_validate({"path": name, "language": language, "kind": kind})
        )
        return self

    def source(self) -> SpeechSource:
        video = Video(
            video_id="v", title="A talk", url=None, path="talk.mp4", duration_ms=30_000,
            width=int(str(self.fields.get("width", 0))), height=0, fps=0,
            has_audio=bool(self.fields.get("has_audio", True)),
            captions=tuple(self.tracks), sha256="", language="en",
            start_ms=int(str(self.fields.get("start_ms", 0))),
            end_ms=int(str(self.fields.get("end_ms", 30_000))),
        )  # fmt: skip

        def sound(start_ms: int, end_ms: int) -> Iterator[NDArray[np.float32]]:
            yield self.samples[start_ms * 16 : end_ms * 16]

        return SpeechSource(video, lambda track: self.folder / track.path, sound, self.shown)


NO_MODEL = TranscribeSettings(model="no-such-model")


def test_human_captions_come_first_and_need_no_model(tmp_path: Path) -> None:
    lecture = Lecture(tmp_path).add("a.vtt", AUTO, "auto").add("h.vtt", HUMAN, "human")
    progress = RecordingProgress()
    done = transcribe(lecture.source(), NO_MODEL, tmp_path / "work", progress)
    assert [cue.text for cue in done.transcript.cues] == ["Hello there.", "Good bye."]
    assert (done.transcript.engine, done.transcript.language) == ("captions", "en")
    assert progress.notes == ["captions: the video has human captions (en, h.vtt)"]


def test_the_captions_in_the_language_that_is_spoken_win(tmp_path: Path) -> None:
    lecture = Lecture(tmp_path).add("d.vtt", HUMAN.replace("Hello", "Hallo"), "human", "de")
    lecture.add("e.vtt", HUMAN, "human", "en-GB")
    done = transcribe(lecture.source(), NO_MODEL, tmp_path, RecordingProgress())
    assert done.transcript.cues[0].text == "Hello there."
    german = NO_MODEL.model_copy(update={"language": "de"})
    done = transcribe(lecture.source(), german, tmp_path, RecordingProgress())
    assert done.transcript.cues[0].text == "Hallo there."
    assert done.transcript.language == "de"


def test_damaged_human_captions_are_told_of_and_passed_over(tmp_path: Path) -> None:
    lecture = Lecture(tmp_path).add("h.vtt", "no captions at all", "human")
    lecture.add("a.vtt", AUTO, "auto")
    progress = RecordingProgress()
    done = transcribe(lecture.source(), NO_MODEL, tmp_path, progress)
    assert done.transcript.cues[0].text == "hello their"
    assert any("h.vtt" in warning for warning in progress.warnings)


def test_a_silent_track_falls_back_to_automatic_captions_without_a_model(tmp_path: Path) -> None:
    lecture = Lecture(tmp_path).add("a.vtt", AUTO, "auto")
    progress = RecordingProgress()
    done = transcribe(lecture.source(), NO_MODEL, tmp_path, progress)
    assert done.transcript.engine == "captions"
    assert done.transcript.model == "automatic"
    assert "nobody speaks" in progress.warnings[0]


def test_a_model_that_cannot_be_had_falls_back_to_automatic_captions(tmp_path: Path) -> None:
    lecture = Lecture(tmp_path).add("a.vtt", AUTO, "auto")
    lecture.samples = voiced()
    progress = RecordingProgress()
    done = transcribe(lecture.source(), NO_MODEL, tmp_path, progress)
    assert done.transcript.cues[0].text == "hello their"
    assert "no-such-model" in progress.warnings[0]


def test_a_model_that_cannot_be_had_is_an_error_where_there_are_no_captions(tmp_path: Path) -> None:
    lecture = Lecture(tmp_path)
    lecture.samples = voiced()
    with pytest.raises(SpeechError, match="no-such-model"):
        transcribe(lecture.source(), NO_MODEL, tmp_path, RecordingProgress())


def test_the_sound_is_closed_when_nobody_can_listen_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Left open, ffmpeg would run on to the end of the program, and end it with a crash."""
    lecture = Lecture(tmp_path, width=640)
    lecture.samples = voiced()
    closed: list[bool] = []
    plain = lecture.source()

    def sound(start_ms: int, end_ms: int) -> Iterator[NDArray[np.float32]]:
        try:
            for _ in range(40):  # far more than is heard before a model is needed
                yield from plain.sound(start_ms, end_ms)
        finally:
            closed.append(True)

    def unreachable(*_: object) -> Path:
        error = SpeechError("no such host")
        kept.append(error)  # as errors of network libraries are kept, in circles
        raise error

    kept: list[SpeechError] = []
    monkeypatch.setattr("pipeline.transcript.asr.engines.models.fetch_model", unreachable)
    settings = NO_MODEL.model_copy(update={"model": "large-v1"})
    source = replace(plain, sound=sound)
    with pytest.raises(SpeechError, match="no such host"):
        transcribe(source, settings, tmp_path, RecordingProgress())
    assert kept and closed


def test_a_published_model_that_cannot_be_fetched_is_an_error_that_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    lecture = Lecture(tmp_path, width=640)
    lecture.samples = voiced()
    settings = NO_MODEL.model_copy(update={"model": "large-v1"})
    with pytest.raises(SpeechError, match="large-v1") as raised:
        transcribe(lecture.source(), settings, tmp_path, RecordingProgress())
    assert "download the files" in raised.value.hint


@pytest.mark.parametrize("kind", ["human", "auto"])
@pytest.mark.parametrize("sound", [True, False])
def test_captions_of_any_kind_stand_in_for_silence_whichever_engine_was_asked_for(
    tmp_path: Path, kind: str, sound: bool
) -> None:
    lecture = Lecture(tmp_path, has_audio=sound).add("c.vtt", HUMAN, kind)
    progress = RecordingProgress()
    settings = TranscribeSettings(engine="faster-whisper", model="no-such-model")
    done = transcribe(lecture.source(), settings, tmp_path, progress)
    assert [cue.text for cue in done.transcript.cues] == ["Hello there.", "Good bye."]
    assert done.transcript.engine == "captions"
    (warning,) = progress.warnings
    assert "captions (en, c.vtt) are used: " in warning
    assert ("nobody speaks" if sound else "no audio track") in warning


def test_neither_sound_nor_captions_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match="put captions"):
        transcribe(
            Lecture(tmp_path, has_audio=False).source(), NO_MODEL, tmp_path, RecordingProgress()
        )


@pytest.mark.parametrize("engine", ["captions", "whisper", "faster-whisper", "api"])
def test_an_engine_that_was_asked_for_is_not_replaced_by_another(
    tmp_path: Path, engine: str
) -> None:
    settings = TranscribeSettings.model_validate({"engine": engine, "model": "no-such-model"})
    lecture = Lecture(tmp_path, has_audio=False)
    with pytest.raises(SpeechError, match=r"no captions|no audio track"):
        transcribe(lecture.source(), settings, tmp_path, RecordingProgress())


def test_captions_without_speech_are_an_error_when_they_were_asked_for(tmp_path: Path) -> None:
    lecture = Lecture(tmp_path).add(
        "h.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n[Music]\n", "human"
    )
    settings = TranscribeSettings(engine="captions")
    with pytest.raises(CaptionError, match="holds any speech"):
        transcribe(lecture.source(), settings, tmp_path, RecordingProgress())


def test_only_the_words_of_the_part_are_kept_with_their_times(tmp_path: Path) -> None:
    lecture = Lecture(tmp_path, start_ms=4_000, end_ms=6_000).add("h.vtt", HUMAN, "human")
    done = transcribe(lecture.source(), NO_MODEL, tmp_path, RecordingProgress())
    (cue,) = done.transcript.cues
    assert (cue.text, cue.start_ms, cue.end_ms) == ("Good", 5_000, 6_000)


def voiced() -> NDArray[np.float32]:
    """Five seconds of the demo lecture's speech."""
    import numpy as np

    from pipeline.demo import video
    from pipeline.video.audio import pcm_blocks

    return np.concatenate(list(pcm_blocks(video(), 0, 5_000)))


def test_noise_is_no_speech(tmp_path: Path) -> None:
    lecture = Lecture(tmp_path)
    lecture.samples = speech(30) * 0.3
    progress = RecordingProgress()
    pytest.importorskip("faster_whisper", reason="the voice detector comes with faster-whisper")
    done = transcribe(lecture.source(), NO_MODEL, tmp_path, progress)
    assert done.transcript.cues == ()
    assert "nobody speaks" in done.silence


def test_automatic_captions_take_their_names_from_the_screen_and_human_ones_stay(
    tmp_path: Path,
) -> None:
    said = "WEBVTT\n\n00:01.000 --> 00:05.000\nI use the reex library\n"
    shown = tuple(ScreenWords(1_000 * n, 30_000, "import regex as re") for n in (1, 2))
    settings = TranscribeSettings(engine="captions")
    told = []
    for kind in ("auto", "human"):
        lecture = Lecture(tmp_path).add(f"{kind}.vtt", said, kind)
        lecture.shown = shown
        done = transcribe(lecture.source(), settings, tmp_path / "work", RecordingProgress())
        told.append([(cue.text, cue.heard) for cue in done.transcript.cues])
        assert bool(done.report.corrections) == (kind == "auto")
    assert told == [
        [("I use the regex library", "I use the reex library")],
        [("I use the reex library", None)],
    ]


def transcript(text: str) -> Transcript:
    cues = (Cue(start_ms=0, end_ms=1000, text=text),) if text else ()
    return Transcript(language=None, engine="captions", model=None, cues=cues)


def test_words_are_counted_in_every_script() -> None:
    assert spoken_word_count(transcript("It's two words, no: five")) == 5
    assert spoken_word_count(transcript("用 BPE 训练")) == 4
    assert spoken_word_count(transcript("")) == 0


def test_only_a_transcript_with_far_fewer_words_is_far_poorer() -> None:
    whole = transcript("word " * 90)
    assert not is_far_poorer(transcript("word " * 61), whole)
    assert is_far_poorer(transcript("word " * 59), whole)
    assert is_far_poorer(transcript(""), transcript("word"))
    assert not is_far_poorer(transcript(""), transcript(""))
