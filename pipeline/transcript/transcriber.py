"""The transcript of a video: from its captions or its sound, whichever serves best.

``auto`` reads captions that a person made; without them it listens with the fastest installed
Whisper; where that cannot be (no package, no model and no way to fetch it, a silent track) it
falls back to automatic captions. An engine that was asked for listens; captions of any kind stand
in only for silence. What was chosen, and why, is told in one line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.engine.progress import Progress
from pipeline.errors import CaptionError, MissingDependencyError, SpeechError
from pipeline.models import CaptionKind, CaptionTrack, Transcript, Video
from pipeline.settings.transcribe import TranscribeSettings
from pipeline.text.words import words
from pipeline.timecode import spoken_length
from pipeline.transcript.asr.engines import models
from pipeline.transcript.asr.engines.models import LocalEngine
from pipeline.transcript.asr.report import NameCorrection, SpeechReport
from pipeline.transcript.asr.transcription import (
    SpeechSource,
    Transcribed,
    transcribe_speech,
)
from pipeline.transcript.captions.tracks import read_track, tracks_in_order
from pipeline.transcript.corrections import correct_names
from pipeline.transcript.phonetics import common_words, english_words

# What stands for the model in a transcript made from a recogniser's captions.
AUTOMATIC = "automatic"
_NO_TRACK = "the video has no audio track"
_SPOKEN_MS = 1000  # less than this is a cough

# Of one lecture, human captions, automatic ones and Whisper's words differ by a tenth at most
# (fillers are left out or not). Fewer than this is a part that is missing.
_FAR_FEWER = 2 / 3


def transcribe(
    source: SpeechSource, settings: TranscribeSettings, work: Path, progress: Progress
) -> Transcribed:
    """The transcript of the part of the video to convert, times from the start of the video.

    Args:
        source: the video.
        settings: engine, model, language.
        work: a folder for finished windows, so that a crash does not lose them.
        progress: told what was chosen and how far the work is.

    Raises:
        SpeechError: no engine can do it; CaptionError: the captions asked for cannot be read.
    """
    return _with_names(_transcribed(source, settings, work, progress), source)


def _with_names(done: Transcribed, source: SpeechSource) -> Transcribed:
    """Misheard terms and numbers as the screen shows them; what was heard stays in ``Cue.heard``.

    Captions that a person wrote are left as they are.
    """
    transcript = done.transcript
    if not source.shown or (transcript.engine == "captions" and transcript.model != AUTOMATIC):
        return done
    language = transcript.language or source.video.language or "en"
    # The lists of words are English: by them every word of another language would look odd.
    english = language.startswith("en")
    frequency = common_words() if english else {}
    words = english_words() if english else frozenset()
    made = correct_names(transcript.cues, source.shown, frequency, words, _written(source.video))
    cues = made.cues
    corrections = tuple(
        NameCorrection(
            start_ms=change.at_ms,
            heard=change.heard,
            written=change.written,
            shown_ms=change.shown_ms,
        )
        for change in made.changes
    )
    return replace(
        done,
        transcript=transcript.model_copy(update={"cues": cues}),
        report=done.report.model_copy(update={"corrections": corrections}),
    )


def _written(video: Video) -> list[str]:
    """What a person wrote about the lecture."""
    return [video.title, video.description, *[chapter.title for chapter in video.chapters]]


def _transcribed(
    source: SpeechSource, settings: TranscribeSettings, work: Path, progress: Progress
) -> Transcribed:
    if settings.engine == "captions":
        return _as_set(source, settings, progress)
    if settings.engine == "auto":
        return _automatic(source, settings, work, progress)
    why, heard = _NO_TRACK, None
    if source.video.has_audio:
        heard = transcribe_speech(source, settings, settings.engine, work, progress)
        if heard.transcript.cues:
            return heard
        why = _why_empty(heard.report)
    return _captions_instead(source, settings, ("human", "auto"), why, heard, progress)


def _automatic(
    source: SpeechSource, settings: TranscribeSettings, work: Path, progress: Progress
) -> Transcribed:
    if found := _first_readable(source, settings, "human", progress):
        track, done = found
        progress.note(f"captions: the video has human captions ({_named(track)})")
        return done
    why, heard = _NO_TRACK, None
    if source.video.has_audio:
        engine = _fastest(settings.model)
        own = models.engine_of_path(settings.model)
        why = str(models.missing_package(own or "faster-whisper"))
        if engine:
            _note_set_aside(source, progress)
            try:
                heard = transcribe_speech(source, settings, engine, work, progress)
            except (SpeechError, MissingDependencyError) as error:
                if not source.video.captions:
                    raise
                why = str(error)
            else:
                if heard.transcript.cues:
                    return heard
                why = _why_empty(heard.report)
    return _captions_instead(source, settings, ("auto",), why, heard, progress)


def _captions_instead(
    source: SpeechSource,
    settings: TranscribeSettings,
    kinds: Sequence[CaptionKind],
    why: str,
    heard: Transcribed | None,
    progress: Progress,
) -> Transcribed:
    """The captions of the first kind that has any; else what was ``heard``, which has no word.

    Raises:
        SpeechError: there are no captions, and nobody could listen.
    """
    for kind in kinds:
        if found := _first_readable(source, settings, kind, progress):
            track, done = found
            named = "automatic captions" if kind == "auto" else "captions"
            progress.warn(f"{named} ({_named(track)}) are used: {why}")
            return done
    if heard:
        return replace(heard, silence=f"{why}, and there are no captions")
    raise SpeechError(
        f"there is nothing to make a transcript of {source.video.title!r} from: {why}, and there "
        "are no captions that can be read",
        "put captions (.vtt, .srt or .sbv) beside the video under the same name",
    )


def _note_set_aside(source: SpeechSource, progress: Progress) -> None:
    """Name the captions that are taken for a recogniser's: a person may know better."""
    names = [_named(track) for track in source.video.captions if track.kind == "auto"]
    if names:
        progress.note(
            f"set aside, since a recogniser seems to have made them: {'; '.join(names)}; "
            "transcribe.engine=captions uses them"
        )


