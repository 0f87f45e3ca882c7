"""Stage segment: the lecture in segments of whole sentences, each with the frames on screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from os import cpu_count

from pipeline.article.boundaries import Span, spans
from pipeline.config import Config
from pipeline.model import Frame, Segment, Segments, Transcript, Video
from pipeline.settings.segment import SegmentSettings
from pipeline.speech.names import Shown, correct_names
from pipeline.speech.sounds import common_words
from pipeline.speech.transcriber import AUTOMATIC
from pipeline.stages.base import Context, Stage, pick

SHOWN_MS = 500  # a frame counts as on screen during a segment when they share this much


def run(context: Context, settings: SegmentSettings) -> None:
    """Write ``segments.json``, the pictures, and the transcript with names as the screen has them.

    A sound recording has segments and no frames.
    """
    video = context.workspace.read("download/video.json", Video)
    heard = context.workspace.read("transcribe/transcript.json", Transcript)
    frames = _frames(context, settings, video) if video.width and video.height else ()
    transcript = named_by_screen(heard, frames)
    context.folder.write_json("transcript.json", transcript)
    cut = spans(
        transcript.cues,
        [frame.start_ms for frame in frames],
        video.start_ms,
        video.end_ms,
        round(settings.min_s * 1000),
        round(settings.max_s * 1000),
    )
    context.folder.write_json("segments.json", join(cut, frames))


def named_by_screen(transcript: Transcript, frames: Sequence[Frame]) -> Transcript:
    """The transcript with misheard terms and numbers as the screen shows them at that time.

    What was heard stays in ``Cue.heard``. Captions that a person wrote are left as they are.
    """
    if transcript.engine == "captions" and transcript.model != AUTOMATIC:
        return transcript
    shown = [Shown(frame.start_ms, frame.end_ms, frame.text) for frame in frames if frame.text]
    cues = correct_names(transcript.cues, shown, common_words())
    return transcript.model_copy(update={"cues": cues})


def join(cut: Sequence[Span], frames: Sequence[Frame]) -> Segments:
    """Spans and frames as segments: each lists, in order, the frames on screen during it."""
    segments = tuple(
        Segment(
            id=f"s{number:04d}",
            start_ms=span.start_ms,
            end_ms=span.end_ms,
            text=span.text,
            frames=tuple(frame.id for frame in frames if _is_shown(frame, span)),
        )
        for number, span in enumerate(cut, start=1)
    )
    return Segments(segments=segments, frames=tuple(frames))


def _frames(context: Context, settings: SegmentSettings, video: Video) -> tuple[Frame, ...]:
    from pipeline.media.frames import FrameMaker
    from pipeline.media.ocr import read_text
    from pipeline.media.steady import steady

    folder = context.folder

    def lack(why: str) -> None:
        folder.lacking = why

    maker = FrameMaker(
        write=folder.write_bytes,
        read=lambda name: (folder.path / name).read_bytes(),
        cache=folder.work / "ocr",
        reader=read_text if settings.ocr else None,
        reader_version=_reader_version(),
        workers=settings.workers or cpu_count() or 1,
        quality=settings.quality,
        crops=settings.crops,
        lack=lack,
    )
    path = context.workspace.video_path(video)
    with steady(path):
        return maker.frames(path, video.start_ms, video.end_ms, context.progress)


def _is_shown(frame: Frame, span: Span) -> bool:
    shared = min(frame.end_ms, span.end_ms) - max(frame.start_ms, span.start_ms)
    return shared >= min(SHOWN_MS, frame.end_ms - frame.start_ms)


def _reader_version() -> str:
    try:
        return version("rapidocr")
    except PackageNotFoundError:
        return "none"


def _depends(config: Config) -> Mapping[str, str]:
    found = pick(config, "segment")
    if config.segment.ocr:
        found["tool rapidocr"] = _reader_version()
    return found


STAGE = Stage(
    name="segment",
    version=2,
    reads=("download/video.json", "transcribe/transcript.json"),
    sections=("segment",),
    depends=_depends,
    run=run,
)
