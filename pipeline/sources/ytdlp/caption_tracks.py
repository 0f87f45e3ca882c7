"""Which of a site's caption tracks to take: pure choice, no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.models import CaptionKind
from pipeline.text.languages.codes import same_language

_FORMATS = ("vtt", "srt", "sbv")
_NOT_CAPTIONS = frozenset({"live_chat", "danmaku", "rechat", "comments"})


@dataclass(frozen=True)
class SiteTrack:
    """A track to load: ``entry`` is yt-dlp's (url or data, ext, protocol)."""

    language: str
    kind: CaptionKind
    entry: Mapping[str, Any]


def choose_tracks(info: Mapping[str, Any], wanted: str | None) -> tuple[SiteTrack, ...]:
    """At most one human track and one automatic one, in that order.

    Args:
        info: yt-dlp's information about the video.
        wanted: the language to prefer; None: the video's own, as far as the site tells it.

    Returns:
        Human captions in the language; where the language is not known, the only or English or
        first ones. Automatic captions in the language that is spoken: a site's machine translations
        are taken only where their language was asked for. Empty when there are none.
    """
    human = _usable(info.get("subtitles"))
    automatic = _usable(info.get("automatic_captions"))
    spoken = _spoken(info, automatic)
    chosen: list[SiteTrack] = []
    if (language := _pick(human, wanted or spoken)) is not None:
        chosen.append(SiteTrack(language, "human", human[language]))
    original = {code: entry for code, entry in automatic.items() if not _translated(entry)}
    if wanted and not chosen and not any(same_language(code, wanted) for code in original):
        original = automatic
    if (language := _pick(original, wanted or spoken)) is not None:
        chosen.append(SiteTrack(language.removesuffix("-orig"), "auto", original[language]))
    return tuple(chosen)


def _usable(tracks: Any) -> dict[str, Mapping[str, Any]]:
    """Language to the best entry in a format that we read."""
    usable = {}
    for language, entries in (tracks or {}).items():
        if language not in _NOT_CAPTIONS and (entry := _best(entries)):
            usable[language] = entry
    return usable


def _best(entries: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    for ext in _FORMATS:
        for entry in entries:
            if entry.get("ext") == ext:
                return entry
    return None


def _spoken(info: Mapping[str, Any], automatic: Mapping[str, Any]) -> str | None:
    """The language of the speech: what the site says, else that of its recogniser's own track."""
    if info.get("language"):
        return str(info["language"])
    originals = [code for code in automatic if code.endswith("-orig")]
    return originals[0].removesuffix("-orig") if len(originals) == 1 else None


def _pick(tracks: Mapping[str, Any], language: str | None) -> str | None:
    """The exact code, its original form, or a variant (en-GB for en)."""
    if language is None:
        return next((code for code in ("en", *sorted(tracks)) if code in tracks), None)
    for code in (language, f"{language}-orig"):
        if code in tracks:
            return code
    return next((code for code in sorted(tracks) if same_language(code, language)), None)


def _translated(entry: Mapping[str, Any]) -> bool:
    return "tlang=" in str(entry.get("url", ""))
