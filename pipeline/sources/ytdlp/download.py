"""Loading a video from a URL with yt-dlp: any site it knows, a direct link, HLS or DASH."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from pipeline.engine.progress import Progress
from pipeline.errors import ConfigError, MediaError, SourceError
from pipeline.redaction import keyless
from pipeline.settings.download import DownloadSettings
from pipeline.sources.address_guard import Exempt
from pipeline.sources.fetched import Caption, Fetched, title_of_name
from pipeline.sources.partial_files import clear_partials, repair_partials
from pipeline.sources.ytdlp.caption_tracks import SiteTrack, choose_tracks
from pipeline.sources.ytdlp.errors import refuse_list, refuse_live, source_error
from pipeline.sources.ytdlp.options import Megabytes, TooLargeError, ToProgress, parameters
from pipeline.sources.ytdlp.proxy import AddressProxy
from pipeline.video.metadata import VideoMetadata, details_of
from pipeline.video.remux import remux

log = logging.getLogger(__name__)

Info = dict[str, Any]

_COUNTED = re.compile(r" \(1\)$")
_VERSIONS = 3  # of a video that is replaced while it is downloaded


def load(
    url: str,
    work: Path,
    settings: DownloadSettings,
    progress: Progress,
    accept: Callable[[int | None], None],
) -> Fetched:
    """The video at ``url`` and its captions, loaded into ``work``; a broken load is continued.

    Args:
        accept: called with the duration in ms (None: not told) before the video is loaded; it
            raises to refuse.

    Raises:
        SourceError: nothing there, private, live, a playlist, or the connection keeps breaking.
    """
    from pipeline.sources.ytdlp.session import ChangedError

    work.mkdir(parents=True, exist_ok=True)
    for _ in range(_VERSIONS):
        repair_partials(work)
        try:
            return _load(url, work, settings, progress, accept)
        except ChangedError:
            progress.note("the video changed on its server; restarting the download")
            clear_partials(work)
        except TooLargeError as error:
            clear_partials(work)
            raise SourceError(f"{url}: {error.message}", error.hint) from error
    raise SourceError(f"{url}: the video keeps changing on its server", "run again later")


def _load(
    url: str,
    work: Path,
    settings: DownloadSettings,
    progress: Progress,
    accept: Callable[[int | None], None],
) -> Fetched:
    with session(url, work, settings, progress) as ydl:
        info = _the_video(ydl, url)
        refuse_live(url, info)
        seconds = info.get("duration")
        accept(round(seconds * 1000) if seconds else None)
        captions = _load_captions(ydl, info, work, settings, progress)
        path = _load_media(ydl, info, progress, settings.max_gib)
        log.info(
            "loaded %s by %s: format %s, %s s, %d bytes, %d caption tracks",
            info.get("webpage_url") or url,
            info.get("extractor"),
            info.get("format_id"),
            seconds,
            path.stat().st_size,
            len(captions),
        )
    return Fetched(
        path=path.name,
        details=_details(info),
        fallback_title=title_of_name(unquote(Path(urlsplit(url).path).stem))
        or (urlsplit(url).hostname or "video"),
        captions=captions,
    )


@contextlib.contextmanager
def session(
    url: str, work: Path, settings: DownloadSettings, progress: Progress, **more: Any
) -> Iterator[Any]:
    """yt-dlp, ready to load ``url``; what it raises comes out as one of our errors.

    Args:
        more: parameters of yt-dlp in place of ours.

    Raises:
        ConfigError: a proxy is set, and private addresses are to be refused.
    """
    from pipeline.sources.ytdlp.session import YtdlpSession

    logger = ToProgress(progress)
    with contextlib.ExitStack() as opened:
        gate = opened.enter_context(_gate(settings)) if _refuses(settings) else None
        options = parameters(settings, work, logger, gate.url if gate else None) | more
        opened.enter_context(keyless())  # yt-dlp starts ffmpeg and JavaScript engines
        opened.enter_context(_translated(url, logger, gate))
        yield opened.enter_context(YtdlpSession(options, work, gate))


def _refuses(settings: DownloadSettings) -> bool:
    return settings.private_addresses == "refuse"


def _gate(settings: DownloadSettings) -> AddressProxy:
    if settings.proxy:
        raise ConfigError(
            [
                "download.proxy: the proxy resolves names itself, so private addresses cannot be "
                "refused here; let the proxy refuse them, and set serve.private_addresses to allow"
            ]
        )
    return AddressProxy(Exempt.of(settings.private_hosts), settings.timeout_s)


@contextlib.contextmanager
def _translated(url: str, logger: ToProgress, gate: AddressProxy | None) -> Iterator[None]:
    """yt-dlp's exceptions as ours; what it logged last tells more than a slip of its own code."""
    import yt_dlp.utils
    from yt_dlp.networking.exceptions import RequestError

    try:
        yield
    except (yt_dlp.utils.YoutubeDLError, RequestError) as error:
        # Behind the gate yt-dlp hears of a broken proxy only.
        raise source_error(url, (gate and gate.problem) or str(error), error) from error
    except UnicodeError as error:  # a host name that cannot be one
        raise source_error(url, f"not a valid URL: {error}") from error
    except (ValueError, OSError, LookupError, TypeError, AttributeError) as error:
        raise source_error(url, logger.last_error or f"{type(error).__name__}: {error}") from error