def _why_empty(report: SpeechReport) -> str:
    if report.voiced_ms < _SPOKEN_MS:
        return "nobody speaks in the audio track"
    return f"no word was understood in {spoken_length(report.voiced_ms)} of speech"


def _fastest(model: str) -> LocalEngine | None:
    """The engine for ``auto``: of a local checkpoint its own, else one whose model is here."""
    if own := models.engine_of_path(model):
        return own if models.installed(own) else None
    usable = [engine for engine in models.FASTEST_FIRST if models.installed(engine)]
    for engine in usable:
        if models.knows(engine, model) and models.local_model(engine, model):
            return engine
    return usable[0] if usable else None


def _as_set(source: SpeechSource, settings: TranscribeSettings, progress: Progress) -> Transcribed:
    kinds: tuple[CaptionKind, ...] = ("human", "auto")
    for kind in kinds:
        if found := _first_readable(source, settings, kind, progress):
            track, done = found
            progress.note(f"captions: {kind} ones ({_named(track)}), as set")
            return done
    if source.video.captions:
        raise CaptionError(f"none of the captions of {source.video.title!r} holds any speech")
    raise SpeechError(
        f"{source.video.title!r} has no captions",
        "set transcribe.engine=auto to listen to it, or put captions beside the video",
    )


def _first_readable(
    source: SpeechSource, settings: TranscribeSettings, kind: CaptionKind, progress: Progress
) -> tuple[CaptionTrack, Transcribed] | None:
    """The best track of a kind that can be read and is not empty, and its transcript."""
    video = source.video
    wanted = settings.language or video.language
    for track in tracks_in_order(video.captions, kind, wanted):
        text = read_track(source.captions(track), track, video, progress)
        if text is None:
            continue
        model = None if kind == "human" else AUTOMATIC
        language = text.language
        transcript = Transcript(language=language, engine="captions", model=model, cues=text.cues)
        report = SpeechReport(engine="captions", model=model, language=language)
        return track, Transcribed(transcript, report)
    return None


def _named(track: CaptionTrack) -> str:
    return ", ".join(part for part in (track.language, Path(track.path).name) if part)


def spoken_word_count(transcript: Transcript) -> int:
    """Spoken words; characters of scripts that write no spaces between words."""
    return sum(len(words(cue.text)) for cue in transcript.cues)


def is_far_poorer(one: Transcript, other: Transcript) -> bool:
    """Whether ``one`` has far fewer words than ``other``."""
    return spoken_word_count(one) < _FAR_FEWER * spoken_word_count(other)
