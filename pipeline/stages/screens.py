"""Stage screens: the states of the screen as pictures, and the text on them, read once."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from os import cpu_count

from pipeline.artifacts import VIDEO
from pipeline.engine.stage import Context, Stage, pick
from pipeline.models import Frame, Screens, Video
from pipeline.settings.config import Config
from pipeline.settings.screens import ScreensSettings


def run(context: Context, config: Config) -> None:
    """Write ``screens.json`` and the pictures; a sound recording has no frames."""
    video = context.workspace.read(VIDEO)
    has_picture = bool(video.width and video.height)
    frames = _frames(context, config.screens, video) if has_picture else ()
    context.folder.write_json("screens.json", Screens(frames=frames))


def _frames(context: Context, settings: ScreensSettings, video: Video) -> tuple[Frame, ...]:
    from pipeline.sources.unchanged_file import unchanged
    from pipeline.video.ocr.rapid import RapidEngine
    from pipeline.video.screens.frames import FrameMaker

    folder = context.folder

    def lack(why: str) -> None:
        folder.lacking = why

    maker = FrameMaker(
        write=folder.write_bytes,
        read=lambda name: (folder.path / name).read_bytes(),
        cache=folder.work / "ocr",
        engine=RapidEngine() if settings.ocr else None,
        engine_version=_engine_version(),
        workers=settings.workers or cpu_count() or 1,
        quality=settings.quality,
        crops=settings.crops,
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
    found = pick(config, "screens.ocr", "screens.quality", "screens.crops")
    if config.screens.ocr:
        found["tool rapidocr"] = _engine_version()
    return found


STAGE = Stage(
    name="screens",
    version=3,
    reads=(VIDEO.name,),
    depends=depends,
    run=run,
)
