"""What is known about a video beside its picture and sound: yt-dlp's fields, made ours.

The same fields come from a site (through yt-dlp) and from an ``.info.json`` beside a local file.
Nothing here fails on a strange value: a field that cannot be understood is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipeline.errors import SourceError
from pipeline.models import ChapterMark, Model
from pipeline.redaction import public_url
from pipeline.text.untrusted import language_code, plain_line, plain_text

_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})", re.ASCII)
_MOST_BYTES = 16 << 20  # yt-dlp's own have 1 MB, with thousands of comments 6 MB
MOST_CHAPTERS = 2_000  # more marks are no chapters
_UNTITLED = re.compile(r"<Untitled Chapter \d+>")  # what yt-dlp puts before a first mark after 0:00


class VideoMetadata(Model):
    """Title, page and so on; None, empty or no chapters where nothing is known.

    Texts are fit to be shown (see ``plain_text``). ``auto_languages`` are those that have automatic
    captions and no human ones.
    """

    title: str | None = None
    url: str | None = None
    uploader: str | None = None
    upload_date: str | None = None
    language: str | None = None
    description: str = ""
    chapters: tuple[ChapterMark, ...] = ()
    auto_languages: tuple[str, ...] = ()

    def or_else(self, other: VideoMetadata) -> VideoMetadata:
        """These details, with what they do not know taken from ``other``."""
        names = type(self).model_fields
        return self.model_copy(
            update={name: getattr(self, name) or getattr(other, name) for name in names}
        )


def details_of(info: Mapping[str, Any]) -> VideoMetadata:
    """Our details from yt-dlp's information about one video."""
    human = _languages(info.get("subtitles"))
    return VideoMetadata(
        title=_line(info.get("title")),
        url=_page(info.get("webpage_url") or info.get("original_url")),
        uploader=_line(info.get("uploader")) or _line(info.get("channel")),
        upload_date=_date(info.get("upload_date")),
        language=language_code(_line(info.get("language")) or ""),
        description=_text(info.get("description")) or "",
        chapters=_chapters(info.get("chapters")),
        auto_languages=tuple(sorted(_languages(info.get("automatic_captions")) - human)),
    )


def read_details(path: Path) -> VideoMetadata:
    """The details in an ``.info.json`` as yt-dlp writes it, or a ``.chapters.json``.

    Chapters give their start as ``start_time`` in seconds or ``start_ms`` in milliseconds.

    Raises:
        SourceError: the file cannot be read, is too large or is not a JSON object.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise ValueError(f"it has more than {_MOST_BYTES >> 20} MB")
        info = json.loads(data.decode("utf-8-sig"))
    except RecursionError:
        raise SourceError(
            f"{path} beside the video cannot be read: it is nested too deeply",
            "fix it or move it away",
        ) from None
    except (OSError, ValueError) as error:
        raise SourceError(
            f"{path} beside the video cannot be read: {error}", "fix it or move it away"
        ) from error
    if not isinstance(info, dict):
        raise SourceError(f"{path} beside the video is not a JSON object", "fix it or move it away")
    return details_of(info)


def _chapters(marks: Any) -> tuple[ChapterMark, ...]:
    found: dict[int, str] = {}
    for mark in marks if isinstance(marks, list) and len(marks) <= MOST_CHAPTERS else ():
        if not isinstance(mark, dict):
            continue
        title = _line(mark.get("title"))
        start_ms = _milliseconds(mark)
        if title and start_ms is not None and not _UNTITLED.fullmatch(title):
            found[start_ms] = title
    return tuple(ChapterMark(start_ms=start, title=found[start]) for start in sorted(found))


def _milliseconds(mark: Mapping[str, Any]) -> int | None:
    start, scale = mark.get("start_ms"), 1
    if start is None:
        start, scale = mark.get("start_time"), 1000
    if isinstance(start, bool) or not isinstance(start, int | float) or not 0 <= start < 1e9:
        return None
    return round(start * scale)


def _languages(tracks: Any) -> set[str]:
    return set(tracks) - {"live_chat"} if isinstance(tracks, dict) else set()


def _line(value: Any) -> str | None:
    return plain_line(value) or None if isinstance(value, str) else None


def _text(value: Any) -> str | None:
    return plain_text(value) or None if isinstance(value, str) else None


def _date(value: Any) -> str | None:
    match = _DATE.fullmatch(value) if isinstance(value, str) else None
    return "-".join(match.groups()) if match else None


def _page(value: Any) -> str | None:
    """The address to link to; a password or token in it is nobody's business."""
    if not isinstance(value, str):
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    return public_url(value)
