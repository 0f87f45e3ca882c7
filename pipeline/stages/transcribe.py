"""transcribe: the words of the lecture and their times, from captions or speech."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipeline.config import Config
from pipeline.errors import MediaError, MissingDependencyError, ScreenError
from pipeline.files import sha256_of
from pipeline.media.audio import pcm_blocks
from pipeline.media.steady import steady
from pipeline.model import Video
from pipeline.sealed import load_sealed, save_sealed
from pipeline.settings.transcribe import TranscribeSettings
from pipeline.speech import models
from pipeline.speech.listening import Source
from pipeline.speech.names import Shown
from pipeline.speech.transcriber import transcribe
from pipeline.stages.base import Context, Stage, pick
from pipeline.transcript.subtitles import to_srt, to_text, to_vtt

# A glance at the screen every minute or two finds the terms; reading one takes about a second.
_GLANCE_MS = 60_000
_GLANCES = 40
_ENGINES: tuple[models.LocalEngine, ...] = ("faster-whisper", "whisper")


def depends(config: Config) -> Mapping[str, str]:
    """The settings, a local model's checksum, and which recognisers there are to choose from."""
    inputs = pick(config, "transcribe")
    model = Path(config.transcribe.model).expanduser()
    weights = model / "model.bin" if model.is_dir() else model
    if weights.is_file():
        inputs[f"model {model.name}"] = f"sha256 {sha256_of(weights)}"
    if config.transcribe.engine == "auto":
        for engine in _ENGINES:
            inputs[f"tool {engine}"] = "installed" if models.installed(engine) else "missing"
    return inputs


def run(context: Context, settings: TranscribeSettings) -> None:
    """Write ``transcript.json``, the same as ``.vtt``, ``.srt`` and ``.txt``, and the report."""
    video = context.workspace.read("download/video.json", Video)
    path = context.workspace.video_path(video)
    source = Source(
        video=video,
        captions=lambda track: context.workspace.root / "download" / track.path,
        sound=lambda start_ms, end_ms: pcm_blocks(path, start_ms, end_ms),
        screen=lambda: _screen(context, video, path),
    )
    with steady(path):
        done = transcribe(source, settings, context.folder.work, context.progress)
    context.folder.lacking = done.lacking
    context.folder.write_json("report.json", done.report)
    context.folder.write_text("transcript.vtt", to_vtt(done.transcript))
    context.folder.write_text("transcript.srt", to_srt(done.transcript))
    context.folder.write_text("transcript.txt", to_text(done.transcript))
    context.folder.write_json("transcript.json", done.transcript)


def _screen(context: Context, video: Video, path: Path) -> tuple[Shown, ...]:
    """The text on the screen at some moments; none without a picture or a reader."""
    kept = context.folder.work / "screen.json"
    key = f"{video.sha256} {video.start_ms} {video.end_ms}"
    data = load_sealed(kept)
    if data and data["key"] == key:
        return tuple(Shown(**one) for one in data["shown"])
    if not video.width:
        return ()
    try:
        shown = _read_screen(context, video, path)
    except (MediaError, MissingDependencyError, ScreenError) as error:
        context.progress.warn(f"names are not checked against the screen: {error}")
        return ()
    save_sealed(kept, {"key": key, "shown": [vars(one) for one in shown]})
    return shown


def _read_screen(context: Context, video: Video, path: Path) -> tuple[Shown, ...]:
    from pipeline.media.glimpses import glimpses
    from pipeline.media.ocr import read_text

    length_ms = video.end_ms - video.start_ms
    count = min(_GLANCES, length_ms // _GLANCE_MS + 2)
    seen: list[tuple[int, str]] = []
    for at_ms, picture in glimpses(path, video.start_ms, video.end_ms, count):
        seen.append((at_ms, read_text(picture)))
        context.progress.update(len(seen), count, "screens read for names")
    ends = [at_ms for at_ms, _ in seen[1:]] + [video.end_ms]
    return tuple(Shown(at_ms, end, text) for (at_ms, text), end in zip(seen, ends, strict=True))


STAGE = Stage(
    name="transcribe",
    version=1,
    reads=("download/video.json",),
    sections=("transcribe",),
    depends=depends,
    run=run,
)
