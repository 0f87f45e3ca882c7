"""From a source to a ``Video``: loaded or found, measured, and laid into the download folder."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.engine.files import sha256_of, write_atomic
from pipeline.engine.progress import Progress
from pipeline.errors import MediaError, SourceError, WorkspaceError
from pipeline.models import CaptionTrack, ChapterMark, Video
from pipeline.settings.download import DownloadSettings
from pipeline.sources import local
from pipeline.sources.embedded_captions import embedded_captions
from pipeline.sources.fetched import Caption, Fetched, borrow, name_of, recall, remember
from pipeline.sources.ids import full_url, is_url, local_path
from pipeline.sources.partial_files import clear_partials
from pipeline.sources.time_range import TimeRange
from pipeline.sources.ytdlp import download
from pipeline.sources.ytdlp.given_captions import given_captions
from pipeline.video.probe import Probe, probe
from pipeline.video.remux import remux
from pipeline.video.truncation import missing_bytes
from pipeline.video.unsupported import ClockJumpError

WHOLE = TimeRange()


@dataclass(frozen=True)
class DownloadFolders:
    """``folder`` gets the result, by rename; ``work`` holds what a broken run continues with.

    In ``lectures``, the folder of the lectures' folders, another part of the same video is looked
    for, which may have loaded it already; None: do not look.
    """

    folder: Path
    work: Path
    lectures: Path | None = None


@dataclass(frozen=True)
class _Found:
    """A media file that is in its place: ``path`` as in ``Video``."""

    fetched: Fetched
    measured: Probe
    path: str


def fetch(
    source: str,
    video_id: str,
    place: DownloadFolders,
    settings: DownloadSettings,
    progress: Progress,
    part: TimeRange = WHOLE,
    lack: Callable[[str], None] = lambda what: None,
) -> Video:
    """The video of ``source``: a URL that yt-dlp knows, a direct link, or a path.

    ``place.folder`` gets ``video.<ext>`` (a local one as ``settings.local_file`` says) and its
    captions as ``captions[.<language>][.auto].<ext>``. Run again after a crash, it continues.
    ``lack`` receives what failed to download this time, though it exists.

    Returns:
        Times count from the start of the whole video. ``width`` is 0 for a sound recording.

    Raises:
        SourceError: nothing there, private, live, a playlist, cut off, not a video, or without
            both sound and captions.
        UsageError: the part is empty or lies beyond the end.
        WorkspaceError: the folder cannot be written.
    """
    part.check()
    given = given_captions(place.work, settings, progress)
    if is_url(source):
        found = _from_url(full_url(source), place, settings, progress, part)
    else:
        found = _from_file(local_path(source), place, settings, progress, part)
    if found.fetched.lacking and not given:
        lack(found.fetched.lacking)
    captions = tuple(_lay(caption, place) for caption in given or found.fetched.captions)
    return _video(video_id, found, captions, sha256_of(place.folder / found.path), part)


def _from_file(
    file: Path,
    place: DownloadFolders,
    settings: DownloadSettings,
    progress: Progress,
    part: TimeRange,
) -> _Found:
    media, measured = _on_one_clock(file, place.work, progress)
    part.check(measured.duration_ms)
    beside = local.with_sidecars(file, settings)
    fetched = _with_embedded(beside, media, measured, place, progress)
    _refuse_silent(str(file), fetched, measured, settings)
    if media != file:
        return _Found(fetched, measured, _move(media, place.folder))
    path = local.place_video(file, place.folder / name_of(file), place.work, settings, progress)
    return _Found(fetched, measured, path)


def _on_one_clock(file: Path, work: Path, progress: Progress) -> tuple[Path, Probe]:
    """``file`` measured; where its clock jumps, a copy of it in ``work`` on one clock."""
    try:
        return file, probe(file)
    except ClockJumpError as jump:
        work.mkdir(parents=True, exist_ok=True)
        try:
            copy = remux(file, work / "one-clock")
        except MediaError as error:
            raise jump from error
        progress.warn(f"{jump.message}: a copy with continuous timestamps is used")
        return copy, probe(copy)


def _from_url(
    url: str,
    place: DownloadFolders,
    settings: DownloadSettings,
    progress: Progress,
    part: TimeRange,
) -> _Found:
    key = _key(url, settings)
    if found := _from_before(place, key, progress):
        part.check(found.measured.duration_ms)
        return found
    fetched = download.load(url, place.work, settings, progress, part.check)
    loaded = place.work / fetched.path
    try:
        loaded, measured = _on_one_clock(loaded, place.work, progress)
        _refuse_cut_off(loaded)
    except SourceError as error:
        clear_partials(place.work)  # else the next run would find it, or its pieces, "loaded"
        raise SourceError(error.message.replace(str(loaded), url), error.hint) from error
    part.check(measured.duration_ms)
    fetched = fetched.model_copy(update={"path": loaded.name})
    fetched = _with_embedded(fetched, loaded, measured, place, progress)
    _refuse_silent(url, fetched, measured, settings)
    remember(place.work, key, fetched)
    return _Found(fetched, measured, _move(loaded, place.folder))


def _refuse_cut_off(loaded: Path) -> None:
    """A server may end an answer early without a word of its length."""
    if missing := missing_bytes(loaded):
        raise SourceError(
            f"{loaded} is cut off: its last {missing} bytes are missing",
            "run again; if it stays so, the file on the server is damaged: load it with another "
            "program and give the path",
        )


def _from_before(place: DownloadFolders, key: str, progress: Progress) -> _Found | None:
    """What an unfinished run, or one for another part, has loaded, if it is all there."""
    if place.lectures and recall(place.work, key) is None:
        borrow(place.work, key, place.lectures)
    fetched = recall(place.work, key)
    if fetched is None or not all((place.work / c.path).is_file() for c in fetched.captions):
        return None
    loaded = place.work / fetched.path
    if loaded.is_file():
        _move(loaded, place.folder)
    moved = place.folder / name_of(loaded)
    if not moved.is_file():
        return None
    measured = probe(moved)
    if fetched.lacking:
        fetched = _with_embedded(fetched, moved, measured, place, progress)
        remember(place.work, key, fetched)
    return _Found(fetched, measured, moved.name)


def _key(url: str, settings: DownloadSettings) -> str:
    """Names all that decides which video is loaded."""
    own = settings.model_copy(update={"captions_url": None})
    deciding = sorted(own.deciding("download").items())
    text = "\n".join([url, *(f"{name}={value}" for name, value in deciding)])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _move(loaded: Path, folder: Path) -> str:
    target = folder / name_of(loaded)
    try:
        loaded.replace(target)
    except OSError as error:
        raise WorkspaceError(f"{target} cannot be written: {error.strerror}") from error
    return target.name


def _with_embedded(
    fetched: Fetched, file: Path, measured: Probe, place: DownloadFolders, progress: Progress
) -> Fetched:
    """With the captions inside the file where there are none beside it."""
    if not measured.subtitles or (fetched.captions and not fetched.lacking):
        return fetched
    inside, lacking = embedded_captions(
        file, measured.subtitles, place.work, progress, fetched.details.language
    )
    return fetched.model_copy(update={"captions": inside, "lacking": lacking})


def _lay(caption: Caption, place: DownloadFolders) -> CaptionTrack:
    """Copy a caption file into the folder under a name that says what it is."""
    origin = place.work / caption.path
    language = re.sub(r"[^A-Za-z0-9_-]", "-", caption.language or "")
    parts = ("captions", language, "auto" if caption.kind == "auto" else "")
    name = ".".join(part for part in parts if part) + origin.suffix.lower()
    try:
        data = origin.read_bytes()
    except OSError as error:
        raise SourceError(f"{origin} cannot be read: {error.strerror}") from error
    write_atomic(place.folder / name, data)
    return CaptionTrack(path=name, language=caption.language, kind=caption.kind)


def _refuse_silent(
    source: str, fetched: Fetched, measured: Probe, settings: DownloadSettings
) -> None:
    if not measured.has_audio and not fetched.captions and not settings.captions_url:
        raise SourceError(
            f"{source} has neither sound nor captions: there is nothing to transcribe",
            "put a caption file (.vtt, .srt or .sbv) with the same name beside a local copy of it",
        )


def _video(
    video_id: str, found: _Found, captions: tuple[CaptionTrack, ...], sha256: str, part: TimeRange
) -> Video:
    measured = found.measured
    known = found.fetched.details.or_else(measured.details)
    captioned = next((track.language for track in captions if track.language), None)
    return Video(
        video_id=video_id,
        title=known.title or found.fetched.fallback_title,
        url=known.url,
        path=found.path,
        duration_ms=measured.duration_ms,
        width=measured.width,
        height=measured.height,
        fps=measured.fps,
        has_audio=measured.has_audio,
        uploader=known.uploader,
        upload_date=known.upload_date,
        language=known.language or captioned,
        description=known.description,
        chapters=_chapters(known.chapters, measured.duration_ms),
        captions=captions,
        sha256=sha256,
        start_ms=part.start_ms,
        end_ms=part.end_in(measured.duration_ms),
    )


def _chapters(chapters: tuple[ChapterMark, ...], duration_ms: int) -> tuple[ChapterMark, ...]:
    return tuple(chapter for chapter in chapters if chapter.start_ms < duration_ms)
