"""The transcript of a video: from its captions or its sound, whichever serves best.

``auto`` reads captions that a person made; without them it listens with the fastest installed
Whisper; where that cannot be (no package, no model and no way to fetch it, a silent track) it falls
back to automatic captions. What was chosen, and why, is told in one line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import CaptionError, MissingDependencyError, SpeechError
from pipeline.model import CaptionTrack, Transcript, Video
from pipeline.progress import Progress
from pipeline.settings.transcribe import TranscribeSettings
from pipeline.speech import models
from pipeline.speech.captions import read_captions
from pipeline.speech.cues import within
from pipeline.speech.engine import Recogniser
from pipeline.speech.models import LocalEngine
from pipeline.speech.prompt import priming_for
from pipeline.speech.recognise import recognise
from pipeline.speech.tracks import Kind, base_language, tracks_in_order
from pipeline.speech.vad import best_detector
from pipeline.speech.window_store import WindowFile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FASTEST_FIRST: tuple[LocalEngine, ...] = ("faster-whisper", "whisper")


@dataclass(frozen=True)
class Source:
    """What there is to transcribe.

    ``captions`` finds the file of a track; ``sound`` opens the audio of the part to convert as
    blocks of 16 kHz mono samples.
    """

    video: Video
    captions: Callable[[CaptionTrack], Path]
    sound: Callable[[], Iterator[NDArray[np.float32]]]


def transcribe(
    source: Source, settings: TranscribeSettings, work: Path, progress: Progress
) -> Transcript:
    """The transcript of the part of the video to convert, times from the start of the video.

    Args:
        source: the video.
        settings: engine, model, language.
        work: a folder for finished windows, so that a crash does not lose them.
        progress: told what was chosen and how far the work is.

    Raises:
        SpeechError: no engine can do it; CaptionError: the captions asked for cannot be read.
    """
    if settings.engine == "captions":
        return _from_captions(source, settings, progress)
    if settings.engine == "auto":
        return _automatic(source, settings, work, progress)
    if not source.video.has_audio:
        raise SpeechError(
            f"{source.video.path} has no audio track",
            "set transcribe.engine=captions" if source.video.captions else "",
        )
    if settings.engine == "api":
        raise SpeechError("the engine api is not available", "choose another transcribe.engine")
    return _from_sound(source, settings, settings.engine, work, progress)


def _automatic(
    source: Source, settings: TranscribeSettings, work: Path, progress: Progress
) -> Transcript:
    if found := _first_readable(source, settings, "human", progress):
        track, transcript = found
        progress.note(f"captions: the video has human captions ({_named(track)})")
        return transcript
    why = "the video has no audio track"
    if source.video.has_audio:
        engine = _fastest(settings.model)
        why = "no Whisper is installed (pip install 'lecture-chapter[speech]')"
        if engine:
            try:
                transcript = _from_sound(source, settings, engine, work, progress)
            except (SpeechError, MissingDependencyError) as error:
                if not source.video.captions:
                    raise
                why = str(error)
            else:
                if transcript.cues:
                    return transcript
                why = "nobody speaks in the audio track"
    if found := _first_readable(source, settings, "auto", progress):
        track, transcript = found
        progress.warn(f"automatic captions ({_named(track)}) are used: {why}")
        return transcript
    if why == "nobody speaks in the audio track":
        progress.warn(f"{why}, and there are no captions: the transcript is empty")
        return Transcript(language=None, engine=engine or "none", model=None, cues=())
    raise SpeechError(
        f"there is nothing to make a transcript of {source.video.title!r} from: {why}, and there "
        "are no captions that can be read",
        "put captions (.vtt, .srt or .sbv) beside the video under the same name",
    )


def _fastest(model: str) -> LocalEngine | None:
    """The engine for ``auto``: of a local checkpoint its own, else one whose model is here."""
    if own := models.engine_of_path(model):
        return own if models.installed(own) else None
    usable = [engine for engine in _FASTEST_FIRST if models.installed(engine)]
    for engine in usable:
        if models.local_model(engine, model):
            return engine
    return usable[0] if usable else None


def _from_captions(source: Source, settings: TranscribeSettings, progress: Progress) -> Transcript:
    kinds: tuple[Kind, ...] = ("human", "auto")
    for kind in kinds:
        if found := _first_readable(source, settings, kind, progress):
            track, transcript = found
            progress.note(f"captions: {kind} ones ({_named(track)}), as set")
            return transcript
    if source.video.captions:
        raise CaptionError(f"none of the captions of {source.video.title!r} holds any speech")
    raise SpeechError(
        f"{source.video.title!r} has no captions",
        "set transcribe.engine=auto to listen to it, or put captions beside the video",
    )


def _first_readable(
    source: Source, settings: TranscribeSettings, kind: Kind, progress: Progress
) -> tuple[CaptionTrack, Transcript] | None:
    """The best track of a kind that can be read and is not empty, and its transcript."""
    video = source.video
    wanted = settings.language or video.language
    for track in tracks_in_order(video.captions, kind, wanted):
        try:
            captions = read_captions(source.captions(track))
        except CaptionError as error:
            progress.warn(str(error))
            continue
        if captions.unreadable:
            progress.warn(
                f"{track.path}: {len(captions.unreadable)} captions without a readable time are "
                f"left out, the first on line {captions.unreadable[0]}"
            )
        cues = tuple(within(captions.cues, video.start_ms, video.end_ms))
        if not cues:
            progress.warn(f"{track.path}: no speech in it for the part to convert")
            continue
        language = base_language(track.language or captions.language or video.language)
        model = None if kind == "human" else "automatic"
        return track, Transcript(language=language, engine="captions", model=model, cues=cues)
    return None


def _from_sound(
    source: Source,
    settings: TranscribeSettings,
    engine: LocalEngine,
    work: Path,
    progress: Progress,
) -> Transcript:
    video = source.video
    priming = priming_for(video)
    length_s = (video.end_ms - video.start_ms) / 1000
    loaded: list[Recogniser] = []

    def load() -> Recogniser:
        loaded.append(_load(engine, settings, progress))
        return loaded[0]

    def store_for(recogniser: Recogniser, language: str) -> WindowFile:
        how = (recogniser.name, recogniser.model, language, *priming.sentences)
        return WindowFile(work / "windows.jsonl", *how)

    result = recognise(
        source.sound(),
        load,
        best_detector(),
        store_for,
        language=base_language(settings.language or video.language),
        priming=priming,
        offset_ms=video.start_ms,
        on_progress=lambda ms: progress.update(ms / 1000, length_s, "s of audio"),
    )
    model = loaded[0].model if loaded else None
    return Transcript(language=result.language, engine=engine, model=model, cues=result.cues)


def _load(engine: LocalEngine, settings: TranscribeSettings, progress: Progress) -> Recogniser:
    if not models.installed(engine):
        raise MissingDependencyError(
            f"the engine {engine} is not installed",
            "pip install 'lecture-chapter[speech]'"
            if engine == "faster-whisper"
            else "pip install openai-whisper",
        )
    path = models.local_model(engine, settings.model)
    if path is None:
        progress.note(f"fetching the {engine} model {settings.model!r}, once for this machine")
        path = models.fetch_model(engine, settings.model)
    progress.note(f"{engine}: listening with the model {settings.model}")
    name = Path(settings.model).name if models.engine_of_path(settings.model) else settings.model
    if engine == "whisper":
        from pipeline.speech.whisper_engine import Whisper

        return Whisper(str(path), name, settings.device, settings.threads)
    from pipeline.speech.faster_whisper_engine import FasterWhisper

    return FasterWhisper(str(path), name, settings.device, settings.threads)


def _named(track: CaptionTrack) -> str:
    return ", ".join(part for part in (track.language, Path(track.path).name) if part)
