"""Stage screens: the states of the screen as pictures, and the text on them, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from os import cpu_count
from typing import TYPE_CHECKING

from pipeline.artifacts import VIDEO
from pipeline.engine.stage import Context, Stage, pick
from pipeline.models import Frame, Screens, Video
from pipeline.settings.config import Config
from pipeline.settings.screens import ScreensSettings

if TYPE_CHECKING:
    from pipeline.video.ocr.lines import OcrEngine


_READING = 5  # rises when lines are found or read otherwise: what was kept is read again


def run(context: Context, config: Config) -> None:
    """Write ``screens.json`` and the pictures; a sound recording has no frames."""
    video = context.workspace.read(VIDEO)
    has_picture = bool(video.width and video.height)
    if not has_picture:
        context.folder.write_json("screens.json", Screens(frames=()))
        return
    from pipeline.video.ocr.engines import engine_named

    engine = engine_named(config.screens.ocr_model) if config.screens.ocr else None
    frames = _frames(context, config.screens, video, engine)
    scripts = engine.scripts if engine else ()
    context.folder.write_json("screens.json", Screens(frames=frames, scripts=scripts))


def _frames(
    context: Context, settings: ScreensSettings, video: Video, engine: OcrEngine | None
) -> tuple[Frame, ...]:
    from pipeline.sources.unchanged_file import unchanged
    from pipeline.video.ocr.isolated import read_apart
    from pipeline.video.screens.frames import FrameMaker

    folder = context.folder

    def lack(why: str) -> None:
        folder.lacking = why

    maker = FrameMaker(
        write=folder.write_bytes,
        read=lambda name: (folder.path / name).read_bytes(),
        cache=folder.work / "ocr",
        engine=engine,
        engine_version=f"{_engine_version()} {_READING} {settings.ocr_model}",
        workers=settings.workers or cpu_count() or 1,
        quality=settings.quality,
        crops=settings.crops,
        apart=partial(read_apart, model=settings.ocr_model),
        lack=lack,
    )
    path = context.workspace.video_path(video)
    with unchanged(path):
        return maker.frames(path, video.start_ms, video.end_ms, context.progress)


def _engine_version() -> str:
    try:
        return version("rapidocr")
    except PackageNotFoundError:
        return "none"


def depends(config: Config) -> Mapping[str, str]:
    """The settings that change the result, and the version of the OCR."""
    found = pick(config, "screens.ocr", "screens.ocr_model", "screens.quality", "screens.crops")
    if config.screens.ocr:
        found["tool rapidocr"] = _engine_version()
    return found


STAGE = Stage(
    name="screens",
    version=10,
    reads=(VIDEO.name,),
    depends=depends,
    run=run,
)
