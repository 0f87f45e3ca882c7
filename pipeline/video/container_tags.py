"""What a media file says of itself: the tags, chapters and languages in its container."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.models import ChapterMark
from pipeline.text.languages.codes import short_code
from pipeline.text.untrusted import language_code, plain_line
from pipeline.video.metadata import MOST_CHAPTERS, VideoMetadata, details_of

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.stream import Stream


_PARTIAL_TITLE = re.compile(r"\b(?:forced|signs|songs|commentary|lyrics)\b", re.IGNORECASE)
# Editors and recorders leave the name of a file, or nothing's name: no title of a lecture.
_NO_TITLE = re.compile(
    r"\S*\.(?:mp4|m4v|mov|mkv|webm|avi|mpg|wmv)|untitled(?: \d+)?", re.IGNORECASE
)
_IMPAIRED_TITLE = re.compile(r"\b(?:sdh|cc|hearing|hoh)\b", re.IGNORECASE)


@dataclass(frozen=True)
class TextTrack:
    """A text track of a file. ``language`` is None where it is not said.

    ``partial``: it holds only what is said or written in another language, songs or remarks.
    ``with_sounds``: it is for those who do not hear, and describes sounds too.
    """

    language: str | None = None
    partial: bool = False
    with_sounds: bool = False


def text_track_of(stream: Stream) -> TextTrack:
    """What a subtitle stream says of itself, by its disposition or, lacking that, its title."""
    from av.stream import Disposition

    title = stream.metadata.get("title", "")
    partial = Disposition.forced | Disposition.comment | Disposition.lyrics | Disposition.karaoke
    return TextTrack(
        language=language_of(stream),
        partial=bool(stream.disposition & partial or _PARTIAL_TITLE.search(title)),
        with_sounds=bool(
            stream.disposition & Disposition.hearing_impaired or _IMPAIRED_TITLE.search(title)
        ),
    )


def embedded_details(container: InputContainer, start_us: int, duration_ms: int) -> VideoMetadata:
    """The tags and chapters as ``yt-dlp --embed-metadata`` and many editors write them.

    A page is believed only from ``purl``, or from a ``comment`` that is nothing but an address; a
    date only from the eight digits that yt-dlp writes.

    Args:
        start_us: the file's own time of the lecture's start, microseconds.
        duration_ms: chapters that begin later are left out.
    """
    tags = {name.lower(): text for name, text in container.metadata.items()}
    page = tags.get("purl") or tags.get("comment", "").strip()
    date = tags.get("date", "")
    title = tags.get("title", "").strip()
    return details_of(
        {
            "title": None if _NO_TITLE.fullmatch(title) else title,
            "webpage_url": page if " " not in page else None,
            "uploader": tags.get("artist"),
            "upload_date": date if date.isdecimal() else None,
            "description": tags.get("description") or tags.get("synopsis"),
        }
    ).model_copy(update={"chapters": _chapters(container, start_us, duration_ms)})


def _chapters(
    container: InputContainer, start_us: int, duration_ms: int
) -> tuple[ChapterMark, ...]:
    """The embedded chapter marks that have a title, in order of time."""
    marks = {}
    chapters = container.chapters()
    for mark in chapters if len(chapters) <= MOST_CHAPTERS else ():
        start_ms = round(float(mark["start"] * (mark["time_base"] or 0)) * 1000) - start_us // 1000
        title = plain_line(mark["metadata"].get("title") or "")
        if title and start_ms < duration_ms:
            marks[max(0, start_ms)] = title
    return tuple(ChapterMark(start_ms=start, title=marks[start]) for start in sorted(marks))


def language_of(stream: Stream) -> str | None:
    """The language a track states, in two letters where there are two; None: not one language."""
    language = stream.metadata.get("language", "")
    if language in ("und", "zxx", "mul") or not language_code(language):
        return None
    return short_code(language)
