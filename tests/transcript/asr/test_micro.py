"""The demo lecture through both Whisper packages with a real, very small model.

See ``tests/data/micro-whisper/README.md``: it knows the demo's voice and nothing else, so windows,
offsets, prompts, alignment and batching are tested on true output without downloading a model.
"""

from __future__ import annotations

import difflib
import re
import statistics
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from pipeline import demo
from pipeline.models import Cue, Video
from pipeline.settings.transcribe import TranscribeSettings
from pipeline.transcript.asr.engines.checkpoint import convert
from pipeline.transcript.asr.engines.models import LocalEngine
from pipeline.transcript.asr.transcription import (
    SpeechSource,
    Transcribed,
    transcribe_speech,
)
from pipeline.transcript.captions.read import read_captions
from pipeline.transcript.cues import MAX_LETTERS, MAX_MS
from pipeline.video.audio import pcm_blocks
from tests.conftest import make_media
from tests.recording import RecordingProgress

pytest.importorskip("whisper")
pytest.importorskip("faster_whisper")

MICRO = Path(__file__).parents[2] / "data" / "micro-whisper" / "micro-en.pt"
LENGTH_MS = 202_776
ENGINES: tuple[LocalEngine, ...] = ("faster-whisper", "whisper")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The micro model for faster-whisper."""
    return convert(MICRO, tmp_path_factory.mktemp("models") / "micro")


def hear(
    path: Path,
    model: Path,
    engine: LocalEngine,
    work: Path,
    start_ms: int = 0,
    end_ms: int = LENGTH_MS,
    language: str | None = None,
    progress: RecordingProgress | None = None,
) -> Transcribed:
    video = Video(
        video_id="v", title="Byte Pair Encoding", url=None, path=str(path), duration_ms=end_ms,
        width=0, height=0, fps=0, has_audio=True, sha256="", start_ms=start_ms, end_ms=end_ms,
    )  # fmt: skip
    source = SpeechSource(video, lambda track: path, lambda a, b: pcm_blocks(path, a, b))
    settings = TranscribeSettings(model=str(model), threads=1, language=language)
    return transcribe_speech(source, settings, engine, work, progress or RecordingProgress())


@pytest.fixture(scope="module")
def heard(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Transcribed]:
    """The whole demo lecture as each engine hears it."""
    work = tmp_path_factory.mktemp("work")
    models = {"faster-whisper": folder, "whisper": MICRO}
    return {engine: hear(demo.video(), models[engine], engine, work / engine) for engine in ENGINES}


def words_of(cues: Sequence[Cue]) -> list[str]:
    """The words as an error rate counts them: no case, no punctuation."""
    return [word for cue in cues for word in plain(cue.text)]


def plain(text: str) -> list[str]:
    return re.sub(r"[^\w\s]", "", text.lower()).split()


def truth() -> Sequence[Cue]:
    return read_captions(demo.video().with_suffix(".en.vtt")).cues


def errors(right: list[str], heard: list[str]) -> int:
    """How many words must be inserted, deleted or replaced."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(right, 1):
        corner, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (word != other))
    return row[-1]


@pytest.fixture(scope="module")
def stock() -> list[str]:
    """The words of the demo lecture as the stock transcriber hears them."""
    import whisper

    sound = np.concatenate(list(pcm_blocks(demo.video())))
    model = whisper.load_model(str(MICRO))
    done = whisper.transcribe(model, sound, condition_on_previous_text=False, fp16=False)
    return plain(done["text"])


@pytest.mark.parametrize("engine", ENGINES)
def test_no_more_words_are_wrong_than_the_stock_transcriber_gets_wrong(
    heard: dict[str, Transcribed], stock: list[str], engine: LocalEngine
) -> None:
    right = words_of(truth())
    ours = errors(right, words_of(heard[engine].transcript.cues))
    assert ours <= errors(right, stock)


@pytest.mark.parametrize("engine", ENGINES)
def test_cues_start_when_their_words_are_said(
    heard: dict[str, Transcribed], engine: LocalEngine
) -> None:
    # The captions' sentences start at exact times; what starts inside one is not compared.
    starts = {cue.start_ms: plain(cue.text)[:3] for cue in truth()}
    offsets = []
    for cue in heard[engine].transcript.cues:
        near = min(starts, key=lambda start_ms: abs(start_ms - cue.start_ms))
        if plain(cue.text)[:3] == starts[near]:
            offsets.append(abs(near - cue.start_ms))
    assert len(offsets) >= 30
    assert statistics.median(offsets) < 300
    assert max(offsets) < 1500


