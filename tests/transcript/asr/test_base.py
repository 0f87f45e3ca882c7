"""Real speech with the real weights of Whisper base, where they are on this machine."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from pipeline import demo
from pipeline.transcript.asr.engines.models import LocalEngine
from pipeline.transcript.asr.transcription import Transcribed
from pipeline.video.probe import probe
from tests.recording import RecordingProgress
from tests.shared import shared, whisper_base
from tests.transcript.asr.test_micro import errors, hear, truth, words_of

END_MS = 29_000  # one window


def heard_of(name: str, tmp_path: Path, length_ms: int) -> Transcribed:
    return hear(shared(name), whisper_base("ct2"), "faster-whisper", tmp_path, end_ms=length_ms)


def text_of(done: Transcribed) -> str:
    return " ".join(cue.text for cue in done.transcript.cues)


@pytest.mark.parametrize(("engine", "weights"), [("faster-whisper", "ct2"), ("whisper", "base.pt")])
def test_the_real_model_hears_the_lecture(
    engine: LocalEngine, weights: str, tmp_path: Path
) -> None:
    model = whisper_base(weights)
    if engine == "whisper":
        pytest.importorskip("whisper", reason="openai-whisper is not installed (extra whisper)")
    done = hear(demo.video(), model, engine, tmp_path, end_ms=END_MS)
    said = words_of([cue for cue in truth() if cue.end_ms <= END_MS])
    # The voice is synthetic: about one word in eight is misheard.
    assert errors(said, words_of(done.transcript.cues)) <= 0.2 * len(said)
    assert done.report.unheard == ()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Transcribed, bytes]:
    """The whole lecture as it was heard, and the record of its windows."""
    folder = tmp_path_factory.mktemp("whole")
    done = hear(demo.video(), whisper_base("ct2"), "faster-whisper", folder)
    return done, (folder / "windows.jsonl").read_bytes()


def test_no_word_of_the_whole_lecture_is_lost(whole: tuple[Transcribed, bytes]) -> None:
    done, _ = whole
    said = words_of(truth())
    found = words_of(done.transcript.cues)
    # One word in twelve at most is misheard; with time stamps asked for, 65 of 454 were missing.
    assert errors(said, found) <= 0.12 * len(said)
    assert len(found) >= 0.98 * len(said)
    assert done.report.unheard == ()


def test_a_resumed_run_gives_the_very_words(
    whole: tuple[Transcribed, bytes], tmp_path: Path
) -> None:
    done, record = whole
    (tmp_path / "windows.jsonl").write_bytes(record[: len(record) * 2 // 3])
    assert hear(demo.video(), whisper_base("ct2"), "faster-whisper", tmp_path) == done


def test_a_second_language_is_written_in_its_own(tmp_path: Path) -> None:
    text = text_of(heard_of("cases/media/en_de.flac", tmp_path, 46_243))
    assert "welcome to this lecture" in text
    assert "jeder Text als eine Folge von Zahlen" in text


def test_a_second_language_that_is_written_as_the_one_that_was_set_is_warned_about(
    tmp_path: Path,
) -> None:
    progress = RecordingProgress()
    path, model = shared("cases/media/en_de.flac"), whisper_base("ct2")
    hear(path, model, "faster-whisper", tmp_path, 0, 46_243, "en", progress)
    (warning,) = progress.warnings
    assert "sound like the language 'de', but were transcribed as 'en'" in warning


def test_the_last_sentence_of_a_lecture_in_german_is_there(tmp_path: Path) -> None:
    done = heard_of("cases/media/de.flac", tmp_path, 23_593)
    assert done.transcript.language == "de"
    assert "Folge von Zahlen" in text_of(done)


def test_what_is_said_again_after_a_long_pause_is_written_twice_and_in_place(
    tmp_path: Path,
) -> None:
    done = heard_of("cases/media/gaps.flac", tmp_path, 112_000)
    assert words_of(done.transcript.cues).count("americans") == 2
    words = [word for cue in done.transcript.cues for word in cue.words]
    # Nobody speaks before 30.3, from 40.5 to 71.3, and after 81.5 s.
    assert all(30_300 <= w.start_ms <= 40_600 or 71_300 <= w.start_ms <= 81_500 for w in words)
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(words))
    assert "loop" not in done.report.reheard


@pytest.mark.parametrize(
    "name", ["jfk.flac", "librivox-sense_and_sensibility_01_austen_64kb-0870.wav"]
)
def test_read_speech_is_heard_without_an_error(name: str, tmp_path: Path) -> None:
    path = shared(f"media/speech/{name}")
    right = {
        "jfk.flac": "and so my fellow americans ask not what your country can do for you ask what "
        "you can do for your country"
    }.get(
        name,
        "and mr john dashwood had then leisure to consider how much there might be prudently in "
        "his power to do for them",
    )
    done = heard_of(f"media/speech/{name}", tmp_path, probe(path).duration_ms)
    assert words_of(done.transcript.cues) == right.split()
