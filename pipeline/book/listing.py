"""From what a user names (playlist, channel, list, folder, videos) to the entries of a book."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.book.filters import Filters
from pipeline.engine.progress import Progress
from pipeline.errors import MissingFileError, PipelineError, SourceError
from pipeline.settings.download import DownloadSettings
from pipeline.sources.ids import full_url, is_url, local_path, video_id_of
from pipeline.sources.ytdlp.playlist import list_url

LIST_SUFFIXES = (".txt", ".list", ".urls", ".m3u", ".m3u8")
MEDIA_SUFFIXES = (
    ".mp4", ".m4v", ".mkv", ".webm", ".mov", ".avi", ".mpg", ".mpeg", ".ts", ".flv", ".wmv", ".ogv",
    ".mp3", ".m4a", ".aac", ".ogg", ".opus", ".flac", ".wav",
)  # fmt: skip


@dataclass(frozen=True)
class SourceEntry:
    """One lecture of the book: its folder's name (empty if it cannot be known), its source, and its
    title as the list tells it (may be empty). ``failure`` says why it cannot even be started."""

    name: str
    source: str
    title: str = ""
    failure: str | None = None


@dataclass(frozen=True)
class SourceListing:
    """The entries in order; ``title`` of the playlist or folder, may be empty."""

    title: str
    entries: tuple[SourceEntry, ...]


def list_sources(
    sources: Sequence[str], filters: Filters, settings: DownloadSettings, progress: Progress
) -> SourceListing:
    """All entries of all sources, in the order given.

    A source that cannot be listed becomes an entry with its failure, so that it does not stop the
    others.

    Raises:
        SourceError: there is not a single entry.
        MissingFileError: nothing of it is there.
    """
    title = ""
    found: list[SourceEntry] = []
    for source in sources:
        try:
            listing = _expand(source, filters, settings, progress)
        except PipelineError as error:
            listing = SourceListing(
                "", (SourceEntry("", source, failure=" ".join(str(error).split())),)
            )
        title = title or listing.title
        found += listing.entries
    taken = _once(found)
    if not taken:
        raise SourceError(f"{' '.join(sources)}: no lecture found", "check --match and the dates")
    if all(entry.failure and not entry.name for entry in taken):
        are_there = any(is_url(one) or Path(one).expanduser().exists() for one in sources)
        kind = SourceError if are_there else MissingFileError
        raise kind("; ".join(f"{entry.failure}" for entry in taken))
    return SourceListing(title, tuple(taken[: filters.limit]))


def _expand(
    source: str, filters: Filters, settings: DownloadSettings, progress: Progress
) -> SourceListing:
    if is_url(source):
        return _from_url(full_url(source), filters, settings, progress)
    path = Path(source).expanduser()
    if path.is_dir():
        return _from_folder(path, filters)
    if path.suffix.lower() in LIST_SUFFIXES:
        return _from_list(local_path(source), filters, settings, progress)
    file = local_path(source)
    return SourceListing(_spoken(file.parent.name), (_entry(str(file), _spoken(file.stem)),))


def _from_url(
    url: str, filters: Filters, settings: DownloadSettings, progress: Progress
) -> SourceListing:
    found = list_url(url, settings, progress, filters.match, filters.after, filters.before)
    # One video is taken even if its title does not match: the user named it.
    entries = tuple(
        _entry(item.url, item.title)
        for item in found.items
        if found.is_single
        or (filters.takes_title(item.title) and filters.refuse_date(item.day) is None)
    )
    return SourceListing("" if found.is_single else found.title, entries)


def _from_folder(folder: Path, filters: Filters) -> SourceListing:
    """The videos of a folder in the order of their names, with 2 before 10."""
    files = [
        path
        for path in folder.absolute().iterdir()
        if path.suffix.lower() in MEDIA_SUFFIXES and not path.name.startswith(".")
    ]
    entries = tuple(
        _entry(str(path), _spoken(path.stem))
        for path in sorted(files, key=lambda path: _natural(path.name))
        if filters.takes_title(_spoken(path.stem))
    )
    if not entries:
        raise SourceError(f"{folder} contains no video that is wanted")
    return SourceListing(_spoken(folder.absolute().name), entries)


def _from_list(
    file: Path, filters: Filters, settings: DownloadSettings, progress: Progress
) -> SourceListing:
    """One source a line; ``#`` begins a comment, paths are relative to the file."""
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{file} cannot be read as a list of sources: {error}") from error
    sources = [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
    if not sources:
        raise SourceError(f"{file} lists no sources", "write one URL or path a line")
    entries: list[SourceEntry] = []
    for source in sources:
        place = source if is_url(source) else str(file.parent / Path(source).expanduser())
        if Path(place).suffix.lower() in LIST_SUFFIXES and not is_url(source):
            entries.append(SourceEntry("", source, failure="a list within a list is not read"))
            continue
        try:
            entries += _expand(place, filters, settings, progress).entries
        except PipelineError as error:
            entries.append(SourceEntry("", source, failure=" ".join(str(error).split())))
    return SourceListing(_spoken(file.stem), tuple(entries))


def _entry(source: str, title: str) -> SourceEntry:
    try:
        return SourceEntry(video_id_of(source), source, title)
    except SourceError as error:
        return SourceEntry("", source, title, failure=" ".join(str(error).split()))


def _once(entries: Sequence[SourceEntry]) -> list[SourceEntry]:
    """Each lecture at its first place."""
    first: dict[str, SourceEntry] = {}
    for entry in entries:
        first.setdefault(entry.name or entry.source, entry)
    return list(first.values())


def _natural(name: str) -> list[tuple[int, int, str]]:
    """Sorts numbers within a name by value."""
    pieces = re.findall(r"\d+|\D+", name.casefold())
    return [(0, int(p), p) if p.isdecimal() else (1, 0, p) for p in pieces]


def _spoken(stem: str) -> str:
    return " ".join(re.sub(r"[_]+", " ", stem).split())
