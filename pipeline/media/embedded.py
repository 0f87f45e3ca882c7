"""Captions inside a media file (as yt-dlp and recorders embed them), taken out with ffmpeg."""

from __future__ import annotations

import subprocess
from pathlib import Path

from pipeline.media.fetched import Caption
from pipeline.media.sidecars import Kind, looks_automatic
from pipeline.media.tools import ffmpeg_path

_TIMEOUT_S = 600


def embedded_captions(
    video: Path, languages: tuple[str | None, ...], work: Path
) -> tuple[Caption, ...]:
    """The text tracks of ``video`` as WebVTT files in ``work``, human ones first.

    Args:
        languages: one for each text track, in the file's order (see ``Probe.subtitles``).

    Returns:
        One for each language and kind. Tracks that are empty, or pictures of text (as on a DVD),
        are left out.
    """
    found: dict[tuple[str | None, Kind], Caption] = {}
    for index, language in enumerate(languages):
        target = work / f"embedded.{index}.vtt"
        if not _extract(video, index, target):
            continue
        text = target.read_text("utf-8", errors="replace")
        if "-->" in text:
            kind: Kind = "auto" if looks_automatic(text) else "human"
            caption = Caption(path=target.name, language=language, kind=kind)
            found.setdefault((language, kind), caption)
    return tuple(sorted(found.values(), key=lambda caption: caption.kind == "auto"))


def _extract(video: Path, index: int, target: Path) -> bool:
    target.parent.mkdir(parents=True, exist_ok=True)
    command = [ffmpeg_path(), "-nostdin", "-v", "error", "-y", "-i", str(video)]
    command += ["-map", f"0:s:{index}", "-f", "webvtt", str(target)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
