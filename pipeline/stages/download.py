"""Stage download: the video, its captions and what is known about it, from a URL or a file."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

from pipeline.engine.stage import Context, Request, Stage, pick
from pipeline.settings.config import Config
from pipeline.sources.fetch import DownloadFolders, fetch
from pipeline.sources.fetched import forget
from pipeline.sources.ids import is_url, local_path
from pipeline.sources.local import sidecar_hashes
from pipeline.sources.time_range import TimeRange
from pipeline.sources.unchanged_file import unchanged


def depends(config: Config) -> Mapping[str, str]:
    """The settings; a new yt-dlp is no reason to load a video again."""
    return pick(config, "download")


def observes(request: Request) -> Mapping[str, str]:
    """The captions and descriptions beside a local video."""
    return sidecar_hashes(request.source)


def run(context: Context, config: Config) -> None:
    """Fetch the source and write ``video.json`` last."""
    folder, request = context.folder, context.request

    def lack(what: str) -> None:
        folder.lacking = what

    before = folder.manifest()
    anew = before is not None and not before.lacking and not folder.announced()
    if anew:  # it was finished once: now the source is asked again
        forget(folder.work)
    with contextlib.ExitStack() as watched:
        if not is_url(request.source):
            watched.enter_context(unchanged(local_path(request.source)))
        video = fetch(
            request.source,
            context.workspace.video_id,
            DownloadFolders(
                folder.path, folder.work, None if anew else context.workspace.root.parent
            ),
            config.download,
            context.progress,
            TimeRange(request.start_ms, request.end_ms),
            lack,
        )
    for path in (video.path, *(track.path for track in video.captions)):
        if not Path(path).is_absolute():
            folder.adopt(path)
    folder.write_json("video.json", video)


STAGE = Stage(
    name="download",
    version=1,
    reads=(),
    depends=depends,
    observes=observes,
    run=run,
)
