"""From a source to a ``Video``: loaded or found, measured, and laid into the download folder."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from pipeline.errors import SourceError, UsageError, WorkspaceError
from pipeline.files import sha256_of, write_atomic
from pipeline.media import fetch_remote, local
from pipeline.media.fetched import Caption, Fetched, recall, remember
from pipeline.media.probe import Probe, probe
from pipeline.model import CaptionTrack, Chapter, Video
from pipeline.progress import Progress
from pipeline.settings.download import DownloadSettings
from pipeline.source_id import full_url, is_url, local_path
from pipeline.timecode import clock

_ROUNDING_MS = 1000  # sites tell whole seconds


def fetch(
    source: str,
    folder: Path,
    work: Path,
    settings: DownloadSettings,
    progress: Progress,
    *,
    video_id: str,
    start_ms: int = 0,
    end_ms: int | None = None,
) -> Video:
    """The video of ``source`` in ``folder``, with its captions; and what is known about it.

    Args:
        source: a URL that yt-dlp knows, a direct link, or a path.
        folder: gets ``video.<ext>`` and ``captions[.<language>][.auto].<ext>``, by rename.
        work: for partial files; a run that was killed is continued from there.
        start_ms: where the part to convert starts.
        end_ms: where it ends; None: at the end of the video.

    Returns:
        Times count from the start of the whole video. ``width`` is 0 for a sound recording.

    Raises:
        SourceError: see the modules for the kinds.
        UsageError: the part is empty or lies beyond the end.
        WorkspaceError: the folder cannot be written.
    """
    _check_part(start_ms, end_ms, None)
    if is_url(source):
        fetched, measured, path = _from_url(
            full_url(source), folder, work, settings, progress, start_ms, end_ms
        )
    else:
        file = local_path(source)
        fetched, measured = local.look_beside(file, settings), probe(file)
        _check_part(start_ms, end_ms, measured.duration_ms)
        _refuse_silent(source, fetched, measured)
        path = local.take(file, folder / _name_of(file), work, settings, progress)
    captions = tuple(_lay(caption, folder, work) for caption in fetched.captions)
    return _video(
        video_id, fetched, measured, path, captions, sha256_of(folder / path), start_ms, end_ms
    )


def _from_url(
    url: str,
    folder: Path,
    work: Path,
    settings: DownloadSettings,
    progress: Progress,
    start_ms: int,
    end_ms: int | None,
) -> tuple[Fetched, Probe, str]:
    """The load of an unfinished run if it is whole, else a new one; its measure and file name."""
    key = _key(url, settings.deciding("download"))
    fetched = recall(work, key)
    if fetched is not None:
        name = _name_of(Path(fetched.path))
        place = next((at for at in (work / fetched.path, folder / name) if at.is_file()), None)
        if place is not None:
            measured = probe(place)
            _move(place, folder / name)
            return fetched, measured, name
    fetched = fetch_remote.load(
        url, work, settings, progress, lambda duration: _check_part(start_ms, end_ms, duration)
    )
    loaded = work / fetched.path
    try:
        measured = probe(loaded)
    except SourceError as error:
        loaded.unlink(missing_ok=True)  # else the next run would find it "already loaded"
        raise SourceError(error.message.replace(str(loaded), url), error.hint) from error
    _check_part(start_ms, end_ms, measured.duration_ms)
    _refuse_silent(url, fetched, measured)
    remember(work, key, fetched)
    name = _name_of(loaded)
    _move(loaded, folder / name)
    return fetched, measured, name


def _key(url: str, deciding: Mapping[str, str]) -> str:
    text = "\n".join([url, *(f"{name}={value}" for name, value in sorted(deciding.items()))])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _name_of(path: Path) -> str:
    return f"video{path.suffix.lower()}"


def _move(path: Path, target: Path) -> None:
    if path == target:
        return
    try:
        path.replace(target)
    except OSError as error:
        raise WorkspaceError(f"{target} cannot be written: {error.strerror}") from error


def _lay(caption: Caption, folder: Path, work: Path) -> CaptionTrack:
    """Copy a caption file into the folder under a name that says what it is."""
    origin = work / caption.path
    parts = ["captions", caption.language or "", "auto" if caption.kind == "auto" else ""]
    name = ".".join(part for part in parts if part) + origin.suffix.lower()
    try:
        data = origin.read_bytes()
    except OSError as error:
        raise SourceError(f"{origin} cannot be read: {error.strerror}") from error
    write_atomic(folder / name, data)
    return CaptionTrack(path=name, language=caption.language, kind=caption.kind)


def _check_part(start_ms: int, end_ms: int | None, duration_ms: int | None) -> None:
    """Refuse an empty part, or one beyond the end; ``duration_ms`` None: the end is not known."""
    if end_ms is not None and start_ms >= end_ms:
        raise UsageError(
            f"--from {clock(start_ms)} is not before --to {clock(end_ms)}", "give a later --to"
        )
    last = max(start_ms, end_ms or 0)
    if duration_ms is not None and (start_ms >= duration_ms or last > duration_ms + _ROUNDING_MS):
        option = "--to" if end_ms is not None and start_ms < duration_ms else "--from"
        raise UsageError(
            f"{option} {clock(last if option == '--to' else start_ms)} is beyond the end of the "
            f"video at {clock(duration_ms)}",
            f"give a time before {clock(duration_ms)}",
        )


def _refuse_silent(source: str, fetched: Fetched, measured: Probe) -> None:
    if not measured.has_audio and not fetched.captions:
        raise SourceError(
            f"{source} has neither sound nor captions: there is nothing to write down",
            "put a caption file (.vtt, .srt or .sbv) with the same name beside a local copy of it",
        )


def _video(
    video_id: str,
    fetched: Fetched,
    measured: Probe,
    path: str,
    captions: tuple[CaptionTrack, ...],
    sha256: str,
    start_ms: int,
    end_ms: int | None,
) -> Video:
    known = fetched.details
    duration_ms = measured.duration_ms
    return Video(
        video_id=video_id,
        title=known.title or measured.title or fetched.fallback_title,
        url=known.url,
        path=path,
        duration_ms=duration_ms,
        width=measured.width,
        height=measured.height,
        fps=measured.fps,
        has_audio=measured.has_audio,
        uploader=known.uploader,
        upload_date=known.upload_date,
        language=known.language or next((c.language for c in captions if c.language), None),
        description=known.description,
        chapters=_chapters(known.chapters or measured.chapters, duration_ms),
        captions=captions,
        sha256=sha256,
        start_ms=start_ms,
        end_ms=min(duration_ms, end_ms or duration_ms),
    )


def _chapters(chapters: tuple[Chapter, ...], duration_ms: int) -> tuple[Chapter, ...]:
    return tuple(chapter for chapter in chapters if chapter.start_ms < duration_ms)
