"""yt-dlp as we use it: held to the gate, and never joining two versions of one video."""

from __future__ import annotations

import itertools
import time
from pathlib import Path
from typing import Any

import yt_dlp
from yt_dlp.downloader import get_suitable_downloader
from yt_dlp.downloader.dash import DashSegmentsFD
from yt_dlp.downloader.hls import HlsFD
from yt_dlp.downloader.http import HttpFD
from yt_dlp.downloader.ism import IsmFD
from yt_dlp.networking import Request
from yt_dlp.networking.exceptions import (
    CertificateVerifyError,
    HTTPError,
    RequestError,
    TransportError,
)

from pipeline.errors import SourceError
from pipeline.sources.partial_files import drop_pieces
from pipeline.sources.ytdlp.errors import not_for_others, refuse_unavailable, refused
from pipeline.sources.ytdlp.proxy import AddressProxy
from pipeline.sources.ytdlp.response_bodies import BoundedBody, keep_all, read_exactly, tail
from pipeline.sources.ytdlp.versions import (
    ByteRange,
    Pieces,
    ServedRange,
    Version,
    Versions,
)
from pipeline.video.safe_open import open_media

# Those that load through ``urlopen`` alone; others start programs of their own (ffmpeg, rtmpdump).
_OWN_DOWNLOADERS = (HttpFD, HlsFD, DashSegmentsFD, IsmFD)


_PIECE = ".part-Frag"  # in the name of a piece's partial file
# Bytes loaded again to see that the rest belongs to them: one compressed frame or two.
_OVERLAP = 4096
_MOST_PAUSE_S = 60.0  # that a server may ask for; whoever waits longer thinks the program hangs


class ChangedError(Exception):
    """The video was replaced on the server during its download."""


