"""transcribe: the words of the lecture and their times, from captions or speech."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipeline.config import Config
from pipeline.files import sha256_of
from pipeline.media.audio import pcm_blocks
from pipeline.model import Video
from pipeline.settings.transcribe import TranscribeSettings
from pipeline.speech import models
from pipeline.speech.listening import Source
from pipeline.speech.subtitles import to_srt, to_text, to_vtt
from pipeline.speech.transcriber import transcribe
from pipeline.stages.base import Context, Stage, pick


def depends(config: Config) -> Mapping[str, str]:
    """The settings, a local model's checksum, and which recognisers there are to choose from."""
    inputs = pick(config, "transcribe")
    model = Path(config.transcribe.model).expanduser()
    weights = model / "model.bin" if model.is_dir() else model
    if weights.is_file():
        inputs[f"model {model.name}"] = f"sha256 {sha256_of(weights)}"
    if config.transcribe.engine == "auto":
        engines: tuple[models.LocalEngine, ...] = ("faster-whisper", "whisper")
        for engine in engines:
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
    )
    done = transcribe(source, settings, context.folder.work, context.progress)
    transcript = done.transcript
    context.folder.lacking = done.lacking
    context.folder.write_json("report.json", done.report)
    context.folder.write_text("transcript.vtt", to_vtt(transcript))
    context.folder.write_text("transcript.srt", to_srt(transcript))
    context.folder.write_text("transcript.txt", to_text(transcript))
    context.folder.write_json("transcript.json", transcript)


STAGE = Stage(
    name="transcribe",
    version=1,
    reads=("download/video.json",),
    sections=("transcribe",),
    depends=depends,
    run=run,
)
