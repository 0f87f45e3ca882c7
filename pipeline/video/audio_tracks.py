"""The audio tracks of a media file, and which of them is the lecture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import MediaError, UsageError
from pipeline.text.untrusted import plain_line
from pipeline.video.container_tags import language_of
from pipeline.video.safe_open import open_media


@dataclass(frozen=True)
class AudioTrack:
    """One audio track: ``number`` counts from 1 in the order of the file.

    ``language`` and ``title`` are what the container says, None and empty where it says nothing.
    ``aside`` marks a commentary or a description for blind people.
    """

    number: int
    channels: int
    language: str | None = None
    title: str = ""
    default: bool = False
    aside: bool = False

    def describe(self) -> str:
        """One line: ``2 (de, "Dubbed", stereo)``."""
        width = {1: "mono", 2: "stereo"}.get(self.channels, f"{self.channels} channels")
        parts = (self.language, f'"{self.title}"' if self.title else "", width)
        return f"{self.number} ({', '.join(part for part in parts if part)})"


def audio_tracks(path: Path) -> tuple[AudioTrack, ...]:
    """The audio tracks of ``path`` in the order of the file; empty when there are none.

    Raises:
        MediaError: the file cannot be opened.
    """
    import av
    from av.stream import Disposition

    asides = Disposition.comment | Disposition.visual_impaired
    try:
        with open_media(path) as container:
            return tuple(
                AudioTrack(
                    number=number,
                    channels=stream.codec_context.channels if stream.codec_context else 0,
                    language=language_of(stream),
                    title=plain_line(stream.metadata.get("title", "")),
                    default=bool(stream.disposition & Disposition.default),
                    aside=bool(stream.disposition & asides),
                )
                for number, stream in enumerate(container.streams.audio, start=1)
            )
    except av.FFmpegError as error:
        raise MediaError(
            f"the audio of {path} cannot be opened: {error.strerror}", "download it again"
        ) from error


def lecture_track(tracks: Sequence[AudioTrack], wanted: int | None, name: str) -> AudioTrack:
    """The track to transcribe: ``wanted`` by its number, else the one that a player would play.

    That is the first of those marked as default; without such a mark, the first that is neither
    commentary nor description.

    Args:
        tracks: all of the file's, at least one.
        wanted: counts from 1; None: the default.
        name: of the file, for the error.

    Raises:
        UsageError: there is no track of that number; the message lists those there are.
    """
    if wanted is None:
        return min(tracks, key=lambda track: (not track.default, track.aside, track.number))
    for track in tracks:
        if track.number == wanted:
            return track
    listed = ", ".join(track.describe() for track in tracks)
    raise UsageError(f"{name} has no audio track {wanted}", f"its audio tracks: {listed}")
