"""Which version of a file a server gave, so that two versions are never joined to one.

A load that broke off is continued where it broke. If the file was replaced on the server in
between, the second half would belong to another video: so what the server says of the file (ETag,
Last-Modified, size; RFC 9110, 8.8) is written down with the first bytes and compared before more
are taken.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from pipeline.engine.files import write_atomic

_RECORD = "versions.json"
_RANGE = re.compile(r"bytes\s+(\d+)-(\d+)/(\d+|\*)", re.IGNORECASE)
_ASKED = re.compile(r"bytes=(\d+)-(\d*)", re.IGNORECASE)
_URI = re.compile(r'URI="([^"]*)"')


@dataclass(frozen=True)
class Version:
    """What an answer says of the whole file; None: it does not."""

    etag: str | None
    modified: str | None
    size: int | None

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> Version:
        """From the headers of a 200 or 206 answer."""
        etag = headers.get("ETag")
        served = ServedRange.of(headers)
        return cls(
            etag=etag.removeprefix("W/") if etag else None,
            modified=headers.get("Last-Modified"),
            size=served.total if served else _length(headers),
        )

    def agrees(self, other: Version) -> bool:
        """False where both tell the same thing differently."""
        pairs = (
            (self.etag, other.etag),
            (self.modified, other.modified),
            (self.size, other.size),
        )
        return all(one is None or two is None or one == two for one, two in pairs)


@dataclass(frozen=True)
class ServedRange:
    """The bytes of an answer with status 206: ``start`` to ``end`` (inclusive) of ``total``."""

    start: int
    end: int
    total: int | None

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> ServedRange | None:
        """From the header Content-Range; None without a proper one."""
        match = _RANGE.fullmatch((headers.get("Content-Range") or "").strip())
        if match is None:
            return None
        return cls(int(match[1]), int(match[2]), None if match[3] == "*" else int(match[3]))

    def rest(self, start: int) -> str:
        """The header for the same bytes from ``start`` on."""
        return f"bytes {start}-{self.end}/{'*' if self.total is None else self.total}"

    @property
    def reaches_end(self) -> bool:
        """Whether the last byte of the file is among them."""
        return self.total is None or self.end + 1 == self.total


@dataclass(frozen=True)
class ByteRange:
    """The bytes that a request asks for: from ``start`` to ``end`` (inclusive; None: the last)."""

    start: int
    end: int | None

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> ByteRange | None:
        """From the header Range; None: everything."""
        match = _ASKED.fullmatch((headers.get("Range") or "").strip())
        return cls(int(match[1]), int(match[2]) if match[2] else None) if match else None

    def before(self, count: int) -> str:
        """The header for the same bytes and ``count`` before them."""
        return f"bytes={self.start - count}-{'' if self.end is None else self.end}"

    def is_served(self, served: ServedRange | None, count: int) -> bool:
        """Whether ``served`` is all of it, and ``count`` bytes before it."""
        if served is None or served.start != self.start - count:
            return False
        return served.end == self.end or served.reaches_end


def _length(headers: Mapping[str, str]) -> int | None:
    length = headers.get("Content-Length") or ""
    return int(length) if length.isdecimal() and not headers.get("Content-Encoding") else None


class Versions:
    """``work/versions.json``: the version of each file that is being loaded, by its name."""

    def __init__(self, work: Path) -> None:
        self._path = work / _RECORD
        self._lock = threading.Lock()
        self._passing: dict[str, Version] = {}
        self._known: dict[str, Any] = {}
        try:
            known = json.loads(self._path.read_bytes())
            self._known = known if isinstance(known, dict) else {}
        except (OSError, ValueError):
            pass

    def get(self, name: str) -> Version | None:
        """What is known of ``name``."""
        if name in self._passing:
            return self._passing[name]
        try:
            return Version(**self._known[name])
        except (KeyError, TypeError):
            return None

    def put(self, name: str, version: Version, lasting: bool = True) -> None:
        """Keep the version of ``name``: also for the next run, or (not ``lasting``) for this."""
        if lasting:
            self._keep(name, vars(version))
        else:
            self._passing[name] = version

    def list_of(self, name: str) -> str | None:
        """The fingerprint of the list of pieces of ``name``."""
        found = self._known.get(f"{name} pieces")
        return found if isinstance(found, str) else None

    def put_list(self, name: str, fingerprint: str) -> None:
        """Write down which list ``name`` is put together from."""
        self._keep(f"{name} pieces", fingerprint)

    def _keep(self, key: str, value: Any) -> None:
        with self._lock:
            if self._known.get(key) != value:
                self._known[key] = value
                data = json.dumps(self._known, indent=2, sort_keys=True).encode()
                write_atomic(self._path, data + b"\n")


@dataclass(frozen=True)
class Pieces:
    """The pieces of a segmented video: their addresses in order, whether they are parts of larger
    files, and what tells this list from another (not the hosts and signatures in the addresses,
    which many sites change from one hour to the next)."""

    urls: tuple[str, ...]
    ranged: bool
    fingerprint: str

    @classmethod
    def of_playlist(cls, text: str, base: str) -> Pieces:
        """From an HLS media playlist that was loaded from ``base``."""
        urls: list[str] = []
        telling: list[str] = []
        for line in (line.strip() for line in text.splitlines()):
            uri = _URI.search(line)
            if line and not line.startswith("#"):
                urls.append(urljoin(base, line))
                telling.append(_last(line))
            elif line.startswith("#EXT-X-MAP") and uri:
                urls.append(urljoin(base, uri[1]))
                telling.append(_last(uri[1]))
            elif line.startswith(("#EXTINF", "#EXT-X-BYTERANGE", "#EXT-X-DISCONTINUITY")):
                telling.append(line)
        ranged = "BYTERANGE" in text
        return cls(tuple(urls), ranged, _mark(telling))

    @classmethod
    def of_fragments(cls, fragments: Sequence[Mapping[str, Any]], base: str) -> Pieces:
        """From yt-dlp's ``fragments`` of a DASH manifest."""
        urls = tuple(
            str(one.get("url") or urljoin(base, str(one.get("path", "")))) for one in fragments
        )
        lengths = [str(one.get("duration")) for one in fragments]
        return cls(urls, False, _mark([*map(_last, urls), *lengths]))


def _last(address: str) -> str:
    return urlsplit(address).path.rpartition("/")[2]


def _mark(lines: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()