class YtdlpSession(yt_dlp.YoutubeDL):  # type: ignore[misc]  # yt-dlp has no types
    """yt-dlp with every request in sight.

    Args:
        work: where partial files lie, and what is known of their versions.
        gate: every request goes through it, and no other program loads; None: free.
    """

    def __init__(self, options: dict[str, Any], work: Path, gate: AddressProxy | None) -> None:
        self._gate = gate
        self._work = work
        self._versions = Versions(work)
        self._partials: dict[str, str] = {}  # address -> name of the partial file that it fills
        self._ranged: set[str] = set()  # addresses of which pieces take a part
        self._is_bounded = True  # whether what is not known to be of a video must be small
        self.merges = False  # whether ffmpeg will put several files together
        super().__init__(options)

    def urlopen(self, req: Any) -> Any:
        """yt-dlp's way to the network, for everything."""
        request = Request(req) if isinstance(req, str) else req
        partial = self._partials.get(request.url)
        if partial is None:
            return self._page(request)
        if request.url in self._ranged:
            return self._part(request)
        return self._continued(request, partial)

    def raise_no_formats(self, info: Any, forced: bool = False, *, msg: Any = None) -> None:
        """Called where nothing can be loaded: the fields tell why better than yt-dlp's words."""
        refuse_unavailable(str(info.get("webpage_url") or info.get("original_url")), info)
        super().raise_no_formats(info, forced, msg=msg)

    def dl(self, name: str, info: Any, subtitle: bool = False, test: bool = False) -> Any:
        """Load one file or one row of pieces into ``name``."""
        if self._gate is not None:
            info.pop("section_start", None)  # for a part of a video yt-dlp would take ffmpeg
            info.pop("section_end", None)
        kind = get_suitable_downloader(info, self.params)
        if self._gate is not None and kind not in _OWN_DOWNLOADERS:
            raise not_for_others(info)
        self._is_bounded = subtitle or self._prepare(kind, Path(name), info)
        done = super().dl(name, info, subtitle, test)
        self._is_bounded = True
        if self.merges and not subtitle and Path(name).exists():
            _refuse_lists(Path(name), info)
        return done

    def _prepare(self, kind: Any, target: Path, info: Any) -> bool:
        """Learn what will be loaded, and remove what is left of another version of it.

        Returns:
            Whether that is known: the addresses of an endless manifest are not.
        """
        if kind is HlsFD:
            self._pieces(target, self._playlist(info), info)
        elif kind is DashSegmentsFD and isinstance(info.get("fragments"), list):
            base = str(info.get("fragment_base_url") or info["url"])
            self._pieces(target, Pieces.of_fragments(info["fragments"], base), info)
        elif kind is HttpFD and "Range" not in (info.get("http_headers") or {}):
            partial = target.with_name(f"{target.name}.part")
            self._partials[_plain(info["url"])] = partial.name
            if self._versions.get(partial.name) is None:
                partial.unlink(missing_ok=True)
            if target.exists() and not self._is_still(partial.name, info["url"], info):
                target.unlink()
        else:
            return False
        return True

    def _playlist(self, info: Any) -> Pieces:
        """The pieces of an HLS stream; what was read is what will be loaded."""
        text = info.get("hls_media_playlist_data")
        if not text:
            request = Request(info["url"], headers=info.get("http_headers") or {})
            with self.urlopen(request) as response:
                info["url"] = response.url
                text = response.read().decode("utf-8", "replace")
            info["hls_media_playlist_data"] = text
        if self._gate is not None and not HlsFD.can_download(text, info):
            raise not_for_others(info)
        return Pieces.of_playlist(text, info["url"])

    def _pieces(self, target: Path, pieces: Pieces, info: Any) -> None:
        partials = {
            _plain(url): f"{target.name}{_PIECE}{number}.part"
            for number, url in enumerate(pieces.urls, start=1)
        }
        self._partials |= partials
        self._ranged |= set(partials) if pieces.ranged else set()
        known = self._versions.list_of(target.name)
        first = target.with_name(f"{target.name}{_PIECE}1")
        if known != pieces.fingerprint or (
            first.exists() and not self._is_still(f"{first.name}.part", pieces.urls[0], info)
        ):
            drop_pieces(target)
            target.unlink(missing_ok=True)
        self._versions.put_list(target.name, pieces.fingerprint)

    def _is_still(self, partial: str, url: str, info: Any) -> bool:
        """Whether the server has the version that was loaded before."""
        known = self._versions.get(partial)
        if known is None:
            return False
        headers = {**(info.get("http_headers") or {}), "Accept-Encoding": "identity"}
        headers["Range"] = "bytes=0-0"  # only what the server says of it is wanted
        with self._send(Request(url, headers=headers)) as response:
            return known.agrees(Version.of(response.headers))

    def _continued(self, request: Any, partial: str) -> Any:
        """The answer for a whole file or piece, or for the rest of the version that is known."""
        asked = ByteRange.of(request.headers)
        if asked is None or not asked.start:
            return self._whole(request, partial)
        overlapping = request.copy()
        overlapping.headers["Range"] = asked.before(min(asked.start, _OVERLAP))
        try:
            response = self._send(overlapping)
        except HTTPError as error:
            if error.status != 416:
                raise
            return self._restart(request, partial)  # the file is shorter than what is there of it
        if self._goes_on(response, asked, partial):
            return response
        response.close()
        return self._restart(request, partial)

    def _goes_on(self, response: Any, asked: ByteRange, partial: str) -> bool:
        """Whether ``response``, from a little before what was asked for, is the rest of the partial
        file. If so, it is left at the byte that was asked for, and its headers say so.
        """
        known = self._versions.get(partial)
        served = ServedRange.of(response.headers) if response.status == 206 else None
        before = min(asked.start, _OVERLAP)
        if known is None or not known.agrees(Version.of(response.headers)):
            return False
        if served is None or not asked.is_served(served, before):
            return False
        keep_all(response)
        if read_exactly(response, before) != tail(self._work / partial, asked.start, before):
            return False
        response.headers.replace_header("Content-Range", served.rest(asked.start))
        if length := response.headers.get("Content-Length"):
            response.headers.replace_header("Content-Length", str(int(length) - before))
        return True

    def _restart(self, request: Any, partial: str) -> Any:
        """Ask for everything: yt-dlp then starts the file over."""
        if _PIECE in partial:  # the pieces that are there may be of the other version
            raise ChangedError
        whole = request.copy()
        whole.headers.pop("Range", None)
        return self._whole(whole, partial)

    def _whole(self, request: Any, partial: str) -> Any:
        response = self._send(request)
        kind = response.headers.get("Content-Type") or ""
        if _PIECE in partial and kind.startswith("text/html"):  # it would leave a hole
            response.close()
            raise SourceError(
                f"{request.url}: its server sends a page in place of a segment of the video",
                "run again later; what was downloaded is kept and continued",
            )
        # Of pieces only the first is asked for when a load is continued.
        lasting = _PIECE not in partial or partial.endswith(f"{_PIECE}1.part")
        self._versions.put(partial, Version.of(response.headers), lasting)
        keep_all(response)
        return response

    def _part(self, request: Any) -> Any:
        """The answer for a piece that is a part of a larger file: just this part will do."""
        asked = ByteRange.of(request.headers)
        response = self._send(request)
        served = ServedRange.of(response.headers) if response.status == 206 else None
        if asked is not None and not asked.is_served(served, 0):
            response.close()
            raise SourceError(
                f"{request.url}: its server does not send the requested part of the file",
                "try another format with download.format",
            )
        return response

    def _page(self, request: Any) -> Any:
        """A page, a playlist or captions; asked for again where the network or the server is down
        for a moment (of the video itself yt-dlp takes care)."""
        for attempt in itertools.count():
            try:
                response = self._send(request)
            except RequestError as error:
                pause_s = _pause_s(error, self.params["retry_sleep_functions"]["http"](attempt))
                if pause_s is None or attempt >= self.params["retries"] or request.data:
                    raise
                time.sleep(pause_s)
                continue
            break
        if self._is_bounded:
            response.fp = BoundedBody(response.fp, request.url)
        return response

    def _send(self, request: Any) -> Any:
        if self._gate is None:
            return super().urlopen(request)
        request.headers.pop("Ytdl-Request-Proxy", None)  # no page may choose another proxy
        request.proxies.clear()
        try:
            return super().urlopen(request)
        except RequestError as error:
            if reason := self._gate.take_refusal():
                raise refused(reason) from error
            raise


def _plain(url: str) -> str:
    """``url`` as yt-dlp sends it: escaped, without what needs not be."""
    return str(Request(url).url)


def _refuse_lists(part: Path, info: Any) -> None:
    """Before ffmpeg merges it: a "video" may be a list of other files, of this machine even."""
    import av

    try:
        open_media(part).close()
    except av.FFmpegError as error:
        part.unlink()
        drop_pieces(part)
        raise SourceError(
            f"{info.get('webpage_url') or info['url']}: one of its segments is neither video "
            f"nor audio: {error.strerror}",
            "try another format with download.format",
        ) from error


def _pause_s(error: RequestError, usual_s: float) -> float | None:
    """Seconds until a page is asked for again after ``error``; None: never."""
    if isinstance(error, HTTPError):
        if error.status not in (429, 500, 502, 503, 504):
            return None
        said = error.response.headers.get("Retry-After") or ""
        pause_s = float(said) if said.isdecimal() else usual_s
        return pause_s if pause_s <= _MOST_PAUSE_S else None
    lasting = isinstance(error, CertificateVerifyError) or "resolve" in str(error)
    return None if lasting or not isinstance(error, TransportError) else usual_s
