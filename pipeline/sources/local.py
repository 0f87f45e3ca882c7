"""A local video and the files that lie beside it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from pipeline.engine.files import sha256_of
from pipeline.engine.progress import Progress
from pipeline.errors import SourceError, WorkspaceError
from pipeline.models import CaptionKind
from pipeline.settings.download import DownloadSettings
from pipeline.sources.fetched import Caption, Fetched, title_of_name
from pipeline.sources.ids import is_url, local_path
from pipeline.text.languages.codes import same_language, short_code
from pipeline.text.scripts import main_script
from pipeline.transcript.captions.decode import decode
from pipeline.transcript.captions.parse import MOST_CAPTION_BYTES
from pipeline.transcript.captions.tracks import looks_automatic
from pipeline.video.metadata import VideoMetadata, read_details

_BLOCK = 8 << 20  # bytes copied between two looks at Ctrl-C and progress
_MB = 1_000_000
_DESCRIPTIONS = (".info.json", ".chapters.json")

_FORMATS = (".vtt", ".srt", ".sbv")  # the first is taken where one language has several
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,4}")
_NOT_LANGUAGES = frozenset({"sdh", "cc", "auto", "hi", "srt", "vtt", "sub", "orig"})
_ORIGINAL = "-orig"  # what YouTube adds for the recogniser's own track, beside translations
_JUDGED_BYTES = 1 << 20  # of a file, to tell who made it


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


@dataclass(frozen=True)
class Sidecar:
    """A caption file; ``language`` is None where its name does not say one."""

    path: Path
    language: str | None
    kind: CaptionKind


def caption_sidecars(
    video: Path, wanted: str | None = None, auto_languages: Collection[str] = ()
) -> tuple[Sidecar, ...]:
    """The caption files that belong to ``video``: ``stem.vtt``, ``stem.en.srt`` and so on.

    Args:
        wanted: a language to put first.
        auto_languages: languages known to have only automatic captions.

    Returns:
        One file for each language and kind (WebVTT before SubRip before SBV): human ones first,
        then the wanted language, then by name. Empty when there are none.
    """
    found: dict[tuple[str | None, CaptionKind], Sidecar] = {}
    candidates = [path for path in video.parent.iterdir() if _belongs(path, video)]
    for path in sorted(candidates, key=lambda path: (_FORMATS.index(path.suffix.lower()), path)):
        code, text = _language_in(path, video), _text(path)
        if code is None and ".hi." in path.name and _is_devanagari(text):
            code = "hi"  # Hindi, not "for the hearing impaired"
        language = code.removesuffix(_ORIGINAL) if code else None
        kind = _kind(path, text, code, auto_languages)
        found.setdefault((language, kind), Sidecar(path, language, kind))
    return tuple(
        sorted(
            found.values(),
            key=lambda track: (
                track.kind == "auto",
                not same_language(track.language, wanted),
                track.language or "",
            ),
        )
    )


def _belongs(path: Path, video: Path) -> bool:
    return (
        path.suffix.lower() in _FORMATS
        and (path.stem == video.stem or path.name.startswith(f"{video.stem}."))
        and "live_chat" not in path.name
        and ".forced." not in path.name[len(video.stem) :].lower()  # foreign passages alone
        and path.is_file()
    )


def _language_in(path: Path, video: Path) -> str | None:
    return language_of_name(path.name[len(video.stem) :])


def language_of_name(name: str) -> str | None:
    """The part of ``stem.en.vtt`` or ``stem.auto.en.vtt`` that is a language code.

    >>> language_of_name("talk.auto.en.vtt"), language_of_name("talk.vtt")
    ('en', None)
    """
    for part in name.split(".")[1:-1]:
        if _LANGUAGE.fullmatch(part) and part.lower() not in _NOT_LANGUAGES:
            return short_code(part)
    return None


def _text(path: Path) -> str:
    with path.open("rb") as file:
        return decode(file.read(_JUDGED_BYTES)).text


def _is_devanagari(text: str) -> bool:
    script = main_script(text)
    return script is not None and script.code == "Deva"


def _kind(path: Path, text: str, code: str | None, auto_languages: Collection[str]) -> CaptionKind:
    if ".auto." in path.name or (code or "").endswith(_ORIGINAL) or code in auto_languages:
        return "auto"
    return "auto" if looks_automatic(text) else "human"
