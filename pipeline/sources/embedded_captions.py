"""Captions inside a media file (as yt-dlp and recorders embed them), taken out with ffmpeg."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.engine.progress import Progress
from pipeline.models import CaptionKind
from pipeline.sources.fetched import Caption
from pipeline.text.languages.codes import same_language
from pipeline.transcript.captions.decode import decode
from pipeline.transcript.captions.parse import MOST_CAPTION_BYTES
from pipeline.transcript.captions.tracks import looks_automatic
from pipeline.video import ffmpeg
from pipeline.video.container_tags import TextTrack

_MOST_TRACKS = 24  # each is one pass through the file; films have a dozen languages
# ffmpeg ends a file at about the limit (-fs), its last packet more or less.
_PACKET_BYTES = 64 << 10
_PICTURES = "bitmap"  # ffmpeg's word when a track holds pictures of text, as on a DVD


def embedded_captions(
    video: Path,
    tracks: Sequence[TextTrack],
    work: Path,
    progress: Progress,
    wanted: str | None = None,
) -> tuple[tuple[Caption, ...], str]:
    """The text tracks of ``video`` as WebVTT files in ``work``, human ones first.

    Args:
        tracks: in the file's order (see ``Probe.subtitles``).
        progress: warned of tracks that could not be taken out.
        wanted: the language spoken, whose tracks go first.

    Returns:
        One for each language and kind; and what is missing because ffmpeg failed, in words ("":
        nothing). Of two in one language the one without descriptions of sounds is taken. Tracks
        that are empty, partial, or pictures of text (as on a DVD) are left out, the last two with a
        note.
    """
    missing = []
    unread = [f"{number} (partial)" for number, one in enumerate(tracks, 1) if one.partial]
    found: dict[tuple[str | None, CaptionKind], Caption] = {}
    whole = [(index, track) for index, track in enumerate(tracks) if not track.partial]
    whole.sort(key=lambda one: (not same_language(one[1].language, wanted), one[1].with_sounds))
    for index, track in whole[:_MOST_TRACKS]:
        target = work / f"embedded.{index}.vtt"
        if why := _extract(video, index, target):
            if _PICTURES in why:
                unread.append(f"{index + 1} (pictures of text)")
            else:
                missing.append(f"text track {index + 1} of {video.name}: {why}")
                progress.warn(f"left out: {missing[-1]}")
            continue
        text = decode(target.read_bytes(), track.language).text
        if "-->" in text:
            kind: CaptionKind = "auto" if looks_automatic(text) else "human"
            caption = Caption(path=target.name, language=track.language, kind=kind)
            found.setdefault((track.language, kind), caption)
    if unread:
        progress.note(f"text tracks of {video.name} that are not read: {', '.join(unread)}")
    if len(whole) > _MOST_TRACKS:
        progress.warn(f"{video.name} has {len(whole)} text tracks: {_MOST_TRACKS} were looked at")
    captions = tuple(sorted(found.values(), key=lambda caption: caption.kind == "auto"))
    return captions, "; ".join(missing)


def _extract(video: Path, index: int, target: Path) -> str:
    """Write one track to ``target``; "" when it worked, else why not."""
    target.parent.mkdir(parents=True, exist_ok=True)
    limit = str(MOST_CAPTION_BYTES)
    words = ("-map", f"0:s:{index}", "-f", "webvtt", "-fs", limit, str(target.absolute()))
    size = video.stat().st_size
    why = ""
    for _ in range(2):  # a program that was killed for want of memory may live the next time
        why = ffmpeg.run(ffmpeg.command(video, *words), size)
        if not why or "ended" not in why:
            break
    if not why and target.stat().st_size > MOST_CAPTION_BYTES - _PACKET_BYTES:
        return f"it has more than {MOST_CAPTION_BYTES >> 20} MB"
    return why