def _the_video(ydl: Any, url: str) -> Info:
    """The information about the one video at ``url``; a page that holds just one counts as it."""
    info = ydl.extract_info(url, download=False)
    entries = _entries(info)
    if len(entries) == 1:
        info = ydl.process_ie_result(entries[0], download=False)
        entries = _entries(info)
    if entries or not info or info.get("_type", "video") != "video":
        refuse_list(url, info or {}, entries)
    return dict(info)


def _entries(info: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    if not info or info.get("_type") not in ("playlist", "multi_video"):
        return []
    return [entry for entry in info.get("entries") or () if entry]


def _load_media(ydl: Any, info: Info, progress: Progress, max_gib: float) -> Path:
    parts = info.get("requested_formats") or [info]
    sizes = [part.get("filesize") for part in parts]
    total = sum(sizes) if all(sizes) else None
    ydl.merges = len(parts) > 1
    ydl.add_progress_hook(Megabytes(progress, total, max_gib * (1 << 30)))
    done = ydl.process_ie_result(ydl.sanitize_info(info), download=True)
    downloads = done.get("requested_downloads") or ()
    if not downloads:
        raise SourceError(f"{info.get('webpage_url')}: nothing was downloaded", "run again")
    loaded = Path(downloads[0]["filepath"])
    # Pieces in a row are no file that can be sought in; merging has seen to that already. Done here
    # and not by yt-dlp, which would do it once more to a file it finds finished after a kill.
    in_pieces = len(parts) == 1 and str(info.get("protocol")) not in ("http", "https")
    if not in_pieces:
        return loaded
    try:
        return remux(loaded, loaded.with_name("whole"))
    except MediaError as error:
        clear_partials(loaded.parent)  # else the next run would put the same pieces together
        raise SourceError(
            f"{info.get('webpage_url')}: its segments form no playable video: {error.message}",
            "check the address in a browser, then run again",
        ) from error


def _load_captions(
    ydl: Any, info: Info, work: Path, settings: DownloadSettings, progress: Progress
) -> tuple[Caption, ...]:
    """The chosen tracks as files; one that fails to download is reported and left out."""
    loaded = []
    for track in choose_tracks(info, settings.caption_language):
        name = f"track.{track.kind}.{track.entry['ext']}"
        try:
            _load_track(ydl, info, track, work / name)
        except Exception as error:  # yt-dlp raises errors of many libraries here
            reason = " ".join(str(error).split())
            progress.warn(f"the {track.kind} captions ({track.language}) are missing: {reason}")
            continue
        loaded.append(Caption(path=name, language=track.language, kind=track.kind))
    return tuple(loaded)


def _load_track(ydl: Any, info: Info, track: SiteTrack, target: Path) -> None:
    if track.entry.get("data") is not None:
        target.write_text(track.entry["data"], encoding="utf-8")
        return
    target.unlink(missing_ok=True)  # an older one would be taken for it
    entry = {"http_headers": info.get("http_headers"), **track.entry}
    ydl.dl(str(target), entry, subtitle=True)
    if not target.is_file() or not target.stat().st_size:
        raise OSError("the server sent nothing")


def _details(info: Info) -> VideoMetadata:
    """The site's details; a bare file on a server has a name and a time, no title and no date."""
    details = details_of(info)
    if info.get("extractor_key") == "HTML5MediaEmbed":  # yt-dlp counts the videos of a page
        return details.model_copy(update={"title": _COUNTED.sub("", details.title or "")})
    if info.get("extractor_key") == "Generic":
        guessed = {"upload_date": None, "uploader": None}
        if info.get("direct") or info.get("title") == info.get("id"):
            guessed["title"] = None
        return details.model_copy(update=guessed)
    return details
