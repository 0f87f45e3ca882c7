"""Stage segment: the lecture in segments of whole sentences, each with the frames on screen."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, version
from os import cpu_count
from typing import TYPE_CHECKING

from pipeline.article.boundaries import spans
from pipeline.config import Config
from pipeline.files import write_atomic
from pipeline.model import Frame, Segment, Segments, Transcript, Video
from pipeline.settings.segment import SegmentSettings
from pipeline.stages.base import Context, Stage, pick

if TYPE_CHECKING:
    from PIL.Image import Image

SHOWN_MS = 500  # a frame counts as on screen during a segment when they share this much


def run(context: Context, settings: SegmentSettings) -> None:
    """Write ``segments.json`` and the pictures; a sound recording has segments and no frames."""
    video = context.workspace.read("download/video.json", Video)
    transcript = context.workspace.read("transcribe/transcript.json", Transcript)
    frames = _frames(context, settings, video) if video.width and video.height else ()
    cut = spans(
        transcript.cues,
        sorted([*(f.start_ms for f in frames), *(c.start_ms for c in video.chapters)]),
        video.start_ms,
        video.end_ms,
        round(settings.min_s * 1000),
        round(settings.max_s * 1000),
    )
    segments = tuple(
        Segment(
            id=f"s{number:04d}",
            start_ms=span.start_ms,
            end_ms=span.end_ms,
            text=span.text,
            frames=tuple(frame.id for frame in frames if _shown(frame, span.start_ms, span.end_ms)),
        )
        for number, span in enumerate(cut, start=1)
    )
    context.folder.write_json("segments.json", Segments(segments=segments, frames=frames))


def _frames(context: Context, settings: SegmentSettings, video: Video) -> tuple[Frame, ...]:
    from pipeline.media.frame_kind import frame_kind
    from pipeline.media.pictures import compress, small, without_borders
    from pipeline.media.screen import find_states

    files: dict[int, tuple[str, str, int, int]] = {}

    def take(at_ms: int, image: Image) -> None:
        image = without_borders(image)
        picture, thumbnail = compress(image), compress(small(image))
        name = f"frames/{at_ms:08d}{picture.suffix}"
        small_name = f"frames/{at_ms:08d}-small{thumbnail.suffix}"
        context.folder.write_bytes(name, picture.data)
        context.folder.write_bytes(small_name, thumbnail.data)
        files[at_ms] = (name, small_name, picture.width, picture.height)

    states = find_states(
        context.workspace.video_path(video), video.start_ms, video.end_ms, take, context.progress
    )
    names = {files[state.at_ms][0] for state in states}
    texts = _texts(context, settings, sorted(names)) if settings.ocr else dict.fromkeys(names, "")
    frames = []
    for number, state in enumerate(states, start=1):
        name, small_name, width, height = files[state.at_ms]
        frames.append(
            Frame(
                id=f"f{number:04d}",
                at_ms=state.at_ms,
                start_ms=state.start_ms,
                end_ms=state.end_ms,
                path=name,
                width=width,
                height=height,
                text=texts[name],
                same_as=None if state.same_as is None else f"f{state.same_as + 1:04d}",
                kind=frame_kind(texts[name], _open(context, name)),
                thumbnail=small_name,
            )
        )
    return tuple(frames)


def _texts(context: Context, settings: SegmentSettings, names: list[str]) -> dict[str, str]:
    """The text on each picture; what was read before a crash is not read again."""
    done: list[str] = []

    def read(name: str) -> str:
        text = _text(context, name)
        done.append(name)
        context.progress.update(len(done), len(names), "frames read")
        return text

    with ThreadPoolExecutor(settings.workers or cpu_count() or 1) as pool:
        return dict(zip(names, pool.map(read, names), strict=True))


def _text(context: Context, name: str) -> str:
    from pipeline.media.ocr import read_text

    data = (context.folder.path / name).read_bytes()
    key = hashlib.sha256(data + _reader_version().encode()).hexdigest()
    kept = context.folder.work / "ocr" / f"{key}.json"
    if kept.is_file():
        return str(json.loads(kept.read_text(encoding="utf-8")))
    text = read_text(_open(context, name))
    write_atomic(kept, json.dumps(text).encode())
    return text


def _open(context: Context, name: str) -> Image:
    from PIL import Image

    return Image.open(io.BytesIO((context.folder.path / name).read_bytes())).convert("RGB")


def _shown(frame: Frame, start_ms: int, end_ms: int) -> bool:
    shared = min(frame.end_ms, end_ms) - max(frame.start_ms, start_ms)
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
    version=1,
    reads=("download/video.json", "transcribe/transcript.json"),
    sections=("segment",),
    depends=_depends,
    run=run,
)
