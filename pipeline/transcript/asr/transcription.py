"""From the sound of a video to its transcript, with the engine that was chosen."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pipeline.engine.memory import freed_memory_kept
from pipeline.engine.progress import Progress
from pipeline.errors import SpeechError
from pipeline.models import CaptionTrack, Transcript, Video
from pipeline.settings.transcribe import TranscribeSettings
from pipeline.text.languages.codes import base_language
from pipeline.timecode import spoken_length
from pipeline.transcript.asr.decoding import WindowDecoder
from pipeline.transcript.asr.engines import models
from pipeline.transcript.asr.engines.engine import Recogniser
from pipeline.transcript.asr.engines.models import LocalEngine
from pipeline.transcript.asr.initial_prompt import InitialPrompt, initial_prompt_for
from pipeline.transcript.asr.recognition import Recognised, recognise
from pipeline.transcript.asr.report import SpeechReport
from pipeline.transcript.asr.vad import best_detector
from pipeline.transcript.asr.window_store import WindowFile
from pipeline.transcript.asr.windows import Window
from pipeline.transcript.cues import within
from pipeline.transcript.screen_glossary import ScreenWords

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# A part of a video is heard with this much before and after it, so that the words at its edges are
# whole; only words that begin inside it are kept.
_MARGIN_MS = 15_000


@dataclass(frozen=True)
class SpeechSource:
    """What there is to transcribe.

    ``captions`` finds the file of a track; ``sound`` opens the audio from one time to another (ms)
    as blocks of 16 kHz mono samples; ``shown`` is the text on the screen, in order of time, for
    names; empty when nothing could be read or it is not to be used. ``titled``: whether the video
    has a title, not only a file's name.
    """

    video: Video
    captions: Callable[[CaptionTrack], Path]
    sound: Callable[[int, int], Iterator[NDArray[np.float32]]]
    shown: Sequence[ScreenWords] = ()
    titled: bool = True


@dataclass(frozen=True)
class Transcribed:
    """A transcript and how it came about; ``silence`` says why it has no word, if so."""

    transcript: Transcript
    report: SpeechReport
    silence: str = ""


def transcribe_speech(
    source: SpeechSource,
    settings: TranscribeSettings,
    engine: LocalEngine | Literal["api"],
    work: Path,
    progress: Progress,
) -> Transcribed:
    """Transcribe the part of the video to convert, times from the start of the video.

    Raises:
        SpeechError: the model is not available or fails; MissingDependencyError: no such engine.
    """
    video = source.video
    start_ms = max(video.start_ms - _MARGIN_MS, 0)
    end_ms = min(video.end_ms + _MARGIN_MS, max(video.duration_ms, video.end_ms))
    began = time.monotonic()
    told: list[float | None] = []  # how sure the model is of the language

    def decoder_for(first: Window) -> WindowDecoder:
        recogniser = load_engine(engine, settings, progress)
        language, chance = _language(recogniser, settings, video, first, progress)
        told.append(chance)
        store = WindowFile(
            work / "windows.jsonl", recogniser.name, recogniser.model, str(settings.beam)
        )
        shown = [screen.text for screen in source.shown]
        prompt = InitialPrompt()
        if settings.prime:
            prompt = initial_prompt_for(video, shown, source.titled)
        return WindowDecoder(
            recogniser, store, language, prompt, fixed=settings.language is not None
        )

    with freed_memory_kept(), _closed(source.sound(start_ms, end_ms)) as sound:
        result = recognise(
            sound,
            decoder_for,
            best_detector(),
            offset_ms=start_ms,
            on_progress=lambda ms: progress.update(
                ms / 1000, (end_ms - start_ms) / 1000, "s of audio"
            ),
        )
    update = {"engine": engine, "language_probability": next(iter(told), None)}
    report = result.report.model_copy(update=update)
    _tell(result, report, time.monotonic() - began, progress)
    cues = tuple(within(result.cues, video.start_ms, video.end_ms))
    transcript = Transcript(
        language=report.language or None, engine=engine, model=report.model, cues=cues
    )
    return Transcribed(transcript, report)


def _tell(result: Recognised, report: SpeechReport, seconds: float, progress: Progress) -> None:
    """Say what was kept from an earlier run, what is in another language, and how fast it went."""
    if result.kept_windows:
        progress.note(
            f"kept from an earlier run: {result.kept_words} words in {result.kept_windows} of "
            f"{report.windows} windows of speech"
        )
    for code, ms in result.foreign_ms.items():
        progress.warn(
            f"{spoken_length(ms)} of speech sound like the language {code!r}, but were transcribed "
            f"as {report.language!r} (transcribe.language, run --language)"
        )
    if report.windows:
        seconds = max(seconds, 0.001)
        progress.note(
            f"{report.engine}: heard {spoken_length(report.audio_ms)} of audio in "
            f"{spoken_length(round(seconds * 1000))}, {report.audio_ms / 1000 / seconds:.1f} times "
            "as fast as it was spoken"
        )


@contextmanager
def _closed(sound: Iterator[NDArray[np.float32]]) -> Iterator[Iterator[NDArray[np.float32]]]:
    """Ends what decodes the sound with the block: an error keeps frames alive that hold it."""
    try:
        yield sound
    finally:
        if isinstance(sound, Generator):
            sound.close()


def load_engine(
    engine: LocalEngine | Literal["api"], settings: TranscribeSettings, progress: Progress
) -> Recogniser:
    """The recogniser of an engine, its model fetched where it is not on this machine."""
    if engine == "api":
        from pipeline.transcript.asr.engines.api_engine import RemoteWhisper

        model = "whisper-1" if settings.model == "base" else settings.model
        progress.note(f"api: the model {model} listens")
        return RemoteWhisper(model, settings.base_url, settings.timeout_s)
    if not models.installed(engine):
        raise models.missing_package(engine)
    path = models.local_model(engine, settings.model)
    if path is None:
        progress.note(f"fetching the {engine} model {settings.model!r}, once for this machine")
        path = models.fetch_model(engine, settings.model, progress)
    own = models.engine_of_path(settings.model)
    name = Path(settings.model).name if own else settings.model
    progress.note(f"{engine}: listening with the model {name}")
    if engine == "whisper":
        from pipeline.transcript.asr.engines.whisper_engine import Whisper

        return Whisper(str(path), name, settings.device, settings.threads, settings.beam)
    from pipeline.transcript.asr.engines.faster_whisper_engine import FasterWhisper

    return FasterWhisper(str(path), name, settings.device, settings.threads, settings.beam)


def _language(
    recogniser: Recogniser,
    settings: TranscribeSettings,
    video: Video,
    first: Window,
    progress: Progress,
) -> tuple[str, float | None]:
    """The language to listen for: as set, the video's own, or as the model hears it.

    With it the model's own probability; None where the model was not asked.
    """
    wanted = base_language(settings.language or video.language)
    known = recogniser.languages
    if wanted is None or (known and wanted not in known and not settings.language):
        return recogniser.language(first.samples)
    if known is None or wanted in known:
        return wanted, None
    if known == {"en"}:
        progress.warn(f"the model {recogniser.model} knows English only, not {wanted!r}")
        return "en", None
    raise SpeechError(
        f"{recogniser.name} knows no language {settings.language!r}",
        "set transcribe.language to a code such as en, de or zh, or to null",
    )
