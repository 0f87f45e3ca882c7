"""A caption file at an address of its own (``download.captions_url``)."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from pipeline.engine.files import write_atomic
from pipeline.engine.progress import Progress
from pipeline.errors import SourceError
from pipeline.models import CaptionKind
from pipeline.settings.download import DownloadSettings
from pipeline.sources.fetched import Caption
from pipeline.sources.local import language_of_name
from pipeline.sources.ytdlp.download import session
from pipeline.sources.ytdlp.response_bodies import read_exactly
from pipeline.transcript.captions.decode import decode
from pipeline.transcript.captions.parse import MOST_CAPTION_BYTES, parse_captions
from pipeline.transcript.captions.tracks import looks_automatic


def given_captions(
    work: Path, settings: DownloadSettings, progress: Progress
) -> tuple[Caption, ...]:
    """The file at ``captions_url``, loaded into ``work``; empty where none is set.

    What it is, its content tells; which language, a name such as ``talk.en.vtt``.

    Raises:
        SourceError: it cannot be loaded, is too large, or holds no captions.
    """
    url = settings.captions_url
    if url is None:
        return ()
    folder = work / "given"  # beside the video's own files, which come and go
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with session(url, folder, settings, progress) as ydl, ydl.urlopen(url) as response:
            data = read_exactly(response, MOST_CAPTION_BYTES + 1)
    except SourceError as error:
        raise SourceError(f"download.captions_url: {error.message}", error.hint) from error
    if len(data) > MOST_CAPTION_BYTES:
        raise _no_captions(url, f"more than {MOST_CAPTION_BYTES >> 20} MB came")
    text = decode(data).text
    if not parse_captions(text).cues:
        raise _no_captions(url, "no cue was found in what came")
    path = folder / f"captions{_suffix(text)}"
    write_atomic(path, data)
    name = unquote(Path(urlsplit(url).path).name)
    kind: CaptionKind = "auto" if looks_automatic(text) else "human"
    return (Caption(path=f"{folder.name}/{path.name}", language=language_of_name(name), kind=kind),)


def _suffix(text: str) -> str:
    if text.lstrip("\ufeff \r\n").startswith("WEBVTT"):
        return ".vtt"
    return ".srt" if "-->" in text else ".sbv"


def _no_captions(url: str, reason: str) -> SourceError:
    return SourceError(
        f"{url} is no caption file: {reason}",
        "give the address of a .vtt, .srt or .sbv file (download.captions_url)",
    )
