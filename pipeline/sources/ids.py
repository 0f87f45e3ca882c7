"""The name of a lecture's folder, known from the source alone: instantly, without the network.

The same source always gives the same id, so a second run finds the first one's folder. Every id is
a safe file name everywhere: letters of any script, digits, ``-`` and ``_``, no dash in front,
never a device name of Windows, and two different ids still differ where case does not count.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from urllib.parse import ParseResult, parse_qs, unquote, urlparse
from urllib.request import url2pathname

from pipeline.errors import MissingFileError, SourceError
from pipeline.text.slugs import slug

_URL = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)  # two letters: C:\ is a drive
_BARE_HOST = re.compile(
    r"(?:(?:www|m|music)\.)?(?:youtube(?:-nocookie)?\.com|youtu\.be|vimeo\.com|bilibili\.com)/\S+",
    re.IGNORECASE,
)
_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_YOUTUBE_HOSTS = ("youtube.com", "youtube-nocookie.com")
_YOUTUBE_FOLDERS = ("shorts", "live", "embed", "v", "e")
_BILIBILI_ID = re.compile(r"/video/(BV[A-Za-z0-9]{10}|av\d{1,16})(?:/|$)", re.I | re.ASCII)
_BILIBILI_PART = re.compile(r"[2-9]|[1-9]\d{1,4}", re.ASCII)
_VIMEO_ID = re.compile(r"/(?:.*/)?(\d{5,16})(?:/|$)", re.ASCII)
_SLUG_LENGTH = 48  # with the mark of the content, an id of 57 letters: it fits a line of a terminal
# At both ends of a file: its index (``moov`` of an mp4) and first or last frames, which no two
# videos share; hashing gigabytes would take seconds.
_EDGE_BYTES = 64 << 10


def is_url(source: str) -> bool:
    """Whether ``source`` is an address rather than a path; a ``file://`` URL is a path.

    >>> is_url("https://example.org/a.mp4"), is_url("lecture.mp4"), is_url("youtu.be/kCc8FmEb1nY")
    (True, False, True)
    """
    source = source.strip()
    if source.lower().startswith("file:"):
        return False
    if _URL.match(source):
        return True
    return bool(_BARE_HOST.fullmatch(source)) and not _exists(source)


def full_url(source: str) -> str:
    """The address with its scheme: ``youtu.be/ID`` is what people copy from a page.

    >>> full_url("youtu.be/kCc8FmEb1nY")
    'https://youtu.be/kCc8FmEb1nY'
    """
    source = source.strip()
    return source if _URL.match(source) else f"https://{source}"


def local_path(source: str) -> Path:
    """The absolute path of the local file that ``source`` names (a path, ``~/...``, ``file://``).

    Raises:
        SourceError: there is no such file, it is a folder, or it is empty.
    """
    try:
        if source.lower().startswith("file:"):
            path = Path(url2pathname(urlparse(source).path))
        else:
            path = Path(source).expanduser()
        path = path.absolute()
        str(path).encode()  # names that are no text cannot be written down
        if path.is_dir():
            raise MissingFileError(f"{path} is a folder, not a video", "name one file in it")
        size = path.stat().st_size
    except FileNotFoundError:
        raise MissingFileError(
            f"{source!r} is neither a file nor a URL", "check the path, or give a URL with https://"
        ) from None
    except OSError as error:
        raise SourceError(f"{source!r} cannot be read: {error.strerror}") from error
    except (ValueError, RuntimeError) as error:  # a NUL, no text, "~nobody"
        raise SourceError(f"{source!r} is not a path: {error}", "check the path") from error
    if not path.is_file():
        raise SourceError(f"{path} is not a regular file", "save the video to a file first")
    if size == 0:
        raise SourceError(f"{path} is empty (0 bytes)", "download or record it again")
    return path


def video_id_of(source: str, start_ms: int = 0, end_ms: int | None = None) -> str:
    """The id of ``source``, or of the part of it from ``start_ms`` to ``end_ms`` (None: the end).

    * YouTube: the 11 characters of its id and its case mark (see ``_with_case_mark``).
    * Vimeo, Bilibili: ``vimeo-`` or ``bilibili-`` and their id.
    * another URL: a slug of its last path part, and 8 hex digits of the URL's SHA-256.
    * a local file: a slug of its stem, and 8 hex digits of its content's SHA-256 (its size, first
      and last 64 KiB; so that moving it changes nothing, and reading a 2 GB file is instant).

    A part adds ``-<start>-<end>`` in seconds (``_250`` for the milliseconds), or ``-end``.

    >>> video_id_of("https://youtu.be/zduSFxRajkE?t=3")
    'zduSFxRajkE-458'
    >>> video_id_of("https://www.youtube.com/watch?v=zduSFxRajkE&list=PL1", 60_000, 90_250)
    'zduSFxRajkE-458-60-90_250'

    Raises:
        SourceError: a local file that is missing, a folder, or empty; a malformed URL.
    """
    if is_url(source):
        name = _id_of_url(full_url(source))
    else:
        path = local_path(source)
        name = f"{_slug(path.stem)}-{_content_mark(path)}"
    if start_ms == 0 and end_ms is None:
        return name
    end = "end" if end_ms is None else _seconds(end_ms)
    return f"{name}-{_seconds(start_ms)}-{end}"


def _id_of_url(url: str) -> str:
    try:
        parts = urlparse(url)
    except ValueError as error:
        raise SourceError(f"{url!r} is not a URL: {error}", "check the address") from error
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("music.")
    if found := _youtube_id(host, parts):
        # A leading dash would be taken for an option on a command line.
        prefix = "youtube-" if found.startswith("-") else ""
        return prefix + _with_case_mark(found)
    if host == "bilibili.com" and (match := _BILIBILI_ID.search(parts.path)):
        page = parse_qs(parts.query).get("p", ["1"])[0]
        part = f"-p{page}" if _BILIBILI_PART.fullmatch(page) else ""
        return f"bilibili-{_with_case_mark(match[1])}{part}"
    if host in ("vimeo.com", "player.vimeo.com") and (match := _VIMEO_ID.match(parts.path)):
        return f"vimeo-{match[1]}"
    last = unquote(parts.path).rstrip("/").rpartition("/")[2]
    mark = hashlib.sha256(url.partition("#")[0].encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{_slug(Path(last).stem if last else host)}-{mark}"


def _youtube_id(host: str, parts: ParseResult) -> str | None:
    pieces = [piece for piece in parts.path.split("/") if piece]
    candidate = ""
    if host == "youtu.be" and pieces:
        candidate = pieces[0]
    elif host in _YOUTUBE_HOSTS and len(pieces) >= 2 and pieces[0] in _YOUTUBE_FOLDERS:
        candidate = pieces[1]
    elif host in _YOUTUBE_HOSTS and pieces[:1] == ["watch"]:
        candidate = parse_qs(parts.query).get("v", [""])[0]
    return candidate if _YOUTUBE_ID.fullmatch(candidate) else None


def _with_case_mark(identifier: str) -> str:
    """``identifier`` and three hex digits that say which of its letters are capitals.

    Ids that differ only by case would share a folder on macOS and Windows; their marks differ (one
    bit a character, first character lowest).
    """
    mask = sum(1 << place for place, letter in enumerate(identifier) if letter.isupper())
    return f"{identifier}-{mask:03x}"


def _exists(source: str) -> bool:
    try:
        return Path(source).exists()
    except OSError:  # longer than a path can be
        return False


def is_named_after_source(title: str, video_id: str) -> bool:
    """Whether a title says no more than the name of the file or address that the id was made of.

    >>> is_named_after_source("Names for stuff", "names_for-stuff-0123abcd-10-20")
    True
    """
    slug = _slug(title)
    if slug == "video" and title.casefold() != slug:
        return False  # nothing of it is left in an id
    plain = slug.replace("_", "-"), video_id.replace("_", "-")
    return re.fullmatch(rf"{re.escape(plain[0])}-[0-9a-f]{{8}}(-.*)?", plain[1]) is not None


def _slug(text: str) -> str:
    """``text`` in small letters joined by dashes; ``video`` when nothing is left."""
    return slug(text, _SLUG_LENGTH) or "video"


def _content_mark(path: Path) -> str:
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(0)
            digest = hashlib.sha256(b"%d\n" % size + file.read(_EDGE_BYTES))
            file.seek(max(0, size - _EDGE_BYTES))
            digest.update(file.read(_EDGE_BYTES))
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from error
    return digest.hexdigest()[:8]


def _seconds(ms: int) -> str:
    seconds, rest = divmod(ms, 1000)
    return f"{seconds}_{rest:03d}" if rest else str(seconds)