@pytest.mark.parametrize("engine", ENGINES)
def test_cues_keep_the_rules_of_a_transcript(
    heard: dict[str, Transcribed], engine: LocalEngine
) -> None:
    cues = heard[engine].transcript.cues
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(cues))
    for cue in cues:
        assert cue.end_ms - cue.start_ms <= MAX_MS
        assert len(cue.text) <= MAX_LETTERS
        assert not cue.approximate
        assert cue.text == " ".join(word.text for word in cue.words)
        assert all(a.end_ms <= b.start_ms for a, b in pairwise(cue.words))
        assert all(0 < (word.probability or 0) <= 1 for word in cue.words)
    sentences = [cue.text for cue in cues if cue.text.endswith((".", "?", "!"))]
    assert len(sentences) >= 0.6 * len(cues)


def test_the_report_counts_what_was_heard(heard: dict[str, Transcribed]) -> None:
    report = heard["faster-whisper"].report
    assert (report.engine, report.language, report.windows) == ("faster-whisper", "en", 8)
    assert abs(report.audio_ms - LENGTH_MS) < 100
    assert 150_000 < report.voiced_ms < report.audio_ms


def test_the_words_do_not_depend_on_what_stands_around_them(
    heard: dict[str, Transcribed], folder: Path, tmp_path: Path
) -> None:
    length_ms = 64_000  # in a pause
    cues = heard["faster-whisper"].transcript.cues
    alone = words_of([cue for cue in cues if cue.end_ms <= length_ms])
    one = ("-t", str(length_ms / 1000), "-i", str(demo.video()))
    twice = make_media(
        tmp_path / "twice.flac", *one, *one, "-filter_complex", "[0:a][1:a]concat=n=2:v=0:a=1"
    )
    doubled = hear(twice, folder, "faster-whisper", tmp_path, 0, 2 * length_ms).transcript.cues
    assert words_of(doubled) == alone * 2
    assert doubled[-1].end_ms > length_ms + 55_000


def test_a_part_has_the_words_and_times_of_the_whole(
    heard: dict[str, Transcribed], folder: Path, tmp_path: Path
) -> None:
    whole = heard["faster-whisper"].transcript.cues
    start_ms, end_ms = 64_000, 151_500  # both in pauses
    part = hear(demo.video(), folder, "faster-whisper", tmp_path, start_ms, end_ms).transcript.cues
    inside = [cue for cue in whole if start_ms <= cue.start_ms < end_ms]
    assert words_of(part) == words_of(inside)
    assert abs(part[0].start_ms - inside[0].start_ms) < 100
    assert abs(part[-1].end_ms - inside[-1].end_ms) < 300


@pytest.mark.parametrize(("length_ms", "text"), [(200, ""), (11_000, "Hello, and welcome")])
def test_short_clips(folder: Path, tmp_path: Path, length_ms: int, text: str) -> None:
    clip = make_media(
        tmp_path / "clip.wav", "-t", str(length_ms / 1000), "-i", str(demo.video()), "-vn"
    )
    done = hear(clip, folder, "faster-whisper", tmp_path, 0, length_ms)
    assert " ".join(cue.text for cue in done.transcript.cues).startswith(text)
    assert bool(done.transcript.cues) == bool(text)


def test_speech_that_begins_at_second_40_in_stereo_at_48_khz(folder: Path, tmp_path: Path) -> None:
    late = make_media(
        tmp_path / "late.mp4",
        *("-f", "lavfi", "-i", "color=size=64x64:rate=5:duration=60"),
        *("-itsoffset", "40", "-t", "11", "-i", str(demo.video())),
        *("-map", "0:v", "-map", "1:a", "-ac", "2", "-ar", "48000"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"),
    )
    cues = hear(late, folder, "faster-whisper", tmp_path, 0, 60_000).transcript.cues
    assert cues[0].text.startswith("Hello, and welcome")
    assert abs(cues[0].start_ms - 40_600) < 300


@pytest.mark.parametrize(
    "source",
    [
        "anullsrc=r=16000:cl=mono:d=300",
        "anoisesrc=d=300:c=pink:r=16000:a=0.4:seed=1",
        "aevalsrc=0.2*sin(2*PI*220*t)*(1+sin(2*PI*2*t))+0.2*sin(2*PI*330*t)*mod(floor(t*2)\\,2)"
        "+0.1*sin(2*PI*440*t):s=16000:d=300",
    ],
    ids=["silence", "noise", "music"],
)
def test_five_minutes_without_speech_make_no_cue(folder: Path, tmp_path: Path, source: str) -> None:
    path = make_media(tmp_path / "still.wav", "-f", "lavfi", "-i", source)
    done = hear(path, folder, "faster-whisper", tmp_path, 0, 300_000)
    assert done.transcript.cues == ()


def test_captions_are_as_close_as_words_can_be_matched(heard: dict[str, Transcribed]) -> None:
    """Later stages cannot tell a transcript of captions from a recognised one."""
    captions, recognised = truth(), heard["whisper"].transcript.cues
    match = difflib.SequenceMatcher(None, words_of(captions), words_of(recognised), autojunk=False)
    assert match.ratio() > 0.99
    assert {type(cue) for cue in captions} == {type(cue) for cue in recognised}
    assert abs(captions[0].start_ms - recognised[0].start_ms) < 300
