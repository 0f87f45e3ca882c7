"""transcribe: the words of the lecture and their times, from captions or speech."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.artifacts import SCREENS, TRANSCRIPT, VIDEO
from pipeline.engine.files import sha256_of
from pipeline.engine.progress import Progress
from pipeline.engine.stage import Context, Stage, pick
from pipeline.engine.workspace import Workspace
from pipeline.errors import ArtifactError
from pipeline.models import Screens, Transcript, Video
from pipeline.settings.config import Config
from pipeline.sources.ids import is_named_after_source
from pipeline.sources.unchanged_file import unchanged
from pipeline.transcript.asr.engines import models
from pipeline.transcript.asr.report import SPEECH_REPORT, SpeechReport, unheard_line
from pipeline.transcript.asr.transcription import SpeechSource, Transcribed
from pipeline.transcript.screen_glossary import ScreenWords, readable
from pipeline.transcript.subtitles import to_srt, to_text, to_vtt
from pipeline.transcript.transcriber import is_far_poorer, spoken_word_count, transcribe
from pipeline.video.audio import pcm_blocks
from pipeline.video.audio_tracks import audio_tracks, lecture_track
from pipeline.video.loudness import amplified

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


_OF_VIDEO = "video"
_ENGINES: tuple[models.LocalEngine, ...] = ("faster-whisper", "whisper")


def depends(config: Config) -> Mapping[str, str]:
    """The settings, a local model's checksum, and which recognisers there are to choose from."""
    inputs = pick(config, "transcribe", "screens.names")
    model = Path(config.transcribe.model).expanduser()
    weights = model / "model.bin" if model.is_dir() else model
    if weights.is_file():
        inputs[f"model {model.name}"] = f"sha256 {sha256_of(weights)}"
    if config.transcribe.engine == "auto":
        for engine in _ENGINES:
            inputs[f"tool {engine}"] = "installed" if models.installed(engine) else "missing"
    return inputs


def run(context: Context, config: Config) -> None:
    """Write ``transcript.json``, the same as ``.vtt``, ``.srt`` and ``.txt``, and the report."""
    video = context.workspace.read(VIDEO)
    language = config.transcribe.language or video.language
    path = context.workspace.video_path(video)
    source = SpeechSource(
        video=video,
        captions=lambda track: context.workspace.root / "download" / track.path,
        sound=open_sound(path, repr(video.title), config.transcribe.track, context.progress)
        if video.has_audio
        else _mute,
        shown=_shown(context.workspace.read(SCREENS), language) if config.screens.names else (),
        titled=not is_named_after_source(video.title, video.video_id),
    )
    with unchanged(path):
        done = transcribe(source, config.transcribe, context.folder.work, context.progress)
    transcript, report = done.transcript, _within_part(done.report, video)
    if not context.overwrite and (fuller := _fuller(context, video, done)):
        transcript, report = fuller
    elif done.silence:
        context.progress.warn(f"{done.silence}: the transcript is empty")
    if report.windows:
        context.progress.note(_how(report))
    if line := unheard_line(report):
        context.progress.warn(line)
    context.folder.write_json("report.json", report)
    context.folder.write_text("transcript.vtt", to_vtt(transcript))
    context.folder.write_text("transcript.srt", to_srt(transcript))
    context.folder.write_text("transcript.txt", to_text(transcript))
    context.folder.write_json("transcript.json", transcript)


def open_sound(
    path: Path, name: str, wanted: int | None, progress: Progress
) -> Callable[[int, int], Iterator[NDArray[np.float32]]]:
    """Opens the audio track to listen to; says which it is where there are several.

    Raises:
        UsageError: there is no track of the number ``wanted``.
    """
    tracks = audio_tracks(path)
    track = lecture_track(tracks, wanted, name) if tracks else None

    def opened(start_ms: int, end_ms: int) -> Iterator[NDArray[np.float32]]:
        if track and len(tracks) > 1:
            listed = ", ".join(one.describe() for one in tracks)
            progress.note(
                f"audio tracks: {listed}; number {track.number} is transcribed "
                "(run --track N chooses another)"
            )
        blocks = pcm_blocks(path, start_ms, end_ms, track=track)
        return amplified(
            blocks,
            lambda gain_db: progress.note(
                f"the recording is very quiet: amplified by {gain_db} dB before it is transcribed"
            ),
        )

    return opened


def _mute(start_ms: int, end_ms: int) -> Iterator[NDArray[np.float32]]:
    """The sound of a video without any."""
    yield from ()


def _fuller(
    context: Context, video: Video, done: Transcribed
) -> tuple[Transcript, SpeechReport] | None:
    """The transcript of an earlier run on the same video, where this one has far fewer words."""
    transcript = done.transcript
    manifest = context.folder.manifest()
    if manifest is None or manifest.inputs.get(_OF_VIDEO) != _video_mark(video):
        return None
    try:
        before = context.workspace.read(TRANSCRIPT)
        report = context.workspace.read(SPEECH_REPORT)
    except ArtifactError:
        return None
    if not is_far_poorer(transcript, before):
        return None
    now = f"this one ({_made_by(transcript)}) has {spoken_word_count(transcript)} words"
    kept = f"{_made_by(before)}, {spoken_word_count(before)} words"
    context.progress.warn(
        f"kept the transcript of an earlier run ({kept}): "
        f"{done.silence or now} (run --force transcribe replaces it)"
    )
    return before, report


def _made_by(transcript: Transcript) -> str:
    return " ".join(part for part in (transcript.engine, transcript.model) if part)


def _how(report: SpeechReport) -> str:
    """What was made of the sound, in one line."""
    sure = report.language_probability
    language = f"language {report.language}" + (f" (probability {sure:.2f})" if sure else "")
    prompt = "prompt used" if report.prompt else "no prompt"
    counts = [
        f"{what}: {', '.join(f'{n} ({why})' for why, n in tally.items() if n)}"
        for what, tally in (
            ("windows decoded again", report.reheard),
            ("words dropped", report.dropped),
        )
        if any(tally.values())
    ]
    if report.corrections:
        counts.append(
            f"names and numbers set right by what is shown or written: {len(report.corrections)}"
        )
    return "; ".join([f"{language}, {prompt}", *counts])


def _within_part(report: SpeechReport, video: Video) -> SpeechReport:
    """The report without the stretches that lie before or after the part to convert."""
    unheard = tuple(
        one for one in report.unheard if one.start_ms < video.end_ms and one.end_ms > video.start_ms
    )
    return report.model_copy(update={"unheard": unheard})


def finds(workspace: Workspace, config: Config) -> Mapping[str, str]:
    """Which video the transcript is of, so that an earlier one of another is never kept."""
    try:
        return {_OF_VIDEO: _video_mark(workspace.read(VIDEO))}
    except ArtifactError:
        return {}


def _video_mark(video: Video) -> str:
    return f"{video.sha256[:16]} {video.start_ms}-{video.end_ms}"


def _shown(screens: Screens, language: str | None) -> tuple[ScreenWords, ...]:
    """The text on the screen and when it stood there."""
    return tuple(
        ScreenWords(frame.start_ms, frame.end_ms, frame.text)
        for frame in readable(screens, language)
        if frame.text
    )


STAGE = Stage(
    name="transcribe",
    version=12,
    reads=(VIDEO.name, SCREENS.name),
    depends=depends,
    run=run,
    finds=finds,
)
