"""Which of a video's caption tracks to read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pipeline.model import CaptionTrack

Kind = Literal["human", "auto"]


def tracks_in_order(
    tracks: Sequence[CaptionTrack], kind: Kind, wanted: str | None
) -> list[CaptionTrack]:
    """The tracks of one kind, the best first.

    The language that is spoken comes before an unnamed one, then English, then the others, which
    are translations; within that, the order of the download.

    Args:
        tracks: all of the video's.
        kind: made by a person, or automatic.
        wanted: the language spoken (``en``, ``pt-BR``), None when it is not known.
    """
    return sorted(
        (track for track in tracks if track.kind == kind), key=lambda track: _rank(track, wanted)
    )


def base_language(tag: str | None) -> str | None:
    """The language of a tag without region or script: ``pt-BR`` gives ``pt``, None stays None."""
    return tag.replace("_", "-").split("-")[0].lower() or None if tag else None


def _rank(track: CaptionTrack, wanted: str | None) -> tuple[int, int]:
    language = base_language(track.language)
    if wanted and language == base_language(wanted):
        return 0, 0 if (track.language or "").lower() == wanted.lower() else 1
    if language is None:
        return 1, 0
    return (2, 0) if language == "en" else (3, 0)
