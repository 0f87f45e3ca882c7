"""Stage segment: the lecture in segments of whole sentences, each with the frames on screen."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from pipeline.artifacts import SCREENS, TRANSCRIPT, VIDEO
from pipeline.engine.stage import Context, Stage, pick
from pipeline.models import Frame, Segment, Segments
from pipeline.settings.config import Config
from pipeline.transcript.screen_glossary import readable
from pipeline.transcript.segmentation import SegmentSpan, spans

log = logging.getLogger(__name__)

# A frame counts as on screen during a segment when they share this much: less is the blink between
# two slides, whose seconds are known to a quarter of a second (``packet_bursts.BIN_MS``).
SHOWN_MS = 500


def run(context: Context, config: Config) -> None:
    """Write ``segments.json``."""
    video = context.workspace.read(VIDEO)
    transcript = context.workspace.read(TRANSCRIPT)
    language = transcript.language or video.language
    screens = context.workspace.read(SCREENS)
    frames = readable(screens, language)
    unread = sum(
        frame.text != shown.text for frame, shown in zip(frames, screens.frames, strict=True)
    )
    if unread:
        context.progress.warn(
            f"the text of {unread} of {len(frames)} pictures was not read: the OCR does not know "
            f"the script of {language}; tesseract may: see screens.ocr_model"
        )
    cut = spans(
        transcript,
        [frame.start_ms for frame in frames],
        video.start_ms,
        video.end_ms,
        round(config.segment.min_s * 1000),
        round(config.segment.max_s * 1000),
    )
    log.info("%d segments, %d frames", len(cut), len(frames))
    context.folder.write_json("segments.json", join(cut, frames))


def join(cut: Sequence[SegmentSpan], frames: Sequence[Frame]) -> Segments:
    """Spans and frames as segments: each lists, in order, the frames on screen during it."""
    segments = tuple(
        Segment(
            id=f"s{number:04d}",
            start_ms=span.start_ms,
            end_ms=span.end_ms,
            text=span.text,
            first_word=span.first_word,
            last_word=span.last_word,
            frames=tuple(frame.id for frame in frames if _is_shown(frame, span)),
        )
        for number, span in enumerate(cut, start=1)
    )
    return Segments(segments=segments, frames=tuple(frames))


def _is_shown(frame: Frame, span: SegmentSpan) -> bool:
    shared_ms = frame.overlap_ms(span.start_ms, span.end_ms)
    return shared_ms >= min(SHOWN_MS, frame.end_ms - frame.start_ms)


def depends(config: Config) -> Mapping[str, str]:
    """The lengths of segments."""
    return pick(config, "segment")


STAGE = Stage(
    name="segment",
    version=7,
    reads=(VIDEO.name, SCREENS.name, TRANSCRIPT.name),
    depends=depends,
    run=run,
)
