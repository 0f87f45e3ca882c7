"""transcribe: the words of the lecture and their times, from captions or speech."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipeline.artifacts import SCREENS, VIDEO
from pipeline.config import Config
from pipeline.files import sha256_of
from pipeline.media.audio import pcm_blocks
from pipeline.media.steady import steady
from pipeline.model import Screens
from pipeline.speech import models
from pipeline.speech.listening import Source
from pipeline.speech.names import Shown
from pipeline.speech.transcriber import transcribe
from pipeline.stages.base import Context, Stage, pick
from pipeline.transcript.subtitles import to_srt, to_text, to_vtt

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
    path = context.workspace.video_path(video)
    source = Source(
        video=video,
        captions=lambda track: context.workspace.root / "download" / track.path,
        sound=lambda start_ms, end_ms: pcm_blocks(path, start_ms, end_ms),
        shown=_shown(context.workspace.read(SCREENS)) if config.screens.names else (),
    )
    with steady(path):
        done = transcribe(source, config.transcribe, context.folder.work, context.progress)
    context.folder.lacking = done.lacking
    context.folder.write_json("report.json", done.report)
    context.folder.write_text("transcript.vtt", to_vtt(done.transcript))
    context.folder.write_text("transcript.srt", to_srt(done.transcript))
    context.folder.write_text("transcript.txt", to_text(done.transcript))
    context.folder.write_json("transcript.json", done.transcript)


def _shown(screens: Screens) -> tuple[Shown, ...]:
    """The text on the screen and when it stood there."""
    return tuple(
        Shown(frame.start_ms, frame.end_ms, frame.text) for frame in screens.frames if frame.text
    )


STAGE = Stage(
    name="transcribe",
    version=2,
    reads=(VIDEO.name, SCREENS.name),
    depends=depends,
    run=run,
)
