"""A local video and the files that lie beside it."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

from pipeline.engine.files import sha256_of
from pipeline.engine.progress import Progress
from pipeline.errors import SourceError, WorkspaceError
from pipeline.settings.download import DownloadSettings
from pipeline.sources.fetched import Caption, Fetched, title_of_name
from pipeline.sources.ids import is_url, local_path
from pipeline.sources.sidecars import caption_sidecars
from pipeline.transcript.captions.parse import MOST_CAPTION_BYTES
from pipeline.video.metadata import VideoMetadata, read_details

_BLOCK = 8 << 20  # bytes copied between two looks at Ctrl-C and progress
_MB = 1_000_000
_DESCRIPTIONS = (".info.json", ".chapters.json")


def with_sidecars(video: Path, settings: DownloadSettings) -> Fetched:
    """``video`` where it lies, with its sidecars: captions, ``.info.json``, ``.chapters.json``.

    The chapters of ``.chapters.json`` go before those of ``.info.json``; no file is changed.

    Raises:
        SourceError: a sidecar is damaged or too large.
    """
    details = VideoMetadata()
    info, marks = (video.with_name(video.stem + ending) for ending in _DESCRIPTIONS)
    if _lies_there(info):
        details = read_details(info)
    if _lies_there(marks):
        own = read_details(marks)
        details = details.model_copy(
            update={
                "title": details.title or own.title,
                "chapters": own.chapters or details.chapters,
            }
        )
    wanted = settings.caption_language or details.language
    captions = caption_sidecars(video, wanted, details.auto_languages)
    for track in captions:
        _refuse_huge(track.path)
    return Fetched(
        path=str(video),
        details=details,
        fallback_title=title_of_name(video.stem),
        captions=tuple(
            Caption(path=str(track.path), language=track.language, kind=track.kind)
            for track in captions
        ),
    )


def _lies_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # the longest names leave no room for another ending
        return False


def _refuse_huge(captions: Path) -> None:
    if captions.stat().st_size > MOST_CAPTION_BYTES:
        raise SourceError(
            f"{captions} beside the video has more than {MOST_CAPTION_BYTES >> 20} MB: more than "
            "captions can have",
            "fix it or move it away",
        )


def sidecar_hashes(source: str) -> dict[str, str]:
    """The files beside a local video that the result depends on: readable name to hash.

    Empty for a URL, and for a video that is not there any more.
    """
    if is_url(source):
        return {}
    try:
        video = local_path(source)
    except SourceError:
        return {}
    beside = [video.with_name(video.stem + ending) for ending in _DESCRIPTIONS]
    beside += [track.path for track in caption_sidecars(video)]
    return {f"file {path.name}": sha256_of(path) for path in beside if _lies_there(path)}


def place_video(
    video: Path, target: Path, work: Path, settings: DownloadSettings, progress: Progress
) -> str:
    """Put the local ``video`` at ``target`` as ``settings.local_file`` says.

    Returns:
        The name of ``target``; or the absolute path of ``video`` where it is left in place, also
        because the file system cannot link it.

    Raises:
        WorkspaceError: disk full or read-only.
    """
    if settings.local_file == "reference":
        return str(video)
    temporary = work / f"taking{video.suffix}"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work.mkdir(parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)
        if settings.local_file == "copy":
            _copy(video, temporary, progress)
        else:
            with contextlib.suppress(OSError):  # another disk, or a file system without links
                os.link(video.resolve(), temporary)
            if not temporary.exists():
                progress.note(f"the video stays where it is, at {video}: it cannot be linked here")
                return str(video)
        temporary.replace(target)
        temporary.unlink(missing_ok=True)  # renaming one link of a file over another keeps both
    except OSError as error:
        raise WorkspaceError(
            f"{video} cannot be copied to {target}: {error.strerror or error}",
            "free some space, or set download.local_file to reference",
        ) from error
    return target.name


def _copy(video: Path, target: Path, progress: Progress) -> None:
    total = video.stat().st_size / _MB
    with video.open("rb") as source, target.open("wb") as sink:
        while block := source.read(_BLOCK):
            sink.write(block)
            progress.update(sink.tell() / _MB, total, "MB")
        sink.flush()
        os.fsync(sink.fileno())
    with contextlib.suppress(OSError):
        shutil.copystat(video, target)
